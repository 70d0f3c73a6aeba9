// @ts-check
/** The service's clock: this device's own, corrected by what the service says. */

let correction = 0;

/** @param {number} serverTime epoch seconds, as the service just said */
export const correctClock = (serverTime) => { correction = serverTime - Math.floor(Date.now() / 1000); };

/** Epoch seconds. */
export const correctedNow = () => Math.floor(Date.now() / 1000) + correction;

/** A moment of the service's clock on this device's. @param {number} seconds */
export const localTime = (seconds) => new Date((seconds - correction) * 1000);
