// @ts-check
import { icon, make } from './element.js';

// The figures of a call as they come: for each what it is now, both ways, and how it went
// over the last minutes. It is loaded when somebody first looks.

/**
 * What was measured: times in ms, loss in percent, rates in bit/s; with _out what is sent, as
 * the other side reports it.
 * @typedef {Record<string, any> & {time: number}} Figures
 */

const SPAN = 5 * 60 * 1000; // ms shown
const LOOK_AGAIN = 1000; // ms
const WIDTH = 240;
const HEIGHT = 40;
const SVG = 'http://www.w3.org/2000/svg';

/**
 * The rows: name, unit, what the figure is divided by, digits, the least that fills the height.
 * @type {[name: string, key: string, unit: string, by: number, digits: number, full: number][]}
 */
const ROWS = [
  ['score', 'mos', '', 1, 1, 4.5],
  ['loss', 'loss', '%', 1, 1, 5],
  ['jitter', 'jitter', 'ms', 1, 0, 30],
  ['rtt', 'rtt', 'ms', 1, 0, 200],
  ['audio', 'audio', 'kbit/s', 1000, 0, 64],
  ['video', 'video', 'kbit/s', 1000, 0, 500],
];

class SIPQuality extends HTMLElement {
  /** @type {Figures[]} */
  #all = [];
  #timer = 0;
  #body = make('tbody');
  #facts = make('dl', { className: 'chart-facts' });
  #empty = make('p', { className: 'quiet' });
  #table = make('table', { hidden: true });
  /** @type {Record<string, string>} */
  #words = {};

  connectedCallback() {
    const w = this.#words = /** @type {any} */ (this).words; // set by the phone, perhaps before this class was there
    this.#empty.textContent = w.empty;
    this.#table.append(
      make('thead', {}, make('tr', {},
        make('td'),
        make('th', { scope: 'col' }, w.in),
        make('th', { scope: 'col' }, make('span', { className: 'chart-out', 'aria-hidden': 'true' }), w.out),
        make('td', { className: 'chart-span', 'aria-hidden': 'true' }, w.last))),
      this.#body);
    const close = make('button', {
      type: 'button', className: 'button ghost', 'data-action': 'quality-close', title: w.close, 'aria-label': w.close,
      onclick: () => /** @type {any} */ (this).calls.close(),
    }, icon('x'));
    this.setAttribute('role', 'region');
    this.setAttribute('aria-label', w.title);
    this.append(
      make('div', { className: 'chart-head' }, make('h3', {}, w.title), close),
      make('div', { className: 'chart-body', tabIndex: 0 }, this.#empty, this.#table, this.#facts));
    close.focus();
    this.#timer = setInterval(() => this.#look(), LOOK_AGAIN);
    this.#look();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #look() {
    const since = this.#all.at(-1)?.time ?? 0;
    /** @type {Figures[] | null} */
    const more = /** @type {any} */ (this).calls.take(since);
    if (!more?.length) return;
    this.#all.push(...more);
    const begin = Date.now() - SPAN;
    this.#all = this.#all.filter(({ time }) => time >= begin);
    const now = more[more.length - 1];
    const pictures = this.#all.some((f) => f.video > 0 || f.video_out > 0);
    this.#empty.hidden = true;
    this.#table.hidden = false;
    this.#body.replaceChildren(...ROWS.filter(([name]) => name !== 'video' || pictures).map((row) => this.#row(row, now)));
    this.#showFacts(now, pictures);
  }

  /** @param {typeof ROWS[number]} row @param {Figures} now */
  #row([name, key, unit, by, digits, full], now) {
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    const none = (/** @type {number | undefined} */ v) => v === undefined || v === 0 && (key === 'mos' || key === 'rtt');
    const cell = (/** @type {number | undefined} */ v) => make('td', { className: 'figures' },
      none(v) ? '–' : `${number.format((v ?? 0) / by)}${unit && '\u00a0'}${unit}`);
    const out = `${key}_out`;
    const top = Math.max(full * by, ...this.#all.flatMap((f) => [f[key] || 0, f[out] || 0]));
    return make('tr', { 'data-id': name },
      make('th', { scope: 'row' }, this.#words[name]),
      cell(now[key]), key === 'rtt' ? make('td') : cell(now[out]),
      make('td', { className: 'chart-cell', 'aria-hidden': 'true' }, this.#lines(top, key, out)));
  }

  /** Both ways over time, the latest at the end. @param {number} top @param {string} key @param {string} out */
  #lines(top, key, out) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    const end = Date.now();
    for (const which of [out, key]) {
      const points = this.#all.filter((f) => f[which] !== undefined && !(f[which] === 0 && key === 'mos')).map((f) =>
        `${(WIDTH * (1 - (end - f.time) / SPAN)).toFixed(1)},${(HEIGHT - 2 - (HEIGHT - 4) * Math.min(f[which] / top, 1)).toFixed(1)}`);
      if (points.length === 0) continue;
      const line = document.createElementNS(SVG, 'polyline');
      line.setAttribute('points', points.join(' '));
      line.setAttribute('class', which === out ? 'chart-line-out' : 'chart-line');
      svg.append(line);
    }
    return svg;
  }

  /** @param {Figures} now @param {boolean} pictures */
  #showFacts(now, pictures) {
    const w = this.#words;
    const [codec, rate, channels] = now.codec.split('/');
    const facts = [
      [w.codec, codec && `${codec} ${rate / 1000}\u00a0kHz${channels ? ` × ${channels}` : ''}`],
      [w.route, now.route && `${now.route === 'relay' ? w.relay : w.direct} (${now.protocol.toUpperCase()})`],
      [w.picture, pictures && now.width > 0 && `${now.width} × ${now.height}, ${Math.round(now.frames)}/s`],
    ].filter(([, text]) => text);
    this.#facts.replaceChildren(...facts.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, make('bdi', {}, text))]));
  }
}

customElements.define('sip-quality', SIPQuality);
