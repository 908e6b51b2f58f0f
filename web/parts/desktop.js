// @ts-check
import { icon, make } from './element.js';
import { headsets } from './headset.js';
import { standing, turn } from './notify.js';

// The page of the settings about what goes on beside the page: notifications of the system
// and the buttons of headsets.

class SIPDesktop extends HTMLElement {
  /** @type {() => void} */
  #list = () => undefined;

  connectedCallback() {
    const { calls: { say }, words } = /** @type {any} */ (this); // set by the phone, perhaps before this class was there
    if (words.notifications) this.append(this.#notifications(say));
    this.append(this.#headset(say));
  }

  disconnectedCallback() {
    headsets.removeEventListener('change', this.#list);
  }

  /** @param {(key: string) => string} say */
  #notifications(say) {
    const hint = make('p', { className: 'quiet', role: 'status' });
    const box = make('input', { type: 'checkbox', 'data-input': 'notifications' });
    const show = () => {
      const now = standing();
      box.checked = now === 'on';
      box.disabled = now === 'denied' || now === 'unavailable';
      hint.textContent = say({
        denied: 'hint_notifications_blocked', unavailable: 'hint_notifications_unavailable',
      }[/** @type {string} */ (now)] ?? 'hint_notifications');
    };
    box.onchange = async () => {
      await turn(box.checked);
      show();
    };
    show();
    return make('section', { className: 'desktop-box' }, make('h3', {}, say('label_notifications')),
      make('label', { className: 'switch' }, box, make('span', {}, say('label_notifications_show'))), hint);
  }

  /** @param {(key: string, ...values: string[]) => string} say */
  #headset(say) {
    const box = make('section', { className: 'desktop-box' }, make('h3', {}, say('label_headset')));
    if (!headsets.possible) {
      box.append(make('p', { className: 'quiet' }, say('hint_headset_unavailable')));
      return box;
    }
    const list = make('ul', { className: 'desktop-headsets' });
    const hint = make('p', { className: 'quiet', role: 'status' }, say('hint_headset'));
    this.#list = () => list.replaceChildren(...headsets.names.map((name) => {
      const forget = say('action_headset_forget', 'Name', name);
      return make('li', {}, icon('headset'), make('bdi', {}, name), make('button', {
        type: 'button', className: 'button ghost', 'data-action': 'headset-forget', title: forget, 'aria-label': forget,
        onclick: () => headsets.forget(name),
      }, icon('x')));
    }));
    headsets.addEventListener('change', this.#list);
    this.#list();
    const connect = async () => {
      const [chosen, known] = await headsets.choose();
      hint.textContent = chosen === known ? say('hint_headset') : say('error_headset_busy');
      hint.classList.toggle('hint-bad', chosen !== known);
    };
    box.append(hint, list, make('button', {
      type: 'button', className: 'wide secondary', 'data-action': 'headset-connect', onclick: connect,
    }, icon('headset'), make('span', {}, say('action_headset_connect'))));
    return box;
  }
}

customElements.define('sip-desktop', SIPDesktop);
