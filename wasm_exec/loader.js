// @ts-check
// Starts the phone in a page: fetches the program, compiles it while it comes, runs it.
// What can go wrong before the program can speak is said here.

/**
 * What is said before the program is there, by the keys of the texts. In other languages it comes from their files.
 * @type {Record<string, string>}
 */
const ENGLISH = {
  state_starting: 'Starting the phone…',
  error_start_browser: 'This browser cannot run the phone. Try a current Firefox, Chrome, Edge or Safari',
  error_webrtc_unavailable: 'This browser cannot make calls. Try a current Firefox, Chrome, Edge or Safari',
  error_start_download: 'The phone could not be loaded. Check your connection and try again',
  error_start_stopped: 'The phone has stopped. Start it again to go on',
  action_try_again: 'Try again',
  action_start_again: 'Start again',
};

/** The other languages that the phone speaks. */
const LANGUAGES = ['bg', 'de', 'es', 'fr', 'he', 'nb', 'nl', 'nn', 'pl', 'pt', 'ru', 'sk'];

/** Where the phone's own files are: beside the page, or on a site in a folder of their version. */
const FILES = new URL('..', import.meta.url);

/** How long the words may take. */
const PATIENCE_MS = 5000;

let shown = ''; // key of the sentence that is to be seen

replaceBlockedStorage();
applyTheme();
mendAddress();
const words = speak();
// A form speaks to the program only. Its own handler comes later than the browser's wish to load a new page.
document.addEventListener('submit', (event) => event.preventDefault());
start();

async function start() {
  if (window.origin === 'null') return; // frame.js has said why
  if (typeof WebAssembly !== 'object') {
    show('error_start_browser');
    return;
  }
  if (typeof RTCPeerConnection !== 'function') {
    /** @type {any} */ (window).Arbiter?.publish('jsc/unavailable/webrtc', null);
    show('error_webrtc_unavailable');
    return;
  }
  show('state_starting');
  let instance;
  const go = new /** @type {any} */ (window).Go();
  go.env.PHONE_FILES = FILES.href;
  try {
    instance = await load(go.importObject);
  } catch (error) {
    console.error('loading the phone:', error);
    show('error_start_download', 'action_try_again', start);
    return;
  }
  performance.mark('phone-compiled');
  go.run(instance).finally(() => {
    showStopped();
  });
}

/**
 * Compiles while the program comes. The response is handed over untouched, so that the browser can keep what it compiled.
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Instance>}
 */
async function load(imports) {
  const response = await fetch(new URL('app.wasm', FILES));
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}`);
  }
  const type = response.headers.get('Content-Type') ?? '';
  const { instance } = type.startsWith('application/wasm')
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return instance;
}

/**
 * The words of the person's language, English where there are none. The phone fetches the same file after this.
 * @returns {Promise<Record<string, string>>}
 */
async function speak() {
  const language = preferred();
  if (language === 'en') {
    return ENGLISH;
  }
  try {
    const response = await fetch(`locales/${language}.json`, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });
    const texts = { ...ENGLISH, ...await response.json() };
    document.documentElement.lang = language;
    document.documentElement.dir = language === 'he' ? 'rtl' : 'ltr';
    return texts;
  } catch {
    return ENGLISH;
  }
}

/**
 * The language of the address, else the one chosen before, else the browser's.
 * @returns {string}
 */
function preferred() {
  const wanted = [new URLSearchParams(location.search).get('lang'), localStorage.getItem('gocommunicator.language'), ...navigator.languages];
  for (const tag of wanted) {
    const language = tag?.split(/[-_]/)[0].replace(/^no$/, 'nb') ?? '';
    if (language === 'en' || LANGUAGES.includes(language)) {
      return language;
    }
  }
  return 'en';
}

/**
 * Says what is so, unless the phone is there meanwhile, and what can be done.
 * @param {string} sentence key
 * @param {string} [label] key of the button, when something can be done
 * @param {() => void} [action] what it does
 */
async function show(sentence, label, action) {
  shown = sentence;
  const texts = await words;
  const place = document.getElementById('start-words');
  if (!place || shown !== sentence) {
    return;
  }
  place.textContent = texts[sentence];
  element('start-progress').hidden = sentence !== 'state_starting';
  const button = element('start-retry');
  button.hidden = !label;
  if (label && action) {
    button.textContent = texts[label];
    button.onclick = action;
    button.focus();
  }
}

/** The program has ended, which it never does by itself. */
async function showStopped() {
  const texts = await words;
  const start = document.createElement('div');
  start.className = 'start start-over';
  start.setAttribute('role', 'alert');
  const sentence = document.createElement('p');
  sentence.className = 'start-words';
  sentence.textContent = texts.error_start_stopped;
  const button = document.createElement('button');
  button.className = 'wide primary';
  button.textContent = texts.action_start_again;
  button.onclick = () => location.reload();
  start.append(sentence, button);
  document.body.append(start);
  button.focus();
}

/** The theme chosen before, set before anything is drawn. */
function applyTheme() {
  const theme = localStorage.getItem('gocommunicator.theme');
  if (theme) document.documentElement.dataset.theme = theme;
}

/** Where cookies are blocked, touching storage throws and would end the program: it gets one that forgets. */
function replaceBlockedStorage() {
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      void window[/** @type {'localStorage'} */ (name)].length;
    } catch {
      Object.defineProperty(window, name, { value: forgetfulStorage() });
    }
  }
}

/** @returns {Storage} */
function forgetfulStorage() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    get length() { return items.size; },
    key: (i) => [...items.keys()][i] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => { items.set(key, String(value)); },
    removeItem: (key) => { items.delete(key); },
    clear: () => items.clear(),
  };
}

/** An address that Go cannot read, such as one that ends in #100%, would end the program: its fragment goes. */
function mendAddress() {
  try {
    decodeURIComponent(location.hash);
  } catch {
    history.replaceState(history.state, '', location.pathname + location.search);
  }
}

/** Asks a server of the web, who may be anybody, for a small JSON file, and gives its text: see app/fetch. */
/** @type {any} */ (window).fetchJSON = async (/** @type {string} */ method, /** @type {string} */ address) => {
  const check = (/** @type {string} */ url) => {
    const { protocol, hostname } = new URL(url, document.baseURI);
    if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]', location.hostname].includes(hostname)) throw new Error('not secure');
  };
  check(address);
  const response = await fetch(address, { method, credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', signal: AbortSignal.timeout(8000) });
  check(response.url);
  if (!response.ok || !/^application\/(.+\+)?json\b/i.test(response.headers.get('Content-Type') ?? '')) {
    throw new Error(`no JSON, status ${response.status}`);
  }
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader(), decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > 65536) {
      reader.cancel();
      throw new Error('too large');
    }
    text += decoder.decode(value, { stream: true });
  }
};

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
