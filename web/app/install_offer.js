// @ts-check
/** The browser's offer to install the app: it can be taken once. @type {any} */ let offer;

/** Told when the offer comes or goes. @param {() => void} changed */
export function watchInstallOffer(changed) {
  addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offer = event; changed(); });
  addEventListener("appinstalled", () => { offer = undefined; changed(); });
}

export const canInstall = () => Boolean(offer);

/** Takes the offer; it is gone whatever the person decides. */
export async function install() {
  const taken = offer;
  offer = undefined;
  try { await taken?.prompt(); } catch { /* the browser has withdrawn it */ }
}
