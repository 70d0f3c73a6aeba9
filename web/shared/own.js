// @ts-check
/** What an object itself holds under a name that came from outside: nothing for `constructor` and `__proto__`.
 * @template T @param {Readonly<Record<string, T>>} object @param {string} name @returns {T | undefined} */
export const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);
