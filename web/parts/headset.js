// @ts-check
// The buttons and lights of a headset, by WebHID: the telephony page of the HID usage tables
// (0x0B) for what it has pressed, the LED page (0x08) for what it shows. Which bit is what
// differs from maker to maker and is read from the device's own descriptor.

/** Usages, as page << 16 | usage. */
export const USAGE = {
  hook: 0x0b0020, flash: 0x0b0021, mute: 0x0b002f, reject: 0x0b0007, ringer: 0x0b009e,
  ledMute: 0x080009, ledOffHook: 0x080017, ledRing: 0x080018, ledHold: 0x080020,
};

const TELEPHONY = 0x0b;

/**
 * A field of a report.
 * @typedef {object} Field
 * @property {number[]} usages of a flag the one, of an array those its value may name
 * @property {number} offset in bits
 * @property {number} size in bits
 * @property {boolean} array whether the value names one of the usages instead of being it
 * @property {number} first value that names a usage
 * @property {boolean} state whether the value is how things are; else 1 is a press
 */

/** @typedef {Map<number, {bits: number, fields: Field[]}>} Reports by report id */

/**
 * Where what is in the reports. A collection has the items of those within it as well, so
 * only those on top are read. That an item is constant says nothing: hook switches are.
 * @param {any[]} collections as HIDDevice has them
 * @param {'inputReports' | 'outputReports'} kind
 * @returns {Reports}
 */
export function layout(collections, kind) {
  /** @type {Reports} */
  const reports = new Map();
  for (const { reportId, items } of collections.flatMap((c) => c[kind] ?? [])) {
    const report = reports.get(reportId) ?? { bits: 0, fields: [] };
    reports.set(reportId, report);
    for (const item of items) {
      const size = item.reportSize ?? 0;
      const count = item.reportCount ?? 0;
      const usages = usagesOf(item);
      for (let i = 0; i < count; i++, report.bits += size) {
        // The last usage stands for all fields that are left (HID 1.11 §6.2.2.8).
        const mine = item.isArray ? usages : usages.slice(Math.min(i, usages.length - 1)).slice(0, 1);
        if (mine.length === 0 || size === 0 || size > 32 || report.fields.length > 512) continue;
        report.fields.push({
          usages: mine, offset: report.bits, size, array: Boolean(item.isArray), first: item.logicalMinimum ?? 0,
          state: Boolean(item.isAbsolute),
        });
      }
    }
  }
  return reports;
}

/** @param {any} item @returns {number[]} */
function usagesOf(item) {
  if (!item.isRange) return [...item.usages ?? []];
  const length = Math.min(256, item.usageMaximum - item.usageMinimum + 1);
  return Array.from({ length: Math.max(0, length) }, (_, i) => item.usageMinimum + i);
}

/**
 * What a report says, by usage. A report that is too short says nothing of what is missing.
 * @param {Reports} reports @param {number} id @param {DataView} data without the report id
 */
export function decode(reports, id, data) {
  /** @type {Map<number, {value: number, state: boolean}>} */
  const said = new Map();
  for (const field of reports.get(id)?.fields ?? []) {
    if (field.offset + field.size > data.byteLength * 8) continue;
    let value = 0;
    for (let bit = 0; bit < field.size; bit++) {
      const at = field.offset + bit;
      value += (data.getUint8(at >> 3) >> (at & 7) & 1) * 2 ** bit;
    }
    if (!field.array) said.set(field.usages[0], { value, state: field.state });
    else field.usages.forEach((usage, i) => said.set(usage, { value: Number(value === field.first + i), state: field.state }));
  }
  return said;
}

/**
 * The reports that tell the device how things are; those that have none of it are left out.
 * @param {Reports} reports @param {Map<number, boolean>} values by usage
 * @returns {Map<number, Uint8Array<ArrayBuffer>>} by report id
 */
export function encode(reports, values) {
  const out = new Map();
  for (const [id, { bits, fields }] of reports) {
    if (!fields.some((f) => f.usages.some((u) => values.has(u)))) continue;
    const data = new Uint8Array(Math.ceil(bits / 8));
    for (const { usages, offset, array, first, size } of fields) {
      const on = usages.findIndex((u) => values.get(u));
      if (on < 0) continue;
      const value = array ? first + on : 1;
      for (let bit = 0; bit < size; bit++) {
        const at = offset + bit;
        if (value / 2 ** bit & 1) data[at >> 3] |= 1 << (at & 7);
      }
    }
    out.set(id, data);
  }
  return out;
}

/**
 * How things are at the phone.
 * @typedef {object} Line
 * @property {boolean} rings
 * @property {boolean} offHook there is a call, or one is being made
 * @property {boolean} muted
 * @property {boolean} held
 */

/** @typedef {'answer' | 'reject' | 'hangup' | 'mute' | 'unmute' | 'hold' | 'resume'} Wish */

/**
 * What a person wishes who made the device say this. A device also says what it was told,
 * which is no wish: a hook switch means something only where it differs from the line.
 * @param {Map<number, {value: number, state: boolean}>} said
 * @param {Map<number, number>} before what it said last, by usage
 * @param {Line} line
 * @returns {Wish[]}
 */
