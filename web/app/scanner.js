// @ts-check
import { make } from "../shared/elements.js";
import { openDialog, texts } from "./frame.js";

/** The QR code of the page that waits for a login says exactly this, that of a new phone that, and that of a letter is a link. */
export const LOGIN_CODE = /^SMARTIDENT:(\d{4,10})$/;
export const PAIRING_CODE = /^SMARTIDENT-PAIRING:([\w-]{22})$/;
export const ENROLMENT_LINK = /#\/enrolment-code\/([0-9A-Z-]{10,19}\.[^/#?\s]{1,250})$/;
const QR_CODE = "qr_code";
/** In milliseconds. */
const LOOK_EVERY = 200;
/** The longer side of a picture that is read, in pixels. */
const LARGEST = 720;

/** Whether this device can scan at all. */
export const canScan = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** What the QR code before the camera holds, of those that look as asked; nothing when the person closes it. Throws when there is no
 * camera. @param {RegExp} wanted @param {string} words what to point the camera at @returns {Promise<string | undefined>} */
export async function scanCode(wanted, words) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const video = make("video", { playsinline: true });
  video.muted = true;
  video.srcObject = stream;
  const stop = make("button", { type: "button", class: "button wide" }, texts().request.stop);
  const dialog = make("dialog", { class: "scanner", "aria-labelledby": "scan" }, make("p", { id: "scan" }, words), video, stop);
  const closed = new Promise((resolve) => {
    stop.addEventListener("click", () => resolve(undefined));
    openDialog(dialog, () => resolve(undefined));
  });
  try {
    await video.play();
    return await Promise.race([closed, look(video, dialog, wanted)]);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    dialog.close();
    dialog.remove();
  }
}

/** @typedef {(video: HTMLVideoElement) => Promise<string[]>} Reader */

/** @param {HTMLVideoElement} video @param {HTMLDialogElement} dialog @param {RegExp} wanted */
async function look(video, dialog, wanted) {
  let read = (await browserReader()) ?? (await ownReader());
  while (dialog.isConnected) {
    const seen = await read(video).catch(async () => { read = await ownReader(); return []; });
    for (const text of seen) {
      const [, code] = wanted.exec(text) ?? [];
      if (code) return code;
    }
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY); });
  }
  return undefined;
}

/** The browser's own reader; Safari and Firefox have none. @returns {Promise<Reader | undefined>} */
async function browserReader() {
  try {
    const { BarcodeDetector } = /** @type {any} */ (globalThis);
    const formats = (await BarcodeDetector.getSupportedFormats?.()) ?? [QR_CODE];
    if (!formats.includes(QR_CODE)) return undefined;
    const detector = new BarcodeDetector({ formats: [QR_CODE] });
    return async (video) => (await detector.detect(video)).map((/** @type {{ rawValue: string }} */ { rawValue }) => rawValue);
  } catch { return undefined; }
}

/** Ours, loaded only now. @returns {Promise<Reader>} */
async function ownReader() {
  const { decodeQR } = await import("../vendor/qr/decode.js");
  const canvas = document.createElement("canvas");
  return async (video) => {
    const image = frameOf(video, canvas);
    try { return image ? [decodeQR(image)] : []; } catch { return []; }
  };
}

/** What the camera sees now, no larger than it takes to read a code. @param {HTMLVideoElement} video @param {HTMLCanvasElement} canvas */
function frameOf(video, canvas) {
  const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight, 1));
  const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || width === 0 || height === 0) return undefined;
  [canvas.width, canvas.height] = [width, height];
  context.drawImage(video, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
