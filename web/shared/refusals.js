// @ts-check
import { make } from "./elements.js";
import { shared } from "./language.js";
import { own } from "./own.js";

/**
 * What a refusal means. The service says it in its `title`; these pages have words only for what happens on the device itself.
 *
 * @typedef {{ code: string, title?: string | undefined, requestId?: string | undefined, retryAfter?: number | undefined,
 *   attemptsLeft?: number | undefined }} Explainable
 */

/** Shorter waits than this are over before they are read, in seconds. */
const TOLD_WAIT = 5;
/** A hyphen that no line ends on: what a service says in plain letters is not torn apart on a narrow screen. */
const unbroken = (/** @type {string} */ text) => text.replace(/\b([Ee])-(?=[Mm]ail)/g, "$1\u2011");

/** The refusal in one or two sentences. @param {Explainable} refusal */
export function sentence({ code, title, retryAfter = 0, attemptsLeft = 0 }) {
  const texts = shared();
  const words = title || own(texts.refusals, code) || texts.refusals.unreadable_answer;
  return [unbroken(words), attemptsLeft > 0 && texts.attemptsLeft(attemptsLeft), retryAfter >= TOLD_WAIT && texts.again(texts.duration(retryAfter))]
    .filter(Boolean).join(" ");
}

/** The refusal as a page shows it: the sentences, and the number by which the helpdesk finds what happened. @param {Explainable} refusal */
export const explained = (refusal) => [sentence(refusal), refusal.requestId && make("span", { class: "reference" }, shared().reference(refusal.requestId))];