export function wishes(said, before, line) {
  /** @type {Wish[]} */
  const all = [];
  for (const [usage, { value, state }] of said) {
    const pressed = value === 1 && (!state || before.get(usage) !== 1);
    if (usage === USAGE.hook) {
      const up = state ? value === 1 : pressed && !line.offHook;
      const down = state ? value === 0 : pressed && line.offHook;
      if (up && line.rings && !line.offHook) all.push('answer');
      else if (down && line.offHook && (!state || before.get(usage) === 1)) all.push('hangup');
    } else if (usage === USAGE.mute && line.offHook && pressed) {
      all.push(line.muted ? 'unmute' : 'mute');
    } else if (usage === USAGE.reject && pressed && line.rings) {
      all.push('reject');
    } else if (usage === USAGE.flash && pressed && line.offHook) {
      all.push(line.rings ? 'answer' : line.held ? 'resume' : 'hold');
    }
  }
  return all;
}

/** What the lights of a device show. @param {Line} line */
export function lights({ rings, offHook, muted, held }) {
  return new Map([
    [USAGE.ledRing, rings], [USAGE.ringer, rings], [USAGE.ledOffHook, offHook],
    [USAGE.ledMute, offHook && muted], [USAGE.ledHold, offHook && held],
  ]);
}

/** One device that is in use. */
class Device {
  /** @type {Reports} */
  #inputs;
  /** @type {Reports} */
  #outputs;
  /** @type {Map<number, number>} */
  #before = new Map();
  /** What was sent last, by report id. @type {Map<number, string>} */
  #sent = new Map();
  #queue = Promise.resolve();

  /** @param {any} hid @param {(wish: Wish[]) => void} wish @param {() => Line} line */
  constructor(hid, wish, line) {
    this.hid = hid;
    this.#inputs = layout(hid.collections, 'inputReports');
    this.#outputs = layout(hid.collections, 'outputReports');
    hid.oninputreport = (/** @type {any} */ { reportId, data }) => {
      const said = decode(this.#inputs, reportId, data);
      const all = wishes(said, this.#before, line());
      // What it makes of a change of its own is not what it was told.
      if (said.has(USAGE.hook) && said.get(USAGE.hook)?.value !== this.#before.get(USAGE.hook)) this.#sent.clear();
      for (const [usage, { value }] of said) this.#before.set(usage, value);
      if (all.length > 0) wish(all);
      // A hook that was lifted for nothing is told that there is no call.
      else if (said.get(USAGE.hook)?.value === 1 && !line().offHook) this.show(line(), true);
    };
  }

  /** @param {Line} line @param {boolean} [again] also what it knows */
  show(line, again = false) {
    for (const [id, data] of encode(this.#outputs, lights(line))) {
      if (!again && this.#sent.get(id) === data.join()) continue;
      this.#sent.set(id, data.join());
      this.#queue = this.#queue.then(() => this.hid.sendReport(id, data)).catch((error) => console.warn('headset:', error));
    }
  }

  /** Lets go of it, with its lights out. */
  async close() {
    this.hid.oninputreport = null;
    this.show({ rings: false, offHook: false, muted: false, held: false });
    await this.#queue;
    await this.hid.close();
  }
}

/** The headsets that the browser lets this page use. Tells its listeners of a 'change'. */
class Headsets extends EventTarget {
  /** @type {Device[]} */
  #devices = [];
  /** @type {Line} */
  #line = { rings: false, offHook: false, muted: false, held: false };
  /** @type {(wish: Wish) => void} */
  #wish = () => undefined;
  #watched = false;

  get hid() { return /** @type {any} */ (navigator).hid; }

  /** Whether the browser can. */
  get possible() { return Boolean(this.hid); }

  /** Their names. */
  get names() { return this.#devices.map((d) => String(d.hid.productName)); }

  /** Takes those into use that the person has chosen before. @param {(wish: Wish) => void} wish */
  async start(wish) {
    this.#wish = wish;
    if (!this.possible) return;
    if (!this.#watched) {
      this.#watched = true;
      this.hid.addEventListener('connect', (/** @type {any} */ { device }) => this.#open([device]));
      this.hid.addEventListener('disconnect', (/** @type {any} */ { device }) => {
        this.#devices = this.#devices.filter((d) => d.hid !== device);
        this.dispatchEvent(new Event('change'));
      });
    }
    await this.#open(await this.hid.getDevices());
  }

  /** Has the person choose one; gives how many were chosen, and how many of these can be used. */
  async choose() {
    const chosen = await this.hid.requestDevice({ filters: [{ usagePage: TELEPHONY }] });
    await this.#open(chosen);
    return [chosen.length, chosen.filter((/** @type {any} */ hid) => this.#devices.some((d) => d.hid === hid)).length];
  }

  /** Forgets one. @param {string} name */
  async forget(name) {
    for (const device of this.#devices.filter((d) => d.hid.productName === name)) {
      this.#devices = this.#devices.filter((d) => d !== device);
      await device.close();
      await device.hid.forget?.();
    }
    this.dispatchEvent(new Event('change'));
  }

  /** Tells all of them how things are. @param {Line} line */
  show(line) {
    this.#line = line;
    for (const device of this.#devices) device.show(line);
  }

  /** @param {any[]} found */
  async #open(found) {
    for (const hid of found) {
      const phone = hid.collections.some((/** @type {any} */ c) => c.usagePage === TELEPHONY);
      if (!phone || this.#devices.some((d) => d.hid === hid)) continue;
      try {
        if (!hid.opened) await hid.open();
      } catch (error) {
        console.warn('headset:', error); // another program has it
        continue;
      }
      const device = new Device(hid, (all) => all.forEach((wish) => this.#wish(wish)), () => this.#line);
      this.#devices.push(device);
      device.show(this.#line, true);
    }
    this.dispatchEvent(new Event('change'));
  }
}

export const headsets = new Headsets();
