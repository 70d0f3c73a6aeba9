// @ts-check
import { make } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { confirmed, texts } from "../frame.js";

/** Ends the account's sessions in all browsers. @param {boolean} done @param {() => Promise<void>} signOut */
export function signOutSection(done, signOut) {
  const { account: words } = texts();
  const ask = async () => {
    if (await confirmed({ title: words.signOutAsk, lead: words.signOutLead, yes: words.signOut, no: words.keep })) await signOut();
  };
  return make("section", { class: "tight", "aria-labelledby": "sessions" }, make("h2", { id: "sessions" }, words.sessions), make("p", { class: "hint" }, words.sessionsLead),
    make("button", { type: "button", class: "button", id: "sign-out", onclick: ({ currentTarget }) => busy(currentTarget, ask) }, words.signOut),
    make("p", { class: "hint", role: "status" }, done && words.signedOut));
}
