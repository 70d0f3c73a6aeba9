// @ts-check
import { config } from "../../config.js";
import { make } from "../../shared/elements.js";
import { language, onLanguage } from "../../shared/language.js";
import { own } from "../../shared/own.js";
import { open, texts } from "../frame.js";
import { takeOver, verified } from "../session.js";

/** @typedef {import("../session.js").Claims} Claims */

/** @type {Claims | "gone" | "bad"} */ let session = "gone";

function render() {
  const { signedIn } = texts();
  if (typeof session === "string") {
    const [title, lead] = session === "gone" ? [signedIn.goneTitle, signedIn.goneLead] : [signedIn.badTitle, signedIn.badLead];
    return open(make("h1", {}, title), make("p", { class: "lead" }, lead), make("a", { class: "button main", href: "../" }, signedIn.login));
  }
  return open(
    make("span", { class: "sign good", "aria-hidden": "true" }, "✓"),
    make("h1", {}, signedIn.title), make("p", { class: "lead" }, signedIn.lead),
    facts(session),
    make("p", { class: "notice" }, signedIn.verified),
    make("button", { type: "button", class: "button", onclick: () => { session = "gone"; location.replace("../"); } }, signedIn.logout));
}

/** @param {Claims} claims */
function facts({ auth_time, amr, exp }) {
  const { signedIn } = texts();
  const moment = (/** @type {number} */ seconds) => new Date(seconds * 1000).toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
  const methods = amr.flatMap((name) => own(signedIn.methods, name) || []);
  const list = new Intl.ListFormat(language()).format([...new Set(methods)]);
  const rows = [[signedIn.at, moment(auth_time)], [signedIn.by, list], [signedIn.until, moment(exp)]];
  return make("dl", { class: "facts" }, ...rows.map(([term = "", value = ""]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))));
}

const handed = takeOver();
if (handed) session = await verified(handed, config).catch(() => /** @type {const} */ ("bad"));
onLanguage(render);
render();
