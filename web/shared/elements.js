// @ts-check
/**
 * Elements from plain calls: text is always text, never markup.
 *
 * @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Value
 * @typedef {Node | string | number | false | null | undefined} Child
 */

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; a function among the properties listens to the event it is named after (`onclick`).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, Value>} [properties] @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]} */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  dress(element, properties);
  element.append(...shown(children));
  return element;
}

/** An SVG element. @param {string} tag @param {Record<string, Value>} [properties] @param {...Child} children */
export function draw(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  dress(element, properties);
  element.append(...shown(children));
  return element;
}

/** @param {Element} element @param {Record<string, Value>} properties */
function dress(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
}

/** Shows something else in an element. @param {Element} element @param {Child[]} children */
export const replace = (element, children) => element.replaceChildren(...shown(children));

/** @param {Child[]} children @returns {(Node | string)[]} */
function shown(children) {
  return children.filter((child) => child !== false && child !== null && child !== undefined)
    .map((child) => (typeof child === "number" ? String(child) : /** @type {Node | string} */ (child)));
}

/** Draws a view again without losing what was typed, opened or focused. @param {Element} root @param {() => void} render */
export function keepingInput(root, render) {
  const typed = new Map([...root.querySelectorAll("input")].map((input) => [input.name, input.value]));
  const opened = [...root.querySelectorAll("details")].map((details) => details.open);
  const focused = root.contains(document.activeElement) ? document.activeElement : undefined;
  render();
  for (const input of root.querySelectorAll("input")) input.value = typed.get(input.name) ?? input.value;
  root.querySelectorAll("details").forEach((details, at) => { details.open = opened[at] ?? details.open; });
  const same = focused?.id ? document.getElementById(focused.id) : undefined;
  if (same) same.focus();
  else if (focused) focusHeading(root);
}

/** Shows a view; its heading names the page. @param {Element} root @param {Child[]} children @param {string} product */
export function show(root, children, product) {
  root.replaceChildren(...shown(children));
  const heading = root.querySelector("h1");
  document.title = heading ? `${heading.textContent} · ${product}` : product;
}

/** Says a view that just came: the focus goes to its heading. @param {Element} root */
export function focusHeading(root) {
  const heading = root.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
