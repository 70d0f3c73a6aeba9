// The e-mail inbox: asks once a second what is new and puts it on top. It shows the text, which says what the HTML says.
const EVERY_MS = 1000;
const list = document.querySelector("#messages");
const state = document.querySelector("#state");
const pattern = document.querySelector("#message");
const clock = new Intl.DateTimeFormat("de", { timeStyle: "medium" });
let last = 0;

function show({ number, address, subject, text, sent_at: sentAt }) {
  const item = pattern.content.cloneNode(true);
  const time = item.querySelector("time");
  const sent = new Date(sentAt * 1000);
  item.querySelector(".address").textContent = address;
  item.querySelector(".subject").textContent = subject;
  item.querySelector(".text").textContent = text;
  time.textContent = clock.format(sent);
  time.dateTime = sent.toISOString();
  list.prepend(item);
  last = Math.max(last, number);
}

async function look() {
  try {
    const answer = await fetch(`/mail.json?since=${last}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const { messages } = await answer.json();
    messages.forEach(show);
    state.textContent = list.childElementCount ? "" : "Noch keine E-Mail.";
  } catch {
    state.textContent = "Der Dienst antwortet nicht. Läuft „make run“ noch?";
  }
  setTimeout(look, EVERY_MS);
}

look();
