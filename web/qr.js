// @ts-check
/**
 * QR codes after ISO/IEC 18004: versions 1 to 10, error correction level M, alphanumeric or byte mode.
 * Enough for a transfer code or a store link, and small enough to read in one go.
 *
 * @typedef {{ version: number, size: number, mask: number, modules: boolean[][] }} Code
 * @typedef {{ size: number, cells: boolean[][], fixed: boolean[][] }} Grid
 */

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** Level M by version: [check bytes per block, blocks, data bytes of a short block, blocks that hold one byte more]. */
const BLOCKS = /** @type {const} */ ([
  [10, 1, 16, 0], [16, 1, 28, 0], [26, 1, 44, 0], [18, 2, 32, 0], [24, 2, 43, 0],
  [16, 4, 27, 0], [18, 4, 31, 0], [22, 4, 38, 2], [22, 5, 36, 2], [26, 5, 43, 1],
]);
const ALIGNED = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
/** @type {((row: number, column: number) => boolean)[]} */
const MASKS = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (_, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let at = 0, value = 1; at < 255; at++, value = (value << 1) ^ (value & 0x80 ? 0x11d : 0)) {
  EXP[at] = EXP[at + 255] = value;
  LOG[value] = at;
}

/** The code for a text; throws a RangeError when it is too long. @param {string} text @returns {Code} */
export function encode(text) {
  const { version, data } = pack(text);
  const bits = interleave(version, data);
  const candidates = MASKS.map((_, mask) => draw(version, mask, bits));
  const scores = candidates.map(penalty);
  const mask = scores.indexOf(Math.min(...scores));
  const modules = /** @type {boolean[][]} */ (candidates[mask]);
  return { version, size: modules.length, mask, modules };
}

/** The text as data bytes of the smallest version that holds it. @param {string} text */
function pack(text) {
  const plain = [...text].every((character) => ALPHANUMERIC.includes(character));
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= BLOCKS.length; version++) {
    const [, blocks, short, longer] = /** @type {typeof BLOCKS[number]} */ (BLOCKS[version - 1]);
    const capacity = blocks * short + longer;
    /** @type {number[]} */ const bits = [];
    const put = (/** @type {number} */ value, /** @type {number} */ length) => {
      for (let at = length - 1; at >= 0; at--) bits.push((value >> at) & 1);
    };
    if (plain) putAlphanumeric(text, version, put);
    else { put(4, 4); put(bytes.length, version < 10 ? 8 : 16); for (const byte of bytes) put(byte, 8); }
    if (bits.length > capacity * 8) continue;
    put(0, Math.min(4, capacity * 8 - bits.length));
    put(0, -bits.length & 7);
    for (let pad = 0xec; bits.length < capacity * 8; pad ^= 0xec ^ 0x11) put(pad, 8);
    return { version, data: Uint8Array.from({ length: capacity }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2)) };
  }
  throw new RangeError("text too long for a QR code of version 10");
}

/** @param {string} text @param {number} version @param {(value: number, length: number) => void} put */
function putAlphanumeric(text, version, put) {
  put(2, 4);
  put(text.length, version < 10 ? 9 : 11);
  for (let at = 0; at < text.length; at += 2) {
    const [first, second] = [...text.slice(at, at + 2)].map((character) => ALPHANUMERIC.indexOf(character));
    if (second === undefined) put(first ?? 0, 6);
    else put((first ?? 0) * 45 + second, 11);
  }
}

/** Data and check bytes in the order they are drawn, as bits. @param {number} version @param {Uint8Array} data */
function interleave(version, data) {
  const [check, count, short, longer] = /** @type {typeof BLOCKS[number]} */ (BLOCKS[version - 1]);
  const blocks = [];
  for (let nth = 0, from = 0; nth < count; nth++) {
    const length = short + (nth >= count - longer ? 1 : 0);
    blocks.push(data.slice(from, from += length));
  }
  const checks = blocks.map((block) => remainder(block, check));
  const order = [];
  for (let at = 0; at <= short; at++) for (const block of blocks) if (at < block.length) order.push(block[at] ?? 0);
  for (let at = 0; at < check; at++) for (const bytes of checks) order.push(bytes[at] ?? 0);
  return order.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1));
}

/** Reed-Solomon check bytes over GF(256). @param {Uint8Array} block @param {number} degree */
function remainder(block, degree) {
  const times = (/** @type {number} */ a, /** @type {number} */ b) => (a && b ? EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0 : 0);
  let generator = [1];
  for (let root = 0; root < degree; root++) {
    generator = [...generator, 0].map((term, at) => term ^ (at ? times(generator[at - 1] ?? 0, EXP[root] ?? 0) : 0));
  }
  const rest = [...block, ...Array(degree).fill(0)];
  for (let at = 0; at < block.length; at++) {
    const factor = rest[at];
    generator.forEach((term, offset) => { rest[at + offset] ^= times(term, factor); });
  }
  return rest.slice(block.length);
}

