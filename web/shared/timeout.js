// @ts-check
/** A signal that aborts after so many milliseconds; Safari has `AbortSignal.timeout` since 16 only. @param {number} milliseconds */
export function timeout(milliseconds) {
  if ("timeout" in AbortSignal) return AbortSignal.timeout(milliseconds);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}

/** What a promise gives, or nothing when it keeps silent for too long. @template T @param {Promise<T>} promise @param {number} milliseconds
 * @returns {Promise<T | undefined>} */
export const within = (promise, milliseconds) =>
  Promise.race([promise, new Promise((resolve) => { setTimeout(() => resolve(undefined), milliseconds); })]);
