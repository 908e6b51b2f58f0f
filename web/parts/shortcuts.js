// @ts-check
import { make } from './element.js';
import { CHANGED, printed } from './hints.js';

// The keyboard shortcuts, and how they are changed. Which there are and what they do is the
// phone's.

/** @typedef {import('./hints.js').Shortcut} Shortcut */

class SIPShortcuts extends HTMLElement {
  /** @type {any} */
  #calls;
  #list = make('ul', { className: 'shortcuts' });
  #said = make('p', { className: 'hint hint-bad', role: 'alert' });

  connectedCallback() {
    this.#calls = /** @type {any} */ (this).calls; // set by the phone, perhaps before this class was there
    const { say } = this.#calls;
    this.append(make('p', { className: 'quiet' }, say('hint_shortcuts')), this.#said, this.#list, make('button', {
      type: 'button', className: 'wide secondary', 'data-action': 'shortcuts-reset',
      onclick: () => this.#change('', ''),
    }, say('action_shortcuts_reset')));
    this.#show();
  }

  #show() {
    this.#list.replaceChildren(...this.#calls.shortcuts().map((/** @type {Shortcut} */ s) => this.#row(s)));
  }

  /** @param {Shortcut} shortcut */
  #row([name, , label, key]) {
    const { say } = this.#calls;
    const button = make('button', {
      type: 'button', className: 'shortcut-key', 'data-action': 'shortcut-change', onclick: () => this.#listen(name, label, button),
      'aria-label': `${say('action_shortcut_change', 'Name', label)}: ${key ? printed(key) : say('state_shortcut_none')}`,
    }, make('kbd', {}, key ? printed(key) : '—'));
    return make('li', { 'data-id': name }, make('span', {}, label), button);
  }

  /** Takes the next key for a shortcut. @param {string} name @param {string} label @param {HTMLElement} button */
  #listen(name, label, button) {
    const { say, key: nameOf } = this.#calls;
    this.#said.textContent = '';
    button.setAttribute('aria-label', say('hint_shortcut_press', 'Name', label));
    button.classList.add('shortcut-listens');
    button.replaceChildren(make('span', {}, say('hint_shortcut_press', 'Name', label)));
    const stop = () => {
      button.removeEventListener('keydown', take);
      button.removeEventListener('blur', stop);
      this.#show();
    };
    const take = (/** @type {KeyboardEvent} */ event) => {
      event.preventDefault();
      event.stopPropagation();
      const key = nameOf(event.key, event.code, event.ctrlKey, event.altKey, event.metaKey, event.shiftKey);
      if (key === '') return; // so far only Ctrl, Alt or Shift
      stop();
      if (key !== 'Escape') this.#change(name, key === 'Delete' || key === 'Backspace' ? '' : key);
      this.#focus(name);
    };
    button.addEventListener('keydown', take);
    button.addEventListener('blur', stop);
    button.focus();
  }

  /** @param {string} name @param {string} key */
  #change(name, key) {
    const { say, change } = this.#calls;
    const taken = change(name, key);
    this.#said.textContent = taken && say('error_shortcut_taken', 'Key', printed(key), 'Name', taken);
    if (!taken) document.dispatchEvent(new Event(CHANGED));
    this.#show();
  }

  /** @param {string} name */
  #focus(name) {
    this.#list.querySelector(`[data-id="${name}"] button`)?.focus();
  }
}

customElements.define('sip-shortcuts', SIPShortcuts);
