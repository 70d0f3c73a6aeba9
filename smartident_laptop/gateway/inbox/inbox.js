// An inbox of this machine: asks once a second what is new and puts it on top. The page says where to ask (`data-messages`)
// and what stands there before the first message (`data-empty`); of a message it shows each member that has an element of
// that class.
const EVERY_MS = 1000;
const { messages: source, empty } = document.body.dataset;
const list = document.querySelector("#messages");
const state = document.querySelector("#state");
const pattern = document.querySelector("#message");
const clock = new Intl.DateTimeFormat("de", { timeStyle: "medium" });
let last = 0;

/** A text whose addresses can be tapped. */
function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, odd) => {
    if (odd % 2 === 0) return part;
    const link = document.createElement("a");
    [link.href, link.textContent, link.rel] = [part, part, "noreferrer"];
    return link;
  });
}

function show({ number, sent_at: sentAt, ...members }) {
  const item = pattern.content.cloneNode(true);
  const [time, button] = [item.querySelector("time"), item.querySelector("button")];
  const sent = new Date(sentAt * 1000);
  [time.textContent, time.dateTime] = [clock.format(sent), sent.toISOString()];
  for (const [name, text] of Object.entries(members)) item.querySelector(`.${name}`)?.append(...linked(text));
  const code = /\b\d{6}\b/.exec(members.text)?.[0];
  if (button && code) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code);
      button.textContent = "Kopiert";
    });
  }
  list.prepend(item);
  last = Math.max(last, number);
}

async function look() {
  try {
    const answer = await fetch(`${source}?since=${last}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const { messages } = await answer.json();
    messages.forEach(show);
    state.textContent = list.childElementCount ? "" : empty;
  } catch {
    state.textContent = "Der Dienst antwortet nicht. Läuft „make run“ noch?";
  }
  setTimeout(look, EVERY_MS);
}

look();
