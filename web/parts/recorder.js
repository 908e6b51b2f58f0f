// @ts-check
import { icon, make } from './element.js';

// Records a call into the origin private file system, piece by piece: nothing is held in
// memory, and what was recorded is there when the page is gone. What is there is offered to
// be saved. It is loaded when somebody first records, or when something was left.

const PIECE = 2000; // ms
const LOOK = 200; // ms after which changed tracks, and who has come or gone, are followed
const FRAMES = 15; // a second
const WIDTH = 1280;
const HEIGHT = 720;
const LEFT = 'gocommunicator.recordings'; // in localStorage while there are files
const LOCK = 'gocommunicator.recording.'; // held while a file is written
const TYPES = {
  audio: ['audio/webm;codecs=opus', 'audio/mp4'],
  video: ['video/webm;codecs=vp8,opus', 'video/mp4'],
};

const folder = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('recordings', { create: true });

/** Remembers whether there are files, for the next start. @param {boolean} some */
function remember(some) {
  try {
    if (some) localStorage.setItem(LEFT, 'true');
    else localStorage.removeItem(LEFT);
  } catch { /* blocked: then nothing is offered at the next start */ }
}

/** A file that grows. Its methods wait for the disk. */
class Growing {
  #worker = new Worker(new URL('./recorder-writer.js', import.meta.url), { type: 'module' });
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** @param {any} message @param {Transferable[]} [transfer] */
  #ask(message, transfer = []) {
    this.#last = this.#last.then(() => new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => (data ? reject(new Error(data)) : resolve(undefined));
      this.#worker.onerror = () => reject(new Error('the writer cannot be loaded'));
      this.#worker.postMessage(message, transfer);
    }));
    return this.#last;
  }

  open() {
    return this.#ask({ open: this.name });
  }

  /** @param {Blob} piece */
  async append(piece) {
    const bytes = await piece.arrayBuffer();
    await this.#ask({ bytes }, [bytes]);
  }

  async close() {
    try {
      await this.#ask({});
    } finally {
      this.#worker.terminate();
    }
  }
}

/** The sound of streams as one, whichever there are and whichever tracks they have. */
class Mixture {
  #context = new AudioContext();
  #out = this.#context.createMediaStreamDestination();
  #sources;
  /** @type {Map<MediaStreamTrack, AudioNode>} */
  #taps = new Map();

  /** @param {() => (MediaStream | null)[]} sources */
  constructor(sources) {
    this.#sources = sources;
    this.#context.resume();
    this.follow();
  }

  get track() {
    return this.#out.stream.getAudioTracks()[0];
  }

  follow() {
    const tracks = this.#sources().flatMap((stream) => stream?.getAudioTracks().find((t) => t.readyState === 'live') ?? []);
    for (const [track, node] of this.#taps) {
      if (tracks.includes(track)) continue;
      node.disconnect();
      this.#taps.delete(track);
    }
    for (const track of tracks) {
      if (this.#taps.has(track)) continue;
      const node = this.#context.createMediaStreamSource(new MediaStream([track]));
      node.connect(this.#out);
      this.#taps.set(track, node);
    }
  }

  close() {
    this.#context.close();
  }
}

/** The picture that comes first of those that there are, with the next one in a corner. */
class Scene {
  #canvas = make('canvas', { width: WIDTH, height: HEIGHT });
  #draw = this.#canvas.getContext('2d', { alpha: false });
  /** @type {HTMLVideoElement[]} */
  #videos;
  #timer = 0;

  /** @param {(() => MediaStream | null)[]} sources */
  constructor(sources) {
    this.#videos = sources.map(() => make('video', { muted: true, playsInline: true }));
    this.#timer = setInterval(() => {
      const [large, small] = this.#videos.filter((video, i) => this.#show(video, sources[i]()));
      this.#draw.fillRect(0, 0, WIDTH, HEIGHT);
      if (large) this.#put(large, 0, 0, WIDTH, HEIGHT);
      if (small) this.#put(small, WIDTH * 0.76, HEIGHT * 0.74, WIDTH * 0.22, HEIGHT * 0.22);
    }, 1000 / FRAMES);
  }

