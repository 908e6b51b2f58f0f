// @ts-check
import { make } from './element.js';
import { standing, turn } from './notify.js';

// The page of the settings about what goes on beside the page: notifications of the system.

class SIPDesktop extends HTMLElement {
  connectedCallback() {
    const { calls: { say }, words } = /** @type {any} */ (this); // set by the phone, perhaps before this class was there
    if (words.notifications) this.append(this.#notifications(say));
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
}

customElements.define('sip-desktop', SIPDesktop);