/** @param {number} version @param {number} mask @param {number[]} bits */
function draw(version, mask, bits) {
  const size = version * 4 + 17;
  const empty = () => Array.from({ length: size }, () => /** @type {boolean[]} */ (Array(size).fill(false)));
  const grid = { size, cells: empty(), fixed: empty() };
  for (let at = 8; at < size - 8; at++) { set(grid, 6, at, at % 2 === 0); set(grid, at, 6, at % 2 === 0); }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) square(grid, row ?? 0, column ?? 0, 4);
  const centres = ALIGNED[version - 1] ?? [];
  const last = centres.length - 1;
  centres.forEach((row, r) => centres.forEach((column, c) => {
    if (!(r === 0 && c === 0) && !(r === 0 && c === last) && !(r === last && c === 0)) square(grid, row, column, 2);
  }));
  drawFormat(grid, mask);
  if (version > 6) drawVersion(grid, version);
  drawData(grid, mask, bits);
  return grid.cells;
}

/** @param {Grid} grid @param {number} row @param {number} column @param {boolean} dark */
function set(grid, row, column, dark) {
  const cells = grid.cells[row];
  const fixed = grid.fixed[row];
  if (!cells || !fixed || column < 0 || column >= grid.size) return;
  cells[column] = dark;
  fixed[column] = true;
}

/** Rings around a centre: a finder (reach 4) or an alignment pattern (reach 2).
 * @param {Grid} grid @param {number} row @param {number} column @param {number} reach */
function square(grid, row, column, reach) {
  for (let dr = -reach; dr <= reach; dr++) {
    for (let dc = -reach; dc <= reach; dc++) {
      const ring = Math.max(Math.abs(dr), Math.abs(dc));
      set(grid, row + dr, column + dc, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
    }
  }
}

/** @param {number} value @param {number} polynomial @param {number} degree */
function bch(value, polynomial, degree) {
  let rest = value;
  for (let at = 0; at < degree; at++) rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
  return (value << degree) | rest;
}

/** Level M is 00, so the mask alone is the format's data. @param {Grid} grid @param {number} mask */
function drawFormat(grid, mask) {
  const bits = bch(mask, 0x537, 10) ^ 0x5412;
  const { size } = grid;
  for (let at = 0; at < 15; at++) {
    const dark = ((bits >> at) & 1) === 1;
    set(grid, at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, 8, dark);
    set(grid, 8, at < 8 ? size - 1 - at : at < 9 ? 7 : 14 - at, dark);
  }
  set(grid, size - 8, 8, true);
}

/** @param {Grid} grid @param {number} version */
function drawVersion(grid, version) {
  const bits = bch(version, 0x1f25, 12);
  for (let at = 0; at < 18; at++) {
    const dark = ((bits >> at) & 1) === 1;
    const [far, near] = [grid.size - 11 + (at % 3), Math.floor(at / 3)];
    set(grid, far, near, dark);
    set(grid, near, far, dark);
  }
}

/** The zigzag, two columns at a time from the right. @param {Grid} grid @param {number} mask @param {number[]} bits */
function drawData({ size, cells, fixed }, mask, bits) {
  let next = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (fixed[row]?.[column]) continue;
        const line = /** @type {boolean[]} */ (cells[row]);
        line[column] = (bits[next++] === 1) !== MASKS[mask]?.(row, column);
      }
    }
  }
}

/** How hard a symbol is to read; the lowest wins. @param {boolean[][]} cells */
function penalty(cells) {
  const size = cells.length;
  const lines = [...cells, ...cells.map((_, column) => cells.map((row) => row[column] ?? false))];
  let score = 0;
  for (const line of lines) {
    const text = line.map(Number).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) score += run.length - 2;
    for (const pattern of ["10111010000", "00001011101"]) {
      for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) score += 40;
    }
  }
  for (let r = 1; r < size; r++) {
    for (let c = 1; c < size; c++) {
      const dark = cells[r]?.[c];
      if (dark === cells[r - 1]?.[c] && dark === cells[r]?.[c - 1] && dark === cells[r - 1]?.[c - 1]) score += 3;
    }
  }
  const share = (100 * cells.flat().filter(Boolean).length) / size ** 2;
  return score + 10 * Math.floor(Math.abs(share - 50) / 5);
}
