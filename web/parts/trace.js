// @ts-check
import { icon, make } from './element.js';

// The SIP messages of late, looked through by whoever wants to know what the phone and its
// server say to each other. It is loaded when that page of the phone is first opened, and
// so weighs nothing for the others. Messages come without secrets; each is foreign text.

/**
 * @typedef {[id: number, time: number, sent: boolean, faulty: boolean, server: string, text: string]} Message
 * time in ms since 1970
 */

const KEPT = 500;
const LOOK_AGAIN = 300; // ms

/** The value of a header field. @param {string} text @param {string} name a regular expression */
const header = (text, name) => text.match(new RegExp(`^(?:${name})\\s*:\\s*(.*?)\\s*$`, 'im'))?.[1] ?? '';

/** What a message is, in a line. @param {string} text */
function title(text) {
  const line = text.trim().split(/\r?\n/, 1)[0].slice(0, 200);
  if (!line.startsWith('SIP/2.0 ')) return line.replace(/ SIP\/2\.0$/, '');
  return `${line.slice(8)} · ${header(text, 'cseq').replace(/^\d+\s+/, '')}`;
}

class SIPTrace extends HTMLElement {
  /** @type {{row: HTMLElement, text: string, found: string}[]} */
  #rows = [];
  #last = 0;
  #paused = false;
  #timer = 0;
  #filter = make('input', { type: 'search', autocomplete: 'off', 'data-input': 'trace-filter', oninput: () => this.#show() });
  #hint = make('p', { className: 'quiet trace-hint', role: 'status' });
  #list = make('ul');

  /** Messages after that id. @type {(since: number) => Message[]} */
  #take = () => [];
  /** Texts by name. @type {Record<string, string>} */
  #words = {};

  connectedCallback() {
    // Set by the phone, perhaps before this class was there.
    const { take, clear } = /** @type {any} */ (this).calls;
    this.#take = take;
    const w = this.#words = /** @type {any} */ (this).words;
    this.#filter.placeholder = w.filter;
    this.#filter.setAttribute('aria-label', w.filter);
    this.append(
      make('div', { className: 'trace-tools' }, this.#filter,
        this.#tool('pause', 'pause', (button) => {
          this.#paused = !this.#paused;
          button.setAttribute('aria-pressed', String(this.#paused));
        }),
        this.#tool('copy', 'copy', () => this.#copy()),
        this.#tool('download', 'download', () => this.#download()),
        this.#tool('print', 'printer', () => this.#print()),
        this.#tool('clear', 'trash-2', () => {
          clear();
          this.#rows = [];
          this.#list.replaceChildren();
          this.#show();
        })),
      this.#hint,
      make('div', { className: 'trace-scroll' }, this.#list),
    );
    this.#timer = setInterval(() => this.#look(), LOOK_AGAIN); // first: while it looks the phone may take it away
    this.#look();
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** @param {string} name @param {string} symbol @param {(button: HTMLElement) => void} use */
  #tool(name, symbol, use) {
    return make('button', {
      type: 'button', className: 'button ghost', 'data-action': `trace-${name}`, title: this.#words[name],
      'aria-label': this.#words[name], onclick: (/** @type {any} */ event) => use(event.currentTarget),
    }, icon(symbol));
  }

  #look() {
    if (this.#paused) return;
    const messages = this.#take(this.#last);
    if (messages.length === 0) return;
    for (const message of messages) this.#add(message);
    for (const old of this.#rows.splice(0, this.#rows.length - KEPT)) old.row.remove();
    this.#show();
  }

  /** @param {Message} message */
  #add([id, ms, sent, faulty, server, raw]) {
    const w = this.#words;
    const text = raw.replaceAll('\r\n', '\n').trim();
    const time = new Date(ms);
    const call = header(text, 'call-id|i');
    const row = make('li', { 'data-id': id, className: `${sent ? 'sent' : 'received'}${faulty ? ' faulty' : ''}` },
      make('details', {},
        make('summary', { 'data-action': 'trace-open' },
          make('span', { className: 'figures' }, new Date(ms - time.getTimezoneOffset() * 60000).toISOString().slice(11, 23)),
          make('span', { className: 'unseen' }, sent ? w.sent : w.received),
          make('bdi', {}, title(text)),
          make('span', { className: 'quiet' }, faulty ? w.faulty : '')),
        make('button', { type: 'button', className: 'link', 'data-action': 'trace-call', hidden: !call, onclick: () => {
          this.#filter.value = call;
          this.#show();
        } }, w.call),
        make('pre', { dir: 'ltr', tabIndex: 0 }, text)));
    this.#list.append(row);
    this.#rows.push({ row, found: text.toLowerCase(), text:
      `${time.toISOString()} ${sent ? '->' : '<-'} ${server}${faulty ? ' (malformed)' : ''}\n${text}\n\n` });
    this.#last = id;
  }

  #show() {
    const filter = this.#filter.value.trim().toLowerCase();
    for (const { row, found } of this.#rows) row.hidden = !found.includes(filter);
    this.#hint.textContent = this.#rows.length === 0 ? this.#words.empty : this.#text() === '' ? this.#words.none : '';
  }

  #text() {
    return this.#rows.filter(({ row }) => !row.hidden).map(({ text }) => text).join('');
  }

  async #copy() {
    const text = this.#text();
    try {
      await navigator.clipboard.writeText(text);
    } catch { // not a secure page, or a frame that may not
      const field = make('textarea', { value: text, className: 'unseen' });
      this.append(field);
      field.select();
      document.execCommand('copy');
      field.remove();
    }
    this.#hint.textContent = this.#words.copied;
  }

  #download() {
    const href = URL.createObjectURL(new Blob([this.#text()], { type: 'text/plain;charset=utf-8' }));
    make('a', { href, download: 'sip-trace.txt' }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  #print() {
    const sheet = make('pre', { className: 'printed' }, this.#text());
    document.body.append(sheet);
    addEventListener('afterprint', () => sheet.remove(), { once: true });
    print();
  }
}

customElements.define('sip-trace', SIPTrace);
