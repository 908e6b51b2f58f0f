// @ts-check
// Starts the phone in a page: fetches the program, compiles it while it comes, runs it.
// What can go wrong before the program can speak is said here.

/**
 * What is said before the program is there.
 * @type {Record<string, Record<string, string>>}
 */
const WORDS = {
  en: {
    loading: 'Starting the phone…',
    webassembly: 'This browser cannot run the phone. Try a current Firefox, Chrome, Edge or Safari.',
    webrtc: 'This browser cannot make calls. Try a current Firefox, Chrome, Edge or Safari.',
    download: 'The phone could not be loaded. Check your connection and try again.',
    stopped: 'The phone has stopped. Start it again to go on.',
    retry: 'Try again',
    restart: 'Start again',
  },
  de: {
    loading: 'Das Telefon startet…',
    webassembly: 'Dieser Browser kann das Telefon nicht ausführen. Nimm ein aktuelles Firefox, Chrome, Edge oder Safari.',
    webrtc: 'Dieser Browser kann nicht telefonieren. Nimm ein aktuelles Firefox, Chrome, Edge oder Safari.',
    download: 'Das Telefon konnte nicht geladen werden. Prüfe die Verbindung und versuche es noch einmal.',
    stopped: 'Das Telefon ist stehen geblieben. Starte es neu, um weiterzumachen.',
    retry: 'Noch einmal',
    restart: 'Neu starten',
  },
};

const words = WORDS[navigator.languages.map((l) => l.split('-')[0]).find((l) => l in WORDS) ?? 'en'];

/** The program, beside the page. */
const PROGRAM = new URL('../app.wasm', import.meta.url);

applyTheme();
replaceBlockedStorage();
mendAddress();
// A form speaks to the program only. Its own handler comes later than the browser's wish to load a new page.
document.addEventListener('submit', (event) => event.preventDefault());
start();

async function start() {
  if (typeof WebAssembly !== 'object') {
    fail('webassembly');
    return;
  }
  if (typeof RTCPeerConnection !== 'function') {
    /** @type {any} */ (window).Arbiter?.publish('jsc/unavailable/webrtc', null);
    fail('webrtc');
    return;
  }
  say(words.loading);
  let instance;
  const go = new /** @type {any} */ (window).Go();
  try {
    instance = await load(go.importObject);
  } catch (error) {
    console.error('loading the phone:', error);
    fail('download', words.retry, start);
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
  const response = await fetch(PROGRAM);
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}`);
  }
  const type = response.headers.get('Content-Type') ?? '';
  const { instance } = type.startsWith('application/wasm')
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return instance;
}

/** @param {string} text */
function say(text) {
  element('start-words').textContent = text;
  element('start-progress').hidden = false;
  element('start-retry').hidden = true;
}

/**
 * @param {string} what key of the sentence
 * @param {string} [label] of the button, when something can be done
 * @param {() => void} [action] what it does
 */
function fail(what, label, action) {
  say(words[what]);
  element('start-progress').hidden = true;
  const button = element('start-retry');
  if (label && action) {
    button.textContent = label;
    button.onclick = action;
    button.hidden = false;
    button.focus();
  }
}

/** The program has ended, which it never does by itself. */
function showStopped() {
  const start = document.createElement('div');
  start.className = 'start start-over';
  start.setAttribute('role', 'alert');
  const sentence = document.createElement('p');
  sentence.className = 'start-words';
  sentence.textContent = words.stopped;
  const button = document.createElement('button');
  button.className = 'wide primary';
  button.textContent = words.restart;
  button.onclick = () => location.reload();
  start.append(sentence, button);
  document.body.append(start);
  button.focus();
}

/** The theme chosen before, set before anything is drawn. */
function applyTheme() {
  try {
    const theme = localStorage.getItem('gocommunicator.theme');
    if (theme === 'light' || theme === 'dark') {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // Storage is blocked: the system's theme then.
  }
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

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
