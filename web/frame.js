// @ts-check
// The phone's side of a widget: a page of another origin holds this one in a frame, or has
// opened it in a window, and its Arbiter and this one's are to be as one. web/embed.js is the
// other side.
//
// Whose page that is is asked for first: it must be on the list in the settings
// (embed.allowed_origins) or be of this page's own origin. Then it gets a port, and from
// there on nothing that is posted to the window counts: a script that has no port can
// forge nothing. A window outlives the page that opened it: it says hello to whatever page
// comes to stand in that place.
(() => {
  'use strict';

  /** Of what the two sides say to each other. */
  const VERSION = 1;
  /** How long a page may take to answer. */
  const PATIENCE_MS = 3000;
  /** How often a window looks for the page that opened it. */
  const AGAIN_MS = 500;
  /** What stands around a button alone, in px. */
  const AROUND = 16;

  const page = /** @type {any} */ (window);
  /** To the page around this one. @type {MessagePort | undefined} */
  let host;
  let subscribed = false;

  // In a sandbox this page is of no origin: it gets no microphone, remembers nothing, and from
  // most servers not even the program, nor texts of another language.
  if (window.origin === 'null') {
    const open = document.createElement('a');
    open.href = location.href;
    open.target = '_blank';
    open.textContent = 'Open it in a window of its own';
    document.getElementById('start-words')?.replaceChildren('The phone cannot run inside this page. ', open);
    document.getElementById('start-progress')?.remove();
  }

  /**
   * Joins whoever holds this page in a frame.
   * @param {string[]} allowed origins, `https://host` or `http://host:*` for any port
   * @returns {Promise<string>} the settings of its tag, as JSON; empty where nobody has any
   */
  const join = async (/** @type {string[]} */ allowed) => {
    const holder = window.parent;
    if (holder === window) return follow([location.origin, ...allowed]);
    if (ours(holder)) return '';
    const { port, settings } = await greet(holder, [location.origin, ...allowed]);
    connect(port);
    drawn.observe(document.body, { childList: true, subtree: true });
    return settings;
  };

  /** What stands before the topics of this phone in the page that opened this window; null in any other. */
  const opened = new URLSearchParams(location.search).get('window');
  if (window.parent !== window || opened !== null) page.joinHost = join;

  /**
   * @param {Window} host
   * @param {string[]} allowed
   * @returns {Promise<{port: MessagePort, settings: string}>}
   */
  function greet(host, allowed) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(new Error('no answer'))), PATIENCE_MS);
      const receive = (/** @type {MessageEvent} */ event) => {
        if (event.source !== host || event.data?.sipPhone !== 'welcome') return;
        const { wrong, port, settings } = judge(host, event, allowed);
        end(() => (wrong || !port ? reject(new Error(wrong)) : resolve({ port, settings })));
      };
      const end = (/** @type {() => void} */ settle) => {
        clearTimeout(timer);
        removeEventListener('message', receive);
        settle();
      };
      addEventListener('message', receive);
      host.postMessage({ sipPhone: 'hello', version: VERSION }, '*'); // says nothing that is anybody's secret
    });
  }

  /**
   * Judges a welcome, and says so to who is not.
   * @param {Window} host
   * @param {MessageEvent} event
   * @param {string[]} allowed
   * @returns {{wrong: string, port?: MessagePort, settings: string}}
   */
  function judge(host, { origin, data, ports }, allowed) {
    const settings = typeof data.settings === 'string' ? data.settings : '';
    // Two pages in sandboxes are not of one origin, though each says null.
    if (origin === 'null' || !allowed.some((pattern) => matches(pattern, origin))) {
      host.postMessage({ sipPhone: 'refused', version: VERSION }, '*');
      return { wrong: origin, settings };
    }
    if (data.version !== VERSION || ports.length !== 1) return { wrong: 'another version', settings };
    return { wrong: '', port: ports[0], settings };
  }

  /**
   * Joins the page that opened this window, now and whenever there is another in its place.
   * @param {string[]} allowed
   * @returns {Promise<string>} the settings of its tag
   */
  function follow(allowed) {
    const opener = /** @type {Window | null} */ (page.opener);
    return new Promise((resolve, reject) => {
      if (!opener) { // its policy keeps windows apart (Cross-Origin-Opener-Policy), or it is a link that was copied
        reject(new Error('alone'));
        return;
      }
      const hello = () => {
        if (!host && !opener.closed) opener.postMessage({ sipPhone: 'hello', version: VERSION, window: opened }, '*');
      };
      addEventListener('message', (event) => {
        if (event.source !== opener || event.data?.sipPhone !== 'welcome') return;
        const { wrong, port, settings } = judge(opener, event, allowed);
        if (wrong || !port) {
          reject(new Error(wrong));
          return;
        }
        connect(port);
        resolve(settings);
        from = 'jsc/ua/state'; // who has just come wants to know
        page.Arbiter.publish(from);
        from = '';
      });
      hello();
      setInterval(hello, AGAIN_MS);
      setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
    });
  }

  /** Waits for the phone to be drawn: one that is a button alone needs little room. */
  const drawn = new MutationObserver(() => {
    const shell = document.querySelector('.shell');
    if (!shell) return;
    drawn.disconnect();
    if (!shell.matches('[data-button]')) return;
    new MutationObserver(measure).observe(shell, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-call', 'hidden'] });
    measure();
  });

  let size = 0;

  /** Tells the page how high the button is, 0 for a call, or something to be read. */
  function measure() {
    const caller = document.querySelector('.shell[data-call=none]:not(:has([data-notice])) .caller');
    const parts = [...caller?.children ?? []].map((e) => e.getBoundingClientRect()).filter(({ height }) => height > 0);
    const high = parts.length && Math.ceil(Math.max(...parts.map((p) => p.bottom)) - Math.min(...parts.map((p) => p.top))) + 2 * AROUND;
    if (high !== size) host?.postMessage({ size: size = high });
  }

  // The record of a caller. A page that wants to opens it itself, and is asked whether it does.
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-action=record]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (host) {
      event.preventDefault();
      host.postMessage({ record: link.href });
    } else if (page.Arbiter?.[Symbol.for('sip-phone.heard')]?.('jsc/contact/open')) event.preventDefault();
  }, true);

  let from = ''; // the topic that is just coming from the host

  /** Lets messages through, both ways. @param {MessagePort} port */
  function connect(port) {
    const { Arbiter } = page;
    host?.close();
    host = port;
    const left = () => {
      if (host === port) host = undefined;
    };
    port.addEventListener('close', left);
    port.onmessage = ({ data }) => {
      if (typeof data?.topic === 'string' && data.topic.startsWith('jsc/')) {
        from = data.topic;
        Arbiter.publish(data.topic, data.data);
        from = '';
      }
      if (data?.bye) left();
      if (typeof data?.open === 'string' && /^https?:/.test(data.open)) open(data.open, '_blank', 'noopener,noreferrer');
      if (data?.theme && typeof data.theme === 'object') restyle(data.theme);
    };
    if (subscribed) return;
    subscribed = true;
    Arbiter.subscribe('jsc/*', {}, null, (/** @type {any} */ data, /** @type {string} */ topic) => {
      if (topic !== from) host?.postMessage({ topic, data });
    });
  }

  /** Tells a page of our own that holds this one in a plain frame. @param {Window} host */
  function ours(host) {
    try {
      return !(/** @type {any} */ (host).customElements.get('sip-phone'));
    } catch { // of another origin
      return false;
    }
  }

  /** Custom properties of the host's, over those of style/tokens.css. @param {Record<string, any>} theme */
  function restyle(theme) {
    for (const [name, value] of Object.entries(theme)) {
      if (name.startsWith('--')) document.documentElement.style.setProperty(name, String(value));
      else if (name === 'scheme') document.documentElement.dataset.theme = String(value);
    }
  }

  /** @param {string} pattern @param {string} origin */
  function matches(pattern, origin) {
    const anyPort = pattern.endsWith(':*');
    return anyPort ? origin.replace(/:\d+$/, '') === pattern.slice(0, -2) : origin === pattern;
  }
})();
