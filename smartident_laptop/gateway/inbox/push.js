// The push inbox: asks once a second what is new and puts it on top. What a message says, only its phone can read.
const EVERY_MS = 1000;
const list = document.querySelector("#messages");
const state = document.querySelector("#state");
const pattern = document.querySelector("#message");
const clock = new Intl.DateTimeFormat("de", { timeStyle: "medium" });
let last = 0;

function show({ number, subscription, topic, ttl, urgency, body, sent_at: sentAt }) {
  const item = pattern.content.cloneNode(true);
  const time = item.querySelector("time");
  const sent = new Date(sentAt * 1000);
  item.querySelector(".subscription").textContent = subscription;
  item.querySelector(".text").textContent = `Topic ${topic}, TTL ${ttl}, Urgency ${urgency}, ${Math.floor(body.length * 0.75)} Bytes verschlüsselt`;
  time.textContent = clock.format(sent);
  time.dateTime = sent.toISOString();
  list.prepend(item);
  last = Math.max(last, number);
}

async function look() {
  try {
    const answer = await fetch(`/push.json?since=${last}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const { messages } = await answer.json();
    messages.forEach(show);
    state.textContent = list.childElementCount ? "" : "Noch keine Push-Nachricht.";
  } catch {
    state.textContent = "Der Dienst antwortet nicht. Läuft „make run“ noch?";
  }
  setTimeout(look, EVERY_MS);
}

look();
