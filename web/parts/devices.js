// @ts-check
import { make } from './element.js';

// Microphone, camera, loudspeaker, and what is done to sound and picture. It is loaded when
// that page of the phone is first opened. Names of devices are foreign text.

/**
 * @typedef {{id: string, name: string}} Device
 * @typedef {'audio_in' | 'video_in' | 'audio_out'} Kind
 * @typedef {Kind | 'ring'} Role
 * @typedef {Record<Kind, Device[]> & {chosen: Record<Role, Device>, used: Record<Role, Device>} & Record<string, boolean>} State
 */

/** @type {Role[]} */
const ROLES = ['audio_in', 'video_in', 'audio_out', 'ring'];
/** The switches, and what a track's settings call them. */
const SWITCHES = {
  echo_cancellation: 'echoCancellation', noise_suppression: 'noiseSuppression', auto_gain: 'autoGainControl',
  background_blur: 'backgroundBlur', push_to_talk: '',
};
const LOOK_AGAIN = 300; // ms

class SIPDevices extends HTMLElement {
  #timer = 0;
  #drawn = '';
  #hint = make('p', { className: 'hint hint-bad', role: 'alert' });
  #body = make('div', {});
  #preview = make('video', { muted: true, autoplay: true, playsInline: true, 'data-media': 'preview', hidden: true });
  /** The picture shown, and of which camera. @type {{stream: MediaStream, of: string} | undefined} */
  #shown;
  #blurs = false; // the browser can do it with this camera

  get #calls() { return /** @type {any} */ (this).calls; }
  /** @type {Record<string, string>} */
  get #words() { return /** @type {any} */ (this).words; }

  connectedCallback() {
    this.#preview.setAttribute('aria-label', this.#words.preview);
    this.append(this.#body, this.#hint);
    this.#timer = setInterval(() => this.#look(), LOOK_AGAIN); // first: while it looks the phone may take it away
    this.#look();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#hide();
  }

  #look() {
    /** @type {State} */
    const state = this.#calls.state();
    const tracks = [...this.#calls.sent()?.getTracks() ?? [], ...this.#shown?.stream.getTracks() ?? []];
    this.#blurs ||= tracks.some((track) => track.getCapabilities?.().backgroundBlur?.length > 1);
    const settings = Object.assign({}, ...tracks.map((track) => track.getSettings()));
    if (this.#shown && this.#shown.of !== state.used.video_in.id) this.#show(state);
    const now = JSON.stringify([state, this.#blurs, Boolean(this.#shown),
      Object.values(SWITCHES).map((name) => settings[name])]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.#draw(state, settings);
  }

  /** @param {State} state @param {Record<string, any>} settings */
  #draw(state, settings) {
    const had = /** @type {HTMLElement | null} */ (this.contains(document.activeElement) ? document.activeElement : null);
    const w = this.#words;
    const unnamed = [...state.audio_in, ...state.video_in, ...state.audio_out].some(({ name }) => name === '');
    this.#body.replaceChildren(
      make('div', { className: 'devices-ask', hidden: !unnamed },
        make('p', { className: 'quiet' }, w.why),
        make('button', { type: 'button', className: 'wide primary', 'data-action': 'devices-ask', onclick: () => this.#ask(state) }, w.ask)),
      make('p', { className: 'hint hint-bad', hidden: state.audio_in.length > 0 }, w.none),
      ...ROLES.map((role) => this.#choice(role, state)),
      ...Object.entries(SWITCHES).map(([name, setting]) => this.#switch(name, state[name], settings[setting])),
    );
    if (had?.id) /** @type {HTMLElement | null} */ (this.querySelector(`#${had.id}`))?.focus();
  }

  /** @param {Role} role @param {State} state */
  #choice(role, state) {
    const w = this.#words;
    const list = state[role === 'ring' ? 'audio_out' : role].filter(({ name }) => name !== '');
    const chosen = state.chosen[role];
    const used = state.used[role];
    const found = list.find(({ id }) => id === chosen.id) ?? list.find(({ name }) => name === chosen.name);
    const select = make('select', {
      id: `device-${role}`, 'data-input': role,
      onchange: () => {
        this.#hint.textContent = '';
        this.#calls.choose(role, select.value);
      },
    },
    make('option', { value: '' }, w.system),
    ...list.map(({ id, name }) => make('option', { value: id }, name)),
    ...(chosen.id !== '' && !found ? [make('option', { value: chosen.id, disabled: true }, `${chosen.name} (${w.gone})`)] : []));
    select.value = found?.id ?? chosen.id;
    return make('div', { className: 'field', hidden: list.length === 0 },
      make('label', { htmlFor: select.id }, w[role]), select,
      make('p', { className: 'quiet', hidden: used.name === '' || used.id === found?.id }, make('bdi', {}, used.name)),
      ...(role === 'video_in' ? [this.#preview, make('button', {
        type: 'button', id: 'device-preview', className: 'wide secondary', 'data-action': 'camera-preview',
        'aria-pressed': String(Boolean(this.#shown)), onclick: () => (this.#shown ? this.#hide() : this.#show(state)),
      }, this.#shown ? w.hide : w.show)] : []));
  }

  /** @param {string} name @param {boolean} on @param {unknown} really what the browser does, where it tells */
  #switch(name, on, really) {
    const w = this.#words;
    const refused = typeof really === 'boolean' && really !== on;
    const box = make('input', {
      type: 'checkbox', id: `device-${name}`, 'data-input': name, checked: on, 'data-really': String(really),
      onchange: () => this.#calls.turn(name, box.checked),
    });
    const note = name === 'push_to_talk' ? w.hold : refused ? w.not_done : '';
    return make('div', { className: 'devices-switch', hidden: name === 'background_blur' && !this.#blurs },
      make('label', {}, box, make('span', {}, w[name])),
      make('p', { className: 'quiet', hidden: note === '' }, note));
  }

  /** Has the browser ask the person, who then sees the names. @param {State} state */
  async #ask(state) {
    this.#hint.textContent = '';
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: state.audio_in.length > 0, video: state.video_in.length > 0 });
      for (const track of stream.getTracks()) track.stop();
    } catch {
      this.#hint.textContent = this.#words.refused;
    }
    this.#calls.find();
  }

  /** @param {State} state */
  async #show(state) {
    this.#hide();
    this.#hint.textContent = '';
    const { id } = state.used.video_in;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { deviceId: id === '' ? undefined : { exact: id }, backgroundBlur: state.background_blur } });
      if (!this.isConnected) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#shown = { stream, of: id };
      this.#preview.srcObject = stream;
      this.#preview.hidden = false;
    } catch {
      this.#hint.textContent = this.#words.refused;
    }
    this.#calls.find();
  }

  #hide() {
    for (const track of this.#shown?.stream.getTracks() ?? []) track.stop();
    this.#shown = undefined;
    this.#preview.srcObject = null;
    this.#preview.hidden = true;
  }
}

customElements.define('sip-devices', SIPDevices);
