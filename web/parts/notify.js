// @ts-check
// Notifications of the system, for whoever has the phone in a page that is not to be seen.
// One about a call carries its buttons, which takes a service worker; without one a click
// only leads to the page.

/** Beside the page, so that it stays the same worker when the phone's own files have moved. */
const WORKER = 'wasm_exec/notifications.js';

/** Where the browser keeps that the person wants none. */
const SWITCH = 'gocommunicator.notifications';

/** What the person and the browser say: whether notifications can be shown, or why not. */
export function standing() {
  if (typeof Notification !== 'function' || !isSecureContext) return 'unavailable';
  if (Notification.permission === 'denied') return 'denied';
  if (localStorage.getItem(SWITCH) === 'off') return 'off';
  return Notification.permission === 'granted' ? 'on' : 'unasked';
}

/** Turns them on, which asks the person at most once, or off. @param {boolean} on */
export async function turn(on) {
  if (on && Notification.permission === 'default') await Notification.requestPermission();
  if (on) localStorage.removeItem(SWITCH);
  else localStorage.setItem(SWITCH, 'off');
}

/**
 * @typedef {object} Note
 * @property {string} tag what it is about: another one about that takes its place
 * @property {string} title
 * @property {string} body
 * @property {string} [call] its id
 * @property {{action: string, title: string}[]} [actions]
 */

export class Notifier {
  /** Those to be seen, by tag. @type {Map<string, Notification?>} */
  #shown = new Map();
  /** One after the other, so that none is closed before it is there. */
  #queue = Promise.resolve();
  /** @type {Promise<ServiceWorkerRegistration?> | undefined} */
  #worker;
  #client = '';
  #pressed;

  /** @param {(action: string, call: string) => void} pressed takes the button that was pressed, empty for none */
  constructor(pressed) {
    this.#pressed = pressed;
    navigator.serviceWorker?.addEventListener('message', this.#told);
  }

  close() {
    this.clear();
    navigator.serviceWorker?.removeEventListener('message', this.#told);
  }

  /** Makes ready for the first one. */
  prepare() {
    this.#worker ??= this.#register();
  }

  /** @param {Note} note */
  show(note) {
    this.#then(async () => {
      this.prepare();
      const registration = await this.#worker;
      const { title, call = '', ...options } = note;
      const all = {
        ...options, icon: 'icon.svg', silent: true, renotify: true, requireInteraction: Boolean(note.actions),
        dir: document.documentElement.dir, lang: document.documentElement.lang, data: { client: this.#client, call },
      };
      this.#shown.set(note.tag, null);
      if (registration && this.#client) {
        await registration.showNotification(title, /** @type {any} */ (all));
        return;
      }
      delete all.actions; // refused without a service worker
      const plain = new Notification(title, /** @type {any} */ (all));
      plain.onclick = () => {
        focus();
        plain.close();
        this.#pressed('', call);
      };
      this.#shown.set(note.tag, plain);
    });
  }

  /** @param {string} tag */
  hide(tag) {
    this.#then(async () => {
      if (!this.#shown.has(tag)) return;
      this.#shown.get(tag)?.close();
      this.#shown.delete(tag);
      for (const n of await (await this.#worker)?.getNotifications({ tag }) ?? []) n.close();
    });
  }

  /** Hides all of them. */
  clear() {
    this.#then(async () => {
      for (const tag of this.#shown.keys()) this.hide(tag);
    });
  }

  /** @param {() => Promise<void>} step */
  #then(step) {
    this.#queue = this.#queue.then(step).catch((error) => console.warn('notification:', error));
  }

  /** @type {(event: MessageEvent) => void} */
  #told = ({ data }) => {
    if (typeof data?.action === 'string') this.#pressed(data.action, data.call);
  };

  /** Starts the worker and learns what it calls this page; null where there is none. */
  async #register() {
    try {
      const registration = await navigator.serviceWorker.register(WORKER);
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      if (!worker) return null;
      const client = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('message', function hear({ data }) {
          if (!data?.client) return;
          navigator.serviceWorker.removeEventListener('message', hear);
          resolve(data.client);
        });
      });
      if (worker.state !== 'activated') {
        await new Promise((resolve) => {
          worker.addEventListener('statechange', () => ['activated', 'redundant'].includes(worker.state) && resolve(null));
        });
      }
      worker.postMessage('who am I');
      this.#client = await Promise.race([client, new Promise((resolve) => setTimeout(resolve, 3000, ''))]);
      return registration;
    } catch {
      return null; // blocked, or a page without https
    }
  }
}
