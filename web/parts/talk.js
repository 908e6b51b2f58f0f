// @ts-check
import { icon, make } from './element.js';

// The button that is held to be heard, with push to talk. The space bar does the same. What
// is not held for sure is closed: a key that was let go elsewhere, a page that is not seen.

class SIPTalk extends HTMLElement {
  #held = false;
  #ends = new AbortController();
  #said = make('span', {});
  #button = make('button', { type: 'button', className: 'wide primary talk-button', 'data-action': 'talk', 'aria-pressed': 'false' },
    icon('mic'), this.#said);

  connectedCallback() {
    this.append(this.#button);
    this.#hold(false);
    const { signal } = this.#ends;
    const release = () => this.#hold(false);
    this.#button.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
      this.#button.setPointerCapture(event.pointerId);
      this.#hold(true);
    }, { signal });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) this.#button.addEventListener(end, release, { signal });
    this.#button.addEventListener('contextmenu', (/** @type {Event} */ event) => event.preventDefault(), { signal }); // a long touch
    addEventListener('keydown', (event) => {
      if (!this.#meant(event)) return;
      event.preventDefault();
      if (!event.repeat) this.#hold(true);
    }, { signal, capture: true });
    addEventListener('keyup', (event) => {
      if (event.code !== 'Space' || !this.#held) return;
      event.preventDefault(); // else it presses the button that has the focus
      release();
    }, { signal, capture: true });
    addEventListener('blur', release, { signal });
    addEventListener('pagehide', release, { signal });
    document.addEventListener('visibilitychange', release, { signal });
  }

  disconnectedCallback() {
    this.#ends.abort();
    this.#hold(false);
  }

  /** The space bar, unless it writes something or presses what is not of the call. @param {KeyboardEvent} event */
  #meant(event) {
    if (event.code !== 'Space' || event.ctrlKey || event.altKey || event.metaKey) return false;
    const at = /** @type {HTMLElement} */ (event.target);
    return at === document.body || at.matches?.('button, [tabindex]') && this.closest('[data-region=call]')?.contains(at) === true;
  }

  /** @param {boolean} on */
  #hold(on) {
    const { words, calls } = /** @type {any} */ (this);
    this.#said.textContent = on ? words.talking : words.talk;
    this.#button.setAttribute('aria-pressed', String(on));
    if (on === this.#held) return;
    this.#held = on;
    calls.talk(on);
  }
}

customElements.define('sip-talk', SIPTalk);
