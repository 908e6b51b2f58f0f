// @ts-check
import { icon, make } from './element.js';
import { qr } from './qr.js';

// How others are told whom to call: a link that opens this phone, or the SIP address for any
// other one, each also as a code for a camera.

class SIPShare extends HTMLElement {
  /** @type {any} */
  #calls;
  #code = make('div', { className: 'share-code' });
  #text = make('input', { className: 'share-text', readOnly: true, dir: 'ltr', 'data-input': 'share' });
  #said = make('p', { className: 'hint', role: 'status' });

  connectedCallback() {
    this.#calls = /** @type {any} */ (this).calls; // set by the phone, perhaps before this class was there
    const { say, account } = this.#calls;
    const address = account();
    if (!address) {
      this.append(make('p', { className: 'quiet' }, say('hint_share_login')));
      return;
    }
    const link = new URL(location.href);
    link.search = link.hash = '';
    link.searchParams.set('dial', address.replace(/^sip:/, ''));
    const kinds = make('div', { className: 'share-kinds', role: 'radiogroup', 'aria-label': say('label_share') },
      this.#kind('label_share_link', link.href, true), this.#kind('label_sip_address', address, false));
    this.#text.setAttribute('aria-label', say('label_share'));
    const tools = make('div', { className: 'share-tools' }, this.#button('share-copy', 'copy', 'action_copy', () => this.#copy()));
    if ('share' in navigator) tools.append(this.#button('share-send', 'share-2', 'action_share', () => this.#send()));
    this.append(make('p', { className: 'quiet' }, say('hint_share')), kinds, this.#code, this.#text, tools, this.#said);
    this.#show(link.href);
  }

  /** @param {string} label @param {string} text @param {boolean} checked */
  #kind(label, text, checked) {
    const input = make('input', { type: 'radio', name: 'share', checked, 'data-input': label === 'label_share_link' ? 'share-link' : 'share-address' });
    input.onchange = () => this.#show(text);
    return make('label', { className: 'tick' }, input, make('span', {}, this.#calls.say(label)));
  }

  /** @param {string} action @param {string} symbol @param {string} label @param {() => void} onclick */
  #button(action, symbol, label, onclick) {
    return make('button', { type: 'button', className: 'wide secondary', 'data-action': action, onclick },
      icon(symbol), make('span', {}, this.#calls.say(label)));
  }

  /** @param {string} text */
  #show(text) {
    this.#text.value = text;
    this.#said.textContent = '';
    const rows = qr(text); // none of a text that is too long: there is still that
    this.#code.replaceChildren(...(rows ? [drawing(rows, this.#calls.say('label_share_code'))] : []));
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#text.value);
      this.#said.textContent = this.#calls.say('hint_copied');
    } catch { // where the page may not: then the person does
      this.#text.focus();
      this.#text.select();
    }
  }

  async #send() {
    const text = this.#text.value;
    try {
      await navigator.share(text.startsWith('http') ? { url: text } : { text });
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== 'AbortError') this.#copy(); // else the person has thought better of it
    }
  }
}

/** @param {boolean[][]} rows @param {string} label */
function drawing(rows, label) {
  const quiet = 4, size = rows.length + 2 * quiet;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const dark = rows.flatMap((row, y) => row.flatMap((module, x) => (module ? [`M${x + quiet} ${y + quiet}h1v1h-1z`] : []))).join('');
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' })) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS(svg.namespaceURI ?? '', 'path');
  path.setAttribute('d', dark);
  svg.append(path);
  return svg;
}

customElements.define('sip-share', SIPShare);
