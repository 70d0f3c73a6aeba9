// @ts-check
import { make } from "./elements.js";
import { shared } from "./language.js";

const TRIAL = ".cloudfront.net";

/** Whether CloudFront named this host: an operator who later takes a domain loses every phone with the web app. @param {string} host */
const isTrial = (host) => host.toLowerCase().replace(/\.$/, "").endsWith(TRIAL);

/** Says at the top of a page that its address is for trying only, where it is. */
export function tellTrial() {
  const bar = document.querySelector(".bar");
  bar?.querySelector(".trial")?.remove();
  if (!bar || !isTrial(location.hostname)) return;
  bar.append(make("p", { class: "trial" }, shared().trial));
}
