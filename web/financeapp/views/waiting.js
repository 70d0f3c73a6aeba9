// @ts-check
import { config } from "../../config.js";
import { make } from "../../shared/elements.js";
import { safeAddress } from "../../shared/links.js";
import { loginMark } from "../../shared/login_mark.js";
import { countdown } from "../../shared/pieces.js";
import { isPhone } from "../../shared/platform.js";
import { qrPicture } from "../../shared/qr_picture.js";
import { texts } from "../frame.js";

/** @typedef {import("../../smartident.js").Login} Login */

/** So long people look for their phone before they wonder, in milliseconds. */
const DOUBT_AFTER = 20_000;

/** The login waits for its phone. @param {{ login: Login, lifetime: number, since: number, again: () => void }} shown */
export function waitingView({ login, lifetime, since, again }) {
  const { waiting } = texts();
  const app = isPhone() ? safeAddress(config.appLinks.web) : undefined;
  return [
    make("h1", {}, waiting.title),
    make("p", { class: "lead" }, waiting.lead),
    login.transferCode && transfer(login.transferCode),
    make("p", { class: "hint" }, `${waiting.colour} `, loginMark(login.id)),
    countdown(login.expiresAt, lifetime),
    news(login),
    make("div", { class: "actions" },
      app && make("a", { class: "button here", target: "_blank", rel: "noopener noreferrer",
        href: `${app}#/request/${encodeURIComponent(login.id)}` }, waiting.here),
      make("button", { type: "button", class: "button danger", onclick: () => login.cancel() }, waiting.cancel)),
    doubt(login, since, again),
    make("details", {}, make("summary", {}, waiting.help),
      make("ul", {}, ...waiting.helps.map((help) => make("li", {}, help)))),
    make("p", { class: "hint" }, waiting.safety),
  ];
}

/** The code to type, and to scan inside the app. The picture says only the code: no link, so no camera opens anything.
 * @param {string} code */
function transfer(code) {
  const { waiting } = texts();
  const digits = code.replace(/\s/g, "");
  // Where the browser lets nobody copy there is nothing to press.
  const copy = navigator.clipboard && make("button", { type: "button", class: "button quiet", onclick: async ({ currentTarget }) => {
    await navigator.clipboard.writeText(digits).then(() => { currentTarget.textContent = waiting.copied; }, () => {});
  } }, waiting.copy);
  return make("section", { class: "transfer", "aria-labelledby": "transfer-title" },
    make("div", { class: "tight" },
      make("h2", { id: "transfer-title" }, waiting.code),
      make("p", { class: "code digits", id: "transfer-code" }, code),
      make("p", { class: "hint" }, waiting.codeLead), copy),
    make("figure", {}, qrPicture(`SMARTIDENT:${digits}`, waiting.code), make("figcaption", { class: "hint" }, waiting.scan)));
}

/** What happens just now, said aloud when it changes. @param {Login} login */
function news(login) {
  const line = make("p", { class: "news", role: "status" });
  const tell = () => {
    const { waiting } = texts();
    const what = login.status === "approved" ? "approved" : login.connection;
    line.className = `news ${what}`;
    if (line.textContent !== waiting[what]) line.textContent = waiting[what];
  };
  login.addEventListener("status", tell);
  login.addEventListener("connection", tell);
  tell();
  return line;
}

/** What may be wrong when nothing comes, and the way back. No page knows whether the password was right: each says the same.
 * @param {Login} login @param {number} since @param {() => void} again */
function doubt(login, since, again) {
  const { waiting } = texts();
  const words = make("p", { role: "status" });
  const place = make("div", { class: "doubt unseen" }, words);
  const tell = () => {
    if (login.status !== "pending") return;
    place.className = "doubt notice";
    words.textContent = waiting.doubt;
    place.append(make("button", { type: "button", class: "button", id: "again", onclick: again }, waiting.again));
  };
  const wait = since + DOUBT_AFTER - Date.now();
  if (wait > 0) setTimeout(tell, wait);
  else tell();
  login.addEventListener("status", () => place.remove());
  return place;
}
