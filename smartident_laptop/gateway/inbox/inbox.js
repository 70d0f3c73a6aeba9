// The SMS inbox: asks once a second what is new and puts it on top.
const EVERY_MS = 1000;
const list = document.querySelector("#messages");
const state = document.querySelector("#state");
const pattern = document.querySelector("#message");
const clock = new Intl.DateTimeFormat("de", { timeStyle: "medium" });
let last = 0;

function show({ number, phone, text, sent_at: sentAt }) {
  const item = pattern.content.cloneNode(true);
  const time = item.querySelector("time");
  const sent = new Date(sentAt * 1000);
  item.querySelector(".phone").textContent = phone;
  item.querySelector(".text").textContent = text;
  time.textContent = clock.format(sent);
  time.dateTime = sent.toISOString();
  const button = item.querySelector("button");
  const code = /\b\d{6}\b/.exec(text)?.[0];
  button.hidden = !code;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code);
    button.textContent = "Kopiert";
  });
  list.prepend(item);
  last = Math.max(last, number);
}

async function look() {
  try {
    const answer = await fetch(`/sms.json?since=${last}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const { messages } = await answer.json();
    messages.forEach(show);
    state.textContent = list.childElementCount ? "" : "Noch keine SMS.";
  } catch {
    state.textContent = "Der Dienst antwortet nicht. Läuft „make run“ noch?";
  }
  setTimeout(look, EVERY_MS);
}

look();
