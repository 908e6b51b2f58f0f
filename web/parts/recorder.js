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

  /** One after the other: a piece may not be read yet when the file is to be closed. @param {any} message */
  #ask(message) {
    this.#last = this.#last.then(async () => {
      const bytes = await message.piece?.arrayBuffer();
      await new Promise((resolve, reject) => {
        this.#worker.onmessage = ({ data }) => (data ? reject(new Error(data)) : resolve(undefined));
        this.#worker.onerror = () => reject(new Error('the writer cannot be loaded'));
        this.#worker.postMessage(bytes ? { bytes } : message, bytes ? [bytes] : []);
      });
    });
    return this.#last;
  }

  open() {
    return this.#ask({ open: this.name });
  }

  /** @param {Blob} piece */
  append(piece) {
    return this.#ask({ piece });
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

/**
 * A name that no file has, beginning with the time so that they stand in the order in which
 * they were made.
 * @param {string} rest
 */
async function freeName(rest) {
  const from = await folder();
  const now = new Date();
  for (let ms = now.getTime() - now.getTimezoneOffset() * 60000; ; ms += 1000) {
    const name = new Date(ms).toISOString().slice(0, 19).replaceAll(':', '-').replace('T', ' ') + rest;
    if (await from.getFileHandle(name).then(() => false, () => true)) return name;
  }
}

/** A file into which a call is recorded, with picture or without. */
class Take {
  /** @type {MediaRecorder | undefined} */
  #recorder;
  /** @type {Growing | undefined} */
  #file;
  #over = false;
  #free = (/** @type {unknown} */ _) => { };
  /** @type {Promise<unknown> | undefined} */
  #freed;
  /** @type {Promise<unknown> | undefined} */
  #stopped;
  /** @type {Promise<void> | undefined} */
  #closed;

  /** @param {Scene | null} scene */
  constructor(scene) {
    this.scene = scene;
  }

  /** @param {string} peer @param {MediaStreamTrack} sound @param {() => void} failed */
  async begin(peer, sound, failed) {
    const { scene } = this;
    const type = TYPES[scene ? 'video' : 'audio'].find((t) => MediaRecorder.isTypeSupported(t));
    if (!type) throw new Error('the browser records nothing');
    const name = await freeName(` ${peer}.${type.includes('mp4') ? 'm4' + (scene ? 'v' : 'a') : 'webm'}`);
    if (this.#over) return;
    const held = new Promise((resolve) => { this.#free = resolve; });
    this.#freed = navigator.locks?.request(LOCK + name, () => held);
    const file = this.#file = new Growing(name);
    remember(true);
    await file.open();
    if (this.#over) return;
    const tracks = [sound, ...(scene ? [scene.track] : [])];
    const recorder = this.#recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: type, videoBitsPerSecond: 1_500_000 });
    const fails = (/** @type {unknown} */ error) => {
      console.warn('recording:', error);
      if (!this.#over) failed();
    };
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) file.append(data).catch(fails); // the disk is full: what is there stays
    };
    this.#stopped = new Promise((resolve) => {
      recorder.onstop = () => {
        resolve(undefined);
        if (!this.#over) fails('the browser records no more');
      };
    });
    recorder.start(PIECE);
  }

  /** Closes the file. From now on nothing is asked of the phone. */
  end() {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close() {
    this.#over = true;
    this.scene?.rest();
    if (this.#recorder && this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#stopped;
    this.scene?.close();
    await this.#file?.close().catch(() => { });
    this.#free(undefined);
    await this.#freed;
  }
}

class SIPRecorder extends HTMLElement {
  #over = false;
  #end = () => { };

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

  // The call has ended, or the recording of it: nothing is asked of the phone any more.
  disconnectedCallback() {
    this.#over = true;
    this.#end();
  }

  /**
   * Records a call, and who is talked with in it: their sound, of its own two sides also the
   * pictures. A file that has begun without takes no picture: where one comes to a call, what
   * was recorded is closed as soon as the next file has begun. Both are offered at the end:
   * what they are offered in would lie over the picture.
   * @param {{stream: (which: string) => MediaStream | null, recorded: () => string[], name: () => string, failed: () => void}} calls
   * stream gives what comes from a call that recorded names, and remote, local and screen of this one
   */
  async #record({ stream, recorded, name, failed }) {
    // What no file system takes, and what would hide where the name ends, is left out.
    const peer = name().replaceAll(/[^\p{L}\p{N} ._@-]/gu, '').replaceAll(/^\.+/g, '').trim().slice(0, 60);
    const pictures = ['screen', 'remote', 'local'].map((which) => () => stream(which));
    const pictured = () => pictures.some((picture) => (picture()?.getVideoTracks().length ?? 0) > 0);
    const mixture = new Mixture(() => [stream('local'), ...recorded().map(stream)]);
    /** @type {Take[]} */
    const takes = [];
    const begin = () => {
      const take = new Take(pictured() ? new Scene(pictures) : null);
      takes.push(take);
      return take.begin(peer, mixture.track, () => {
        if (!this.#over) failed();
      });
    };
    const timer = setInterval(() => {
      mixture.follow();
      const [sound, next] = takes;
      if (next || sound.scene || !pictured()) return;
      begin().then(() => sound.end()).catch((error) => console.warn('recording:', error)); // the sound's goes on
    }, LOOK);
    this.#end = async () => {
      this.#end = () => { };
      clearInterval(timer);
      await Promise.all(takes.map((take) => take.end()));
      mixture.close();
      await recordings.show();
    };
    try {
      await begin();
    } catch (error) {
      this.#end();
      throw error;
    }
  }
}

customElements.define('sip-recorder', SIPRecorder);
