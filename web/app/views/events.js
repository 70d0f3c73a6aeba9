// @ts-check
import { make } from "../../shared/elements.js";
import { own } from "../../shared/own.js";
import { busy } from "../../shared/pieces.js";
import { localTime } from "../clock.js";
import { momentWords, texts } from "../frame.js";
import { browserName } from "../words.js";

/**
 * @typedef {{ event_id: string, type: string, at: number, device_id: string | null, login_id: string | null, browser: string | null,
 *   os: string | null, ip: string | null, origin: string | null, reason: string | null }} Event
 */

/** What happened to an account, newest first. @param {Event[]} events @param {(() => Promise<unknown>) | undefined} more */
export function eventsSection(events, more) {
  const { account: words } = texts();
  const older = more && make("button", { type: "button", class: "button quiet wide", onclick: ({ currentTarget }) => busy(currentTarget, more) }, words.more);
  return make("section", { class: "tight", "aria-labelledby": "events" }, make("h2", { id: "events" }, words.events),
    events.length ? make("ol", { class: "events" }, ...events.map(line)) : make("p", { class: "hint" }, words.noEvents), older);
}

/** @param {Event} event */
function line({ type, at, browser, os, ip, reason }) {
  const { account: words } = texts();
  const what = own(words.types, type) ?? type;
  const why = reason && (own(words.reasons, reason) ?? reason);
  const where = [browserName(browser, os), ip].filter(Boolean).join(" · ");
  return make("li", { class: type === "login_denied" || type === "device_revoked" ? "bad" : "" },
    make("span", {}, make("strong", {}, what), why && ` (${why})`), make("time", { class: "hint", datetime: new Date(at * 1000).toISOString() }, momentWords(localTime(at))),
    where && make("span", { class: "hint" }, where));
}
