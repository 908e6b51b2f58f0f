// @ts-check
// What a browser offers a page in which somebody talks: a screen that stays on, the keys
// of the system, the title of the tab, and a question before the page is closed.

/** @typedef {import('./desk.js').Call} Call */

/** A length of time as m:ss, or h:mm:ss from an hour. @param {number} ms */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

const COUNTED = /^[\d:]+ · /;

export class InCall {
  #steer;
  #name;
  /** @type {Call[]} */
  #calls = [];
  /** @type {Promise<WakeLockSentinel?> | null} */
  #lock = null;
  #timer = 0;
  #titled = new MutationObserver(() => this.#count());

  /**
   * @param {(command: string, call: Call) => void} steer hangs up, mutes or turns the camera
   * @param {(call: Call) => string} name of the other side
   */
  constructor(steer, name) {
    this.#steer = steer;
    this.#name = name;
    document.addEventListener('visibilitychange', this.#seen);
  }

  close() {
    document.removeEventListener('visibilitychange', this.#seen);
    this.update([]);
  }

  /** The call that the keys of the system are for. */
  get talking() {
    return this.#calls.find((c) => c.answered && !c.local_hold) ?? this.#calls[0];
  }

  /** @param {Call[]} calls those that do not ring here */
  update(calls) {
    const had = this.#calls.length > 0;
    this.#calls = calls;
    if (had !== calls.length > 0) this.#turn(calls.length > 0);
    this.#wake();
    this.#session();
    this.#count();
  }

  /** @param {boolean} on */
  #turn(on) {
    clearInterval(this.#timer);
    this.#titled.disconnect();
    removeEventListener('beforeunload', this.#leave);
    const title = document.querySelector('title');
    if (!on || !title) return;
    this.#timer = setInterval(() => this.#count(), 1000);
    this.#titled.observe(title, { childList: true });
    addEventListener('beforeunload', this.#leave); // only now: it keeps a page out of the browser's memory
  }

  #seen = () => this.#wake();

  /** @param {BeforeUnloadEvent} event */
  #leave = (event) => event.preventDefault();

  /** Keeps the screen on while there is a picture. The browser lets go of it when the page is hidden. */
  #wake() {
    const wanted = this.#calls.some((c) => c.answered && (c.video && !c.video_muted || c.remote_video));
    if (wanted && document.visibilityState === 'visible' && !this.#lock) {
      const lock = this.#lock = navigator.wakeLock?.request('screen').catch(() => null) ?? null;
      lock?.then((l) => l?.addEventListener('release', () => {
        if (this.#lock === lock) this.#lock = null;
      }));
    } else if (!wanted) {
      this.#lock?.then((lock) => lock?.release());
      this.#lock = null;
    }
  }

  /** Tells the system who it is, and what its keys do. */
  #session() {
    const session = navigator.mediaSession;
    if (!session) return;
    const call = this.talking;
    const act = (/** @type {string} */ name, /** @type {(() => void)?} */ handler) => {
      try {
        session.setActionHandler(/** @type {any} */ (name), call ? handler : null);
      } catch { /* a browser that does not know that key */ }
    };
    session.metadata = call && typeof MediaMetadata === 'function' ? new MediaMetadata({ title: this.#name(call) }) : null;
    session.playbackState = call ? 'playing' : 'none';
    const now = (/** @type {string} */ command) => () => this.talking && this.#steer(command, this.talking);
    act('hangup', now('hangup'));
    act('togglemicrophone', now('mute'));
    act('togglecamera', call?.video ? now('camera') : null);
    for (const none of ['play', 'pause', 'stop']) act(none, () => undefined); // else the browser stops the sound
    /** @type {any} */ (session).setMicrophoneActive?.(Boolean(call) && !call.muted);
    /** @type {any} */ (session).setCameraActive?.(Boolean(call?.video) && !call.video_muted);
  }

  /** Puts before the title how long the call that is shown has been talked in. */
  #count() {
    const shown = document.querySelector('[data-region="call"]:not([hidden])')?.getAttribute('data-id');
    const call = this.#calls.find((c) => c.id === shown);
    const bare = document.title.replace(COUNTED, '');
    const title = call?.answered ? `${duration(Date.now() - call.answered)} · ${bare}` : bare;
    if (title !== document.title) document.title = title;
  }
}
