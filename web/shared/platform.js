// @ts-check
/** What runs these pages, as far as it says so. */

const agent = () => navigator.userAgent;

/** iPhone, iPod, iPad; an iPad calls itself a Mac, but no Mac has a touch screen. */
export const isApple = () => /iPhone|iPad|iPod/.test(agent()) || (/Macintosh/.test(agent()) && navigator.maxTouchPoints > 1);

export const isAndroid = () => /Android/.test(agent());

/** Whether this is likely to be the phone or tablet that a person approves with. */
export const isPhone = () => isApple() || isAndroid() || matchMedia("(pointer: coarse) and (hover: none)").matches;

/** Whether the app was opened from the home screen or the list of programs, not in a browser's tab. */
export const isInstalled = () =>
  /** @type {any} */ (navigator).standalone === true || ["standalone", "fullscreen", "minimal-ui"].some((mode) => matchMedia(`(display-mode: ${mode})`).matches);

/** The system's name, as people call their device by it. @returns {"iPhone" | "iPad" | "Android" | "Windows" | "Mac" | "Chromebook" | "Linux" | undefined} */
export function deviceKind() {
  if (isApple()) return /iPhone|iPod/.test(agent()) ? "iPhone" : "iPad";
  const kinds = /** @type {const} */ ([["Android", /Android/], ["Windows", /Windows/], ["Mac", /Mac OS X/], ["Chromebook", /CrOS/], ["Linux", /Linux/]]);
  return kinds.find(([, mark]) => mark.test(agent()))?.[0];
}

/** The model of an Android phone, where the browser tells it ("Pixel 9"). @returns {Promise<string | undefined>} */
export async function deviceModel() {
  try {
    const { model } = await /** @type {any} */ (navigator).userAgentData.getHighEntropyValues(["model"]);
    return typeof model === "string" && /^[\w .+-]{2,32}$/.test(model) && model.length > 2 ? model : undefined;
  } catch { return undefined; }
}
