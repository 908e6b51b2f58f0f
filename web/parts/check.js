// @ts-check
import { gather, loop, webSocket } from './connectivity.js';
import { icon, make } from './element.js';

// The page on which somebody finds out what works: microphone, camera, loudspeaker, and the
// way to the servers. What is wrong is said in a sentence that says what to do.

/** Where the phone remembers which devices were chosen. */
const CHOSEN = 'gocommunicator.devices';
const ROLES = ['microphone', 'camera', 'speaker'];
const RECORDED = 3000; // ms

/** Why a device could not be had, by the name of the exception; what is not here is failed. */
const CAUSES = {
  microphone: { NotAllowedError: 'error_microphone_blocked', NotFoundError: 'error_microphone_missing', NotReadableError: 'error_microphone_busy', '': 'error_microphone_failed' },
  camera: { NotAllowedError: 'error_camera_blocked', NotFoundError: 'error_camera_missing', NotReadableError: 'error_camera_busy', '': 'error_camera_failed' },
};

/** The id of a device that was chosen, empty for the usual one. @param {string} role */
function chosen(role) {
  try {
    const { Liked } = JSON.parse(localStorage.getItem(CHOSEN) ?? '{}'); // by role, each the latest first
    return String(Liked?.[ROLES.indexOf(role)]?.[0]?.ID ?? '');
  } catch {
    return '';
  }
}

class SIPCheck extends HTMLElement {
  /** @type {(key: string, ...values: (string | number)[]) => string} */
  #say = () => '';
  /** @type {() => {websocket: string[], ice: [url: string, username: string, credential: string][], unknown: string[]}} */
  #servers = () => ({ websocket: [], ice: [], unknown: [] });
  /** What ends with the page. @type {Set<() => void>} */
  #ends = new Set();
  /** What was found, for the administrator: never a password. @type {string[]} */
  #found = [];
  #rows = make('ul', { className: 'check-rows', 'aria-live': 'polite' });

