// The page of an application that is not FinanceApp: its own server (smartident_laptop/demo) speaks OpenID Connect.
import { focusHeading, keepingInput, make, show } from "/shared/elements.js";
import { language, onLanguage, speak } from "/shared/language.js";
import { own } from "/shared/own.js";
import { busy, languages } from "/shared/pieces.js";
import { de, en } from "/demo/texts.js";

const ASK_EVERY_MS = 1000;
const view = document.getElementById("view");
const texts = () => speak({ de, en });
let told = { person: null, notice: "" };

function render() {
  const { product, footer } = texts();
  document.getElementById("product").replaceChildren(product);
  document.getElementById("footer").replaceChildren(footer);
  show(view, told.person ? signedIn(told.person) : signedOut(), product);
}

function signedOut() {
  const { title, lead, login, quiet, quietHint, notices, failed } = texts();
  const notice = told.notice && (own(notices, told.notice) ?? failed(told.notice));
  return [
    make("h1", {}, title), make("p", { class: "lead" }, lead),
    notice && make("p", { class: told.notice === "left" ? "notice" : "notice warn", role: "status", id: "notice" }, notice),
    make("div", { class: "choices" },
      make("a", { class: "button main", id: "login", href: "/demo/login" }, login),
      make("a", { class: "button", id: "quiet", href: "/demo/login?quiet=1" }, quiet)),
    make("p", { class: "hint" }, quietHint),
  ];
}

function signedIn({ name, preferred_username: number, auth_time: at, amr, sid }) {
  const { welcome, welcomeLead, person, accessNumber, since, by, session, methods, logout, everywhere } = texts();
  const moment = new Date(at * 1000).toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
  const used = new Intl.ListFormat(language()).format([...new Set(amr.flatMap((method) => own(methods, method) ?? []))]);
  const rows = [[person, name], [accessNumber, number], [since, moment], [by, used], [session, sid]].filter(([, value]) => value);
  return [
    make("span", { class: "sign good", "aria-hidden": "true" }, "✓"),
    make("h1", {}, welcome), make("p", { class: "lead" }, welcomeLead),
    make("dl", { class: "facts" }, ...rows.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, value)))),
    make("p", { class: "notice" }, everywhere),
    make("button", { type: "button", class: "button", id: "logout", onclick: ({ currentTarget }) => busy(currentTarget, leave) }, logout),
  ];
}

async function leave() {
  const answer = await fetch("/demo/logout", { method: "POST" });
  location.assign((await answer.json()).location);
}

/** Asks the application's server whether the session still is: smartIDENT tells it when that ends elsewhere. */
async function ask() {
  const answer = await fetch("/demo/session").catch(() => undefined);
  if (!answer?.ok) return;
  const next = await answer.json();
  if (JSON.stringify(next) === JSON.stringify(told)) return;
  const moved = Boolean(next.person) !== Boolean(told.person);
  told = next;
  keepingInput(view, render);
  if (moved) focusHeading(view);
}

const around = () => document.getElementById("languages").replaceChildren(languages());
onLanguage(() => { around(); render(); });
around();
render();
await ask();
setInterval(() => { if (!document.hidden && told.person) ask(); }, ASK_EVERY_MS);
