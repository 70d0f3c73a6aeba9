// @ts-check
import { encodeQR } from "../vendor/qr/index.js";
import { draw } from "./elements.js";
import { shared } from "./language.js";

/** The free margin that a QR code needs, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** The dark and light modules of a QR code with its margin. @param {string} text */
const modulesOf = (text) => encodeQR(text, "raw", { ecc: "medium", border: QUIET_ZONE });

/** A QR code as a picture with a name; nothing for a text that is too long for one. @param {string} text @param {string} what */
export function qrPicture(text, what) {
  /** @type {boolean[][]} */ let modules;
  try { modules = modulesOf(text); } catch { return undefined; }
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return draw("svg", { class: "qr", viewBox: `0 0 ${modules.length} ${modules.length}`, role: "img", "aria-label": shared().qrCode(what), "shape-rendering": "crispEdges" },
    draw("rect", { width: modules.length, height: modules.length, fill: "#fff" }), draw("path", { d: path, fill: "#000" }));
}