  connectedCallback() {
    const { calls } = /** @type {any} */ (this); // set by the phone, perhaps before this class was there
    this.#say = calls.say;
    this.#servers = calls.servers;
    this.append(this.#microphone(), this.#camera(), this.#speaker(), this.#connection());
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  /** @param {string} title @param {...Node} body */
  #box(title, ...body) {
    return make('section', { className: 'check-box' }, make('h3', {}, this.#say(title)), ...body);
  }

  /** @param {string} action @param {string} symbol @param {string} label @param {(button: any) => unknown} use */
  #button(action, symbol, label, use) {
    const button = make('button', { type: 'button', className: 'wide secondary', 'data-action': action, onclick: () => use(button) },
      icon(symbol), make('span', {}, this.#say(label)));
    return button;
  }

  /** Opens a device; null, and says why, when that cannot be. @param {'microphone' | 'camera'} role @param {HTMLElement} said */
  async #open(role, said) {
    const kind = role === 'camera' ? 'video' : 'audio';
    const id = chosen(role);
    try {
      if (!navigator.mediaDevices) throw new DOMException('', 'SecurityError');
      const stream = await navigator.mediaDevices.getUserMedia({ [kind]: id ? { deviceId: { ideal: id } } : true });
      const end = () => stream.getTracks().forEach((track) => track.stop());
      if (!this.isConnected) {
        end();
        return null;
      }
      this.#ends.add(end);
      this.#tell(said, '');
      return { stream, name: stream.getTracks()[0].label, end: () => { end(); this.#ends.delete(end); } };
    } catch (error) {
      const { name } = /** @type {Error} */ (error);
      const causes = /** @type {Record<string, string>} */ (CAUSES[role]);
      this.#tell(said, isSecureContext ? causes[name] ?? causes[''] : 'error_check_secure', true);
      return null;
    }
  }

  /** @param {HTMLElement} said @param {string} key @param {boolean} [bad] @param {...(string | number)} values */
  #tell(said, key, bad = false, ...values) {
    said.textContent = key && this.#say(key, ...values);
    said.classList.toggle('hint-bad', bad);
  }

  #microphone() {
    const said = make('p', { className: 'quiet', role: 'status' });
    const level = make('meter', { min: 0, max: 1, value: 0, hidden: true, 'aria-label': this.#say('label_check_level') });
    const name = make('p', { className: 'quiet' });
    const record = this.#button('check-record', 'mic', 'action_check_record', async () => {
      record.disabled = true;
      const device = await this.#open('microphone', said);
      if (device) await this.#record(device, level, name, said);
      record.disabled = false;
    });
    return this.#box('label_check_microphone', name, level, record, said);
  }

  /** Shows how loud it is while it is recorded, and plays it. @param {any} device @param {any} level @param {HTMLElement} name @param {HTMLElement} said */
  async #record({ stream, name: label, end }, level, name, said) {
    name.textContent = label;
    level.hidden = false;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const now = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
      loudest = Math.max(loudest, now);
      level.value = Math.min(1, Math.max(0, 1 + Math.log10(now || 1e-9) / 2.5)); // 50 dB
    }, 50);
    this.#ends.add(() => clearInterval(timer));
    this.#tell(said, 'state_check_recording');
    const recorder = new MediaRecorder(stream);
    /** @type {Blob[]} */
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, RECORDED));
    if (recorder.state === 'recording') recorder.stop();
    await stopped;
    clearInterval(timer);
    level.value = 0;
    await context.close();
    end();
    if (!this.isConnected) return;
    if (loudest < 0.003) { // below what any microphone hears of a room
      this.#tell(said, 'error_check_silent', true);
      return;
    }
    this.#tell(said, 'state_check_playing');
    await this.#play(URL.createObjectURL(new Blob(parts, { type: recorder.mimeType })));
    this.#tell(said, 'state_check_ok');
  }

  /** Plays a sound to its end where calls are heard. @param {string} url */
  async #play(url) {
    const player = new Audio(url);
    const speaker = chosen('speaker');
    if (speaker) await player.setSinkId?.(speaker).catch(() => undefined); // gone meanwhile
    const ended = new Promise((resolve) => { player.onended = player.onerror = player.onpause = resolve; });
    const end = () => player.pause();
    this.#ends.add(end);
    player.dataset.check = 'playing';
    await player.play();
    this.dispatchEvent(new CustomEvent('sip-played', { detail: player }));
    await ended;
    this.#ends.delete(end);
    URL.revokeObjectURL(url);
  }

  #camera() {
    const said = make('p', { className: 'quiet', role: 'status' });
    const picture = make('video', { autoplay: true, muted: true, playsInline: true, hidden: true, 'aria-label': this.#say('label_check_camera') });
    /** @type {(() => void) | null} */
    let close = null;
    const button = this.#button('check-camera', 'video', 'action_check_camera', async () => {
      if (close) {
        close();
        close = null;
      } else {
        const device = await this.#open('camera', said);
        if (!device) return;
        picture.srcObject = device.stream;
        this.#tell(said, 'state_check_ok');
        close = () => { device.end(); picture.srcObject = null; this.#tell(said, ''); };
      }
      picture.hidden = !close;
      button.setAttribute('aria-pressed', String(Boolean(close)));
    });
    return this.#box('label_check_camera', picture, button, said);
  }

  #speaker() {
    const said = make('p', { className: 'quiet', role: 'status' });
    return this.#box('label_check_speaker', this.#button('check-tone', 'volume-2', 'action_check_tone', async (button) => {
      button.disabled = true;
      try {
        await this.#play(tone());
        this.#tell(said, 'hint_check_tone');
      } catch {
        this.#tell(said, 'error_sound_blocked', true);
      }
      button.disabled = false;
    }), said);
  }

  #connection() {
    const copy = this.#button('check-copy', 'copy', 'action_check_copy', async () => {
      const text = this.#found.join('\n');
      await navigator.clipboard?.writeText(text).catch(() => undefined);
      this.#tell(copied, 'hint_copied');
    });
    copy.hidden = true;
    const copied = make('p', { className: 'quiet', role: 'status' });
    const start = this.#button('check-start', 'play', 'action_check_start', async () => {
      start.disabled = true;
      copy.hidden = true;
      this.#tell(copied, '');
      await this.#run();
      start.disabled = false;
      copy.hidden = false;
    });
    return this.#box('label_check_connection', start, this.#rows, copy, copied);
  }

  /**
   * Shows a step while it runs, and what came of it.
   * @param {string} label @param {string} what
   * @param {() => Promise<[key: string, ...values: (string | number)[]]>} step gives a text: an error_ means that it failed
   */
  async #step(label, what, step) {
    const words = make('span', { className: 'quiet' }, this.#say('state_check_running'));
    const row = make('li', { 'data-state': 'running' }, make('div', {}, make('strong', {}, this.#say(label)), ' ', make('bdi', { className: 'quiet' }, what)), words);
    this.#rows.append(row);
    const [key, ...values] = await step();
    const state = key.startsWith('error_') ? 'bad' : key.startsWith('hint_') ? 'warn' : 'ok';
    row.dataset.state = state;
    row.prepend(icon({ bad: 'circle-x', warn: 'circle-alert', ok: 'circle-check' }[state] ?? ''));
    words.textContent = this.#say(key, ...values);
    this.#found.push(`${state.toUpperCase()} ${this.#say(label)} ${what}: ${words.textContent}`);
    return state !== 'bad';
  }

  async #run() {
    this.#rows.replaceChildren();
    this.#found = [new Date().toISOString(), navigator.userAgent, location.origin];
    const ok = 'state_check_ok';
    await this.#step('label_check_secure', location.origin, async () => [isSecureContext ? ok : 'error_check_secure']);
    for (const role of /** @type {const} */ (['microphone', 'camera'])) {
      await this.#step(`${role === 'camera' ? 'label_check_camera' : 'label_check_microphone'}`, '', () => permitted(role));
    }
    const { websocket, ice, unknown } = this.#servers();
    for (const url of websocket) {
      const shown = url.replace(/[?#].*$/, ''); // what follows may be a secret
      await this.#step('label_check_server', shown, async () => {
        const problem = await webSocket(url);
        return problem ? [problem === 'protocol' ? 'error_check_protocol' : 'error_check_server', 'Server', shown] : [ok];
      });
    }
    /** @type {RTCIceServer[]} */
    const relays = [];
    for (const [urls, username, credential] of ice) {
      const turn = urls.startsWith('turn');
      const server = turn ? { urls, username, credential } : { urls };
      const good = await this.#step(turn ? 'label_check_turn' : 'label_check_stun', urls, async () => {
        const problem = await gather(server);
        if (problem === 'password') return ['error_check_password', 'Server', urls];
        return problem ? [turn ? 'error_check_turn' : 'error_check_stun', 'Server', urls] : [ok];
      });
      if (turn && good) relays.push(server);
    }
    for (const url of unknown) await this.#step('label_check_turn', url, async () => ['hint_check_login', 'Server', url]);
    await this.#step('label_check_loop', '', async () => {
      if (relays.length === 0) return [ice.some(([url]) => url.startsWith('turn')) ? 'error_check_loop' : 'hint_check_no_relay'];
      const took = await loop(relays);
      return took === undefined ? ['error_check_loop'] : ['state_check_loop', 'Milliseconds', Math.max(1, Math.round(took))];
    });
  }
}

