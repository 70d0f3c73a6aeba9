// @ts-check
import { make } from "../shared/elements.js";
import { root, texts } from "./frame.js";

/** The QR code of the waiting page says exactly this. */
const SCANNED = /^SMARTIDENT:(\d{4,10})$/;

/** Whether this device can scan at all. */
export const canScan = () => "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices);

/** The transfer code in the QR code before the camera; nothing when the person closes it. Throws when there is no camera.
 * @returns {Promise<string | undefined>} */
export async function scanCode() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const video = make("video", { playsinline: true, muted: true });
  video.srcObject = stream;
  const stop = make("button", { type: "button", class: "button wide" }, texts().request.stop);
  const dialog = make("dialog", { class: "scanner", "aria-labelledby": "scan" }, make("p", { id: "scan" }, texts().request.scanning), video, stop);
  root.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) => {
    stop.addEventListener("click", () => resolve(undefined));
    dialog.addEventListener("cancel", () => resolve(undefined));
  });
  try {
    await video.play();
    return await Promise.race([closed, look(video, dialog)]);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    dialog.close();
    dialog.remove();
  }
}

/** @param {HTMLVideoElement} video @param {HTMLDialogElement} dialog */
async function look(video, dialog) {
  const detector = new (/** @type {any} */ (globalThis).BarcodeDetector)({ formats: ["qr_code"] });
  while (dialog.isConnected) {
    for (const { rawValue } of await detector.detect(video).catch(() => [])) {
      const [, code] = SCANNED.exec(rawValue) ?? [];
      if (code) return code;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return undefined;
}