  get track() {
    return this.#canvas.captureStream(FRAMES).getVideoTracks()[0];
  }

  /** Whether a stream has a picture now. @param {HTMLVideoElement} video @param {MediaStream | null} stream */
  #show(video, stream) {
    const track = stream?.getVideoTracks().find((t) => t.readyState === 'live' && t.enabled);
    const shown = /** @type {MediaStream | null} */ (video.srcObject)?.getVideoTracks()[0];
    if (track !== shown) {
      video.srcObject = track ? new MediaStream([track]) : null;
      if (track) video.play().catch(() => { });
    }
    return Boolean(track) && video.videoWidth > 0;
  }

  /** Whole, in the middle of a box. @param {HTMLVideoElement} v @param {number} x @param {number} y @param {number} w @param {number} h */
  #put(v, x, y, w, h) {
    const scale = Math.min(w / v.videoWidth, h / v.videoHeight);
    const [width, height] = [v.videoWidth * scale, v.videoHeight * scale];
    this.#draw.drawImage(v, x + (w - width) / 2, y + (h - height) / 2, width, height);
  }

  rest() {
    clearInterval(this.#timer);
  }

  close() {
    for (const video of this.#videos) video.srcObject = null;
  }
}

/** Files that were recorded, to be saved or deleted. */
class Recordings {
  /** @type {Record<string, string>} */
  words = {};
  #list = make('ul');
  #box = make('section', { className: 'recordings', 'data-region': 'recordings', hidden: true });

  async show() {
    const w = this.words;
    if (!this.#box.isConnected) {
      this.#box.setAttribute('aria-label', w.title);
      this.#box.append(
        make('div', { className: 'recordings-head' }, make('h2', {}, w.title), make('button', {
          type: 'button', className: 'button ghost', 'data-action': 'recordings-close', title: w.close, 'aria-label': w.close,
          onclick: () => { this.#box.hidden = true; },
        }, icon('x'))),
        this.#list);
      document.body.append(this.#box);
    }
    const files = await this.#files();
    remember(files.length > 0);
    this.#list.replaceChildren(...files.map((file) => this.#row(file)));
    this.#box.hidden = files.length === 0;
  }

  /** Those that are not being written, and not empty. @returns {Promise<FileSystemFileHandle[]>} */
  async #files() {
    const held = new Set((await navigator.locks?.query())?.held?.map(({ name }) => name));
    const files = [];
    const from = /** @type {any} */ (await folder());
    for await (const handle of from.values()) {
      if (held.has(LOCK + handle.name)) continue;
      const { size } = await handle.getFile();
      if (size > 0) files.push(handle);
      else await from.removeEntry(handle.name).catch(() => { });
    }
    return files.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** @param {FileSystemFileHandle} handle */
  #row(handle) {
    const w = this.words;
    const size = make('span', { className: 'quiet figures', dir: 'ltr' });
    handle.getFile().then(({ size: bytes }) => { size.textContent = `${(bytes / 1e6).toFixed(1)}\u00a0MB`; }, () => { });
    return make('li', { 'data-id': handle.name },
      make('bdi', {}, handle.name),
      make('div', { className: 'recordings-do' }, size,
        make('button', { type: 'button', className: 'link', 'data-action': 'recording-save', onclick: () => this.#save(handle) }, w.save),
        make('button', { type: 'button', className: 'link', 'data-action': 'recording-delete', onclick: () => this.#remove(handle) }, w.delete)));
  }

  /** Where the person wants it, or where downloads go. @param {FileSystemFileHandle} handle */
  async #save(handle) {
    const file = await handle.getFile();
    const pick = /** @type {any} */ (window).showSaveFilePicker;
    if (pick) {
      try {
        const target = await pick({ suggestedName: handle.name });
        await file.stream().pipeTo(await target.createWritable());
        await this.#remove(handle);
        return;
      } catch (error) {
        if (/** @type {any} */ (error).name === 'AbortError') return; // the person has thought better of it
      }
    }
    const href = URL.createObjectURL(file); // of a file on the disk: it is not read into memory
    make('a', { href, download: handle.name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 600000);
  }

  /** @param {FileSystemFileHandle} handle */
  async #remove(handle) {
    await (await folder()).removeEntry(handle.name);
    await this.show();
  }
}

const recordings = new Recordings();

class SIPRecorder extends HTMLElement {
  /** @type {MediaRecorder | undefined} */
  #recorder;
  #over = false;
  #rest = () => { }; // nothing is asked of the phone any more

  connectedCallback() {
    recordings.words = /** @type {any} */ (this).words; // set by the phone, perhaps before this class was there
    const { calls } = /** @type {any} */ (this);
    if (!calls.stream) {
      recordings.show().catch(() => { });
      return;
    }
    this.#record(calls).catch((error) => {
      console.warn('recording:', error);
      if (!this.#over) calls.failed();
    });
  }

  // The call has ended, or the recording of it.
  disconnectedCallback() {
    this.#over = true;
    this.#rest();
    if (this.#recorder && this.#recorder.state !== 'inactive') this.#recorder.stop();
  }

  /**
   * Records a call: the sound of all who are recorded in it, the pictures of its own two sides.
   * @param {{stream: (which: string) => MediaStream | null, recorded: () => string[], name: () => string, failed: () => void}} calls
   * stream gives what comes from a call that recorded names, and remote, local and screen of this one
   */
  async #record({ stream, recorded, name, failed }) {
    const [remote, local] = [() => stream('remote'), () => stream('local')];
    const pictures = [remote(), local()].some((s) => (s?.getVideoTracks().length ?? 0) > 0);
    const type = TYPES[pictures ? 'video' : 'audio'].find((t) => MediaRecorder.isTypeSupported(t));
    if (!type) throw new Error('the browser records nothing');
    const time = new Date();
    const stamp = new Date(time.getTime() - time.getTimezoneOffset() * 60000).toISOString().slice(0, 19).replaceAll(':', '-').replace('T', ' ');
    // What no file system takes, and what would hide where the name ends, is left out.
    const peer = name().replaceAll(/[^\p{L}\p{N} ._@-]/gu, '').replaceAll(/^\.+/g, '').trim().slice(0, 60);
    const file = new Growing(`${stamp} ${peer}.${type.includes('mp4') ? 'm4' + (pictures ? 'v' : 'a') : 'webm'}`);
    /** @type {() => void} */
    let unlock = () => { };
    const locked = navigator.locks?.request(LOCK + file.name, () => new Promise((resolve) => { unlock = () => resolve(undefined); }));
    const mixture = new Mixture(() => [local(), ...recorded().map(stream)]);
    const scene = pictures ? new Scene([() => stream('screen'), remote, local]) : null;
    const timer = setInterval(() => mixture.follow(), LOOK);
    this.#rest = () => {
      clearInterval(timer);
      scene?.rest();
    };
    const release = () => {
      this.#rest();
      mixture.close();
      scene?.close();
    };
    try {
      remember(true);
      await file.open();
    } catch (error) {
      release();
      unlock();
      throw error;
    }
    const tracks = [mixture.track, ...(scene ? [scene.track] : [])];
    const recorder = this.#recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: type, videoBitsPerSecond: 1_500_000 });
    recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      file.append(data).catch((error) => { // the disk is full: what is there stays
        console.warn('recording:', error);
        if (!this.#over) failed();
      });
    };
    recorder.onstop = async () => {
      release();
      for (const track of tracks) track.stop();
      await file.close().catch(() => { });
      unlock();
      await locked;
      await recordings.show();
    };
    recorder.start(PIECE);
    if (this.#over) recorder.stop(); // while the file was being opened
  }
}

customElements.define('sip-recorder', SIPRecorder);
