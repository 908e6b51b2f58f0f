// Headsets that are not there: their real report descriptors, read as Chromium reads them,
// behind a navigator.hid of ours.
(() => {
  'use strict';

  const bytes = (hex) => hex.trim().split(/\s+/).map((b) => parseInt(b, 16));

  const DESCRIPTORS = {
    // Jabra Link 380c, its telephony collection: one report each way, a keypad within.
    jabra: bytes(`
      05 0b 09 05 a1 01 85 02 15 00 25 01
      09 20 09 97 09 2a 75 01 95 03 81 23  09 2f 09 21 09 24 09 50 95 04 81 07
      09 06 a1 02 19 b0 29 bb 15 00 25 0c 75 04 95 01 81 40 c0
      09 07 15 00 25 01 75 01 95 01 81 02  95 04 81 01
      05 08 09 17 09 1e 09 09 09 18 09 20 09 21 09 2a 95 07 91 22
      05 0b 09 9e 95 01 91 22  95 08 91 01 c0`),
    // Plantronics Blackwire: a report for each light.
    plantronics: bytes(`
      05 0b 09 05 a1 01 85 08 15 00 25 01 75 01 95 01
      09 20 81 22 09 97 81 22 09 2b 81 22 09 2a 81 22 09 2f 81 06 09 21 81 06 09 24 81 06 09 07 05 09 09 01 81 02
      05 08 85 09 09 09 95 01 91 22 95 07 91 01  85 17 09 17 95 01 91 22 95 07 91 01
      85 18 09 18 95 01 91 22 95 07 91 01  85 20 09 20 95 01 91 22 95 07 91 01 c0`),
    // A keyboard, which is none.
    keyboard: bytes('05 01 09 06 a1 01 05 08 19 01 29 03 15 00 25 01 75 01 95 03 91 02 95 05 91 01 c0'),
  };

  /** What HIDDevice.collections is for a report descriptor (HID 1.11 §6.2.2). */
  function collections(descriptor) {
    const top = [];
    const open = [];
    let global = {};
    let local = { usages: [] };
    for (let i = 0; i < descriptor.length;) {
      const head = descriptor[i];
      const length = [0, 1, 2, 4][head & 3];
      let value = 0;
      for (let b = 0; b < length; b++) value += descriptor[i + 1 + b] * 256 ** b;
      i += 1 + length;
      const usage = () => (global.page << 16 | value) >>> 0;
      switch (head & 0xfc) {
        case 0x04: global = { ...global, page: value }; break;
        case 0x14: global = { ...global, min: value }; break;
        case 0x24: global = { ...global, max: value }; break;
        case 0x74: global = { ...global, size: value }; break;
        case 0x94: global = { ...global, count: value }; break;
        case 0x84: global = { ...global, id: value }; break;
        case 0x08: local.usages.push(usage()); break;
        case 0x18: local.from = usage(); break;
        case 0x28: local.to = usage(); break;
        case 0xa0: {
          const c = { usagePage: local.usages[0] >>> 16, usage: local.usages[0] & 0xffff, type: value, children: [], inputReports: [], outputReports: [], featureReports: [] };
          (open.at(-1)?.children ?? top).push(c);
          open.push(c);
          local = { usages: [] };
          break;
        }
        case 0xc0: open.pop(); break;
        case 0x80: case 0x90: {
          const item = {
            isConstant: Boolean(value & 1), isArray: !(value & 2), isAbsolute: !(value & 4), hasPreferredState: !(value & 32), hasNull: Boolean(value & 64),
            isRange: local.from !== undefined, usages: local.usages, usageMinimum: local.from, usageMaximum: local.to,
            reportSize: global.size, reportCount: global.count, logicalMinimum: global.min, logicalMaximum: global.max,
          };
          for (const c of open) { // also those around it
            const reports = (head & 0xfc) === 0x80 ? c.inputReports : c.outputReports;
            let report = reports.find((r) => r.reportId === (global.id ?? 0));
            if (!report) reports.push(report = { reportId: global.id ?? 0, items: [] });
            report.items.push(item);
          }
          local = { usages: [] };
        }
      }
    }
    return top;
  }

  /** A headset; told is what it was sent, press what its person does. */
  function headset(name) {
    const device = {
      productName: name, collections: collections(DESCRIPTORS[name]), opened: false, told: [], oninputreport: null,
      async open() { if (device.busy) throw new DOMException('in use', 'NotAllowedError'); device.opened = true; },
      async close() { device.opened = false; },
      async forget() { granted.delete(device); },
      async sendReport(id, data) {
        device.told.push([id, ...data]);
        device.answer?.(id, [...data]);
      },
      press(id, ...data) { device.oninputreport?.({ reportId: id, data: new DataView(Uint8Array.from(data).buffer) }); },
    };
    return device;
  }

  const granted = new Set();
  const hid = new EventTarget();
  hid.offered = [];
  hid.getDevices = async () => [...granted];
  hid.requestDevice = async ({ filters }) => {
    const found = hid.offered.filter((d) => filters.some((f) => d.collections.some((c) => c.usagePage === f.usagePage)));
    for (const device of found) granted.add(device);
    return found;
  };
  Object.defineProperty(navigator, 'hid', { value: hid, configurable: true });
  window.fakeHID = { collections: (name) => collections(DESCRIPTORS[name]), headset, granted };
})();