/** Whether a device can be used, as far as the browser says so unasked. @param {'microphone' | 'camera'} role @returns {Promise<[string]>} */
async function permitted(role) {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
  if (!devices.some((d) => d.kind === (role === 'camera' ? 'videoinput' : 'audioinput'))) return [CAUSES[role].NotFoundError];
  const answer = await navigator.permissions?.query({ name: /** @type {any} */ (role) }).catch(() => null);
  return [answer?.state === 'denied' ? CAUSES[role].NotAllowedError : answer?.state === 'prompt' ? 'hint_check_ask' : 'state_check_ok'];
}

/** A second of 440 Hz as a file of sound. */
function tone() {
  const rate = 8000;
  const data = new DataView(new ArrayBuffer(44 + 2 * rate));
  const text = (/** @type {number} */ at, /** @type {string} */ s) => [...s].forEach((c, i) => data.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF'); text(8, 'WAVEfmt '); text(36, 'data');
  data.setUint32(4, 36 + 2 * rate, true);
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true); // PCM
  data.setUint16(22, 1, true); // one channel
  data.setUint32(24, rate, true);
  data.setUint32(28, 2 * rate, true);
  data.setUint16(32, 2, true);
  data.setUint16(34, 16, true);
  data.setUint32(40, 2 * rate, true);
  for (let i = 0; i < rate; i++) {
    const edge = Math.min(1, i / 400, (rate - i) / 400); // without a click
    data.setInt16(44 + 2 * i, 8000 * edge * Math.sin(2 * Math.PI * 440 * i / rate), true);
  }
  return URL.createObjectURL(new Blob([data], { type: 'audio/wav' }));
}

customElements.define('sip-check', SIPCheck);
