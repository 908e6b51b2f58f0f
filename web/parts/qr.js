// @ts-check
// QR codes (ISO/IEC 18004, model 2) of a text: bytes of UTF-8, error correction of level M,
// versions 1 to 20, which is up to 666 bytes.

/** Of level M, by version: codewords of error correction in a block, and blocks. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** Which modules of the data a mask turns over (§7.8.2). @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * The code of a text as rows of modules, true for dark; null where it is too long for one.
 * @param {string} text
 * @returns {boolean[][] | null}
 */
export function qr(text) {
  const bytes = new TextEncoder().encode(text);
  const version = CORRECTION.findIndex((_, i) => bytes.length * 8 + lengthBits(i + 1) + 4 <= dataLength(i + 1) * 8) + 1;
  if (!version) return null;
  const words = corrected(version, encoded(version, bytes));
  const codes = MASKS.map((_, mask) => drawn(version, words, mask));
  const penalties = codes.map(penalty);
  return codes[penalties.indexOf(Math.min(...penalties))];
}

/** Bits of the count of bytes. @param {number} version */
const lengthBits = (version) => (version < 10 ? 8 : 16);

/** Codewords that there is room for. @param {number} version */
function length(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version > 1) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
  }
  return Math.floor((version > 6 ? modules - 36 : modules) / 8);
}

/** Those of them that are data. @param {number} version */
const dataLength = (version) => length(version) - CORRECTION[version - 1] * BLOCKS[version - 1];

/** The codewords of the data (§7.4). @param {number} version @param {Uint8Array} bytes @returns {number[]} */
function encoded(version, bytes) {
  let bits = '0100' + binary(bytes.length, lengthBits(version)) + [...bytes].map((b) => binary(b, 8)).join('');
  bits += '0'.repeat(Math.min(4, dataLength(version) * 8 - bits.length));
  bits += '0'.repeat(-bits.length & 7);
  const words = (bits.match(/.{8}/g) ?? []).map((w) => parseInt(w, 2));
  for (let pad = 0xec; words.length < dataLength(version); pad ^= 0xfd) words.push(pad);
  return words;
}

/** @param {number} n @param {number} digits */
const binary = (n, digits) => n.toString(2).padStart(digits, '0');

/** The data in blocks with their error correction, interleaved (§7.5, §7.6). @param {number} version @param {number[]} words */
function corrected(version, words) {
  const count = BLOCKS[version - 1], degree = CORRECTION[version - 1];
  const short = Math.floor(words.length / count), long = words.length % count;
  const generator = [...Array(degree).keys()].reduce((poly, i) => {
    const root = power(i);
    return [...poly, 0].map((c, j) => c ^ (j ? times(poly[j - 1], root) : 0));
  }, [1]).slice(1);
  const blocks = [...Array(count).keys()].map((i) => {
    const begin = i * short + Math.max(0, i - (count - long));
    const data = words.slice(begin, begin + short + (i >= count - long ? 1 : 0));
    const rest = data.reduce((r, word) => {
      const factor = word ^ r[0];
      return [...r.slice(1), 0].map((c, j) => c ^ times(generator[j], factor));
    }, Array(degree).fill(0));
    return [data, rest];
  });
  /** @type {number[]} */
  const all = [];
  for (const part of [0, 1]) {
    for (let i = 0; i < Math.max(short + 1, degree); i++) {
      for (const block of blocks) if (i < block[part].length) all.push(block[part][i]);
    }
  }
  return all;
}

/** In the field of 256 elements. @param {number} a @param {number} b */
function times(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
  return product;
}

/** @param {number} n */
function power(n) {
  let p = 1;
  for (let i = 0; i < n; i++) p = times(p, 2);
  return p;
}

/** @param {number} version @param {number[]} words @param {number} mask */
function drawn(version, words, mask) {
  const size = version * 4 + 17;
  /** @type {boolean[][]} */
  const code = Array.from({ length: size }, () => Array(size).fill(false));
  /** @type {boolean[][]} of the patterns, where there is no data */
  const taken = code.map((row) => [...row]);
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ dark) => {
    if (code[y]?.[x] === undefined) return;
    code[y][x] = dark;
    taken[y][x] = true;
  };
  for (let i = 0; i < size; i++) { // timing
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) { // finders
    square(4, (dx, dy, ring) => set(x + dx, y + dy, ring !== 2 && ring !== 4));
  }
  const at = alignments(version);
  at.forEach((x, i) => at.forEach((y, j) => {
    const last = at.length - 1;
    if (i + j === 0 || (i === 0 && j === last) || (i === last && j === 0)) return; // there are finders
    square(2, (dx, dy, ring) => set(x + dx, y + dy, ring !== 1));
  }));
  const format = checked(mask, 10, 0x537) ^ 0x5412; // level M is 00
  for (let i = 0; i < 15; i++) {
    const dark = ((format >> i) & 1) === 1;
    set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, dark);
    set(i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i, 8, dark);
  }
  set(8, size - 8, true);
  const told = version < 7 ? 0 : checked(version, 12, 0x1f25);
  for (let i = 0; i < (version < 7 ? 0 : 18); i++) {
    const dark = ((told >> i) & 1) === 1, a = size - 11 + (i % 3), b = Math.floor(i / 3);
    set(a, b, dark);
    set(b, a, dark);
  }
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let i = 0; i < size; i++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - i : i;
      for (const x of [right, right - 1]) {
        if (taken[y][x]) continue;
        code[y][x] = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1 !== MASKS[mask](x, y);
        bit++;
      }
    }
  }
  return code;
}

/** Calls draw for each place around a middle, with how far out it is. @param {number} radius @param {(dx: number, dy: number, ring: number) => void} draw */
function square(radius, draw) {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) draw(dx, dy, Math.max(Math.abs(dx), Math.abs(dy)));
  }
}

/** Where the middles of the alignment patterns are, in both directions. @param {number} version */
function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2, step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => version * 4 + 10 - step * (count - 2 - i))];
}

/** A number with its check bits behind it. @param {number} n @param {number} bits @param {number} generator */
function checked(n, bits, generator) {
  let rest = n;
  for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * generator);
  return (n << bits) | rest;
}

/** How hard a code is to read (§7.8.3). @param {boolean[][]} code */
function penalty(code) {
  const lines = [...code, ...code.map((_, x) => code.map((row) => row[x]))].map((line) => line.map(Number).join(''));
  let sum = 0;
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    sum += 40 * (line.match(/(?=10111010000|00001011101)/g)?.length ?? 0);
  }
  let dark = 0;
  code.forEach((row, y) => row.forEach((module, x) => {
    dark += Number(module);
    if (x > 0 && y > 0 && row[x - 1] === module && code[y - 1][x] === module && code[y - 1][x - 1] === module) sum += 3;
  }));
  return sum + 10 * Math.floor(Math.abs((dark * 20) / code.length ** 2 - 10));
}
