// @ts-check
// The phone's side of a widget: a page of another origin holds this one in a frame, and its
// Arbiter and this one's are to be as one. web/embed.js is the other side.
//
// Who holds the frame is asked for its name first, and must be on the list in the settings
// (embed.allowed_origins) or be of this page's own origin. Then it gets a port, and from
// there on nothing that is posted to the window counts: a script that has no port can
// forge nothing.
(() => {
  'use strict';

  /** Of what the two sides say to each other. */
  const VERSION = 1;
  /** How long a page may take to answer. */
  const PATIENCE_MS = 3000;

  const page = /** @type {any} */ (window);

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
  page.joinHost = async (allowed) => {
    const host = window.parent;
    if (ours(host)) return '';
    const { port, settings } = await greet(host, [location.origin, ...allowed]);
    connect(port);
    return settings;
  };

  /**
   * @param {Window} host
   * @param {string[]} allowed
   * @returns {Promise<{port: MessagePort, settings: string}>}
   */
  function greet(host, allowed) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(new Error('no answer'))), PATIENCE_MS);
      const receive = (/** @type {MessageEvent} */ { source, origin, data, ports }) => {
        if (source !== host || data?.sipPhone !== 'welcome') return;
        // Two pages in sandboxes are not of one origin, though each says null.
        if (origin === 'null' || !allowed.some((pattern) => matches(pattern, origin))) {
          host.postMessage({ sipPhone: 'refused', version: VERSION }, '*');
          end(() => reject(new Error(origin)));
        } else if (data.version !== VERSION || ports.length !== 1) {
          end(() => reject(new Error('another version')));
        } else {
          end(() => resolve({ port: ports[0], settings: typeof data.settings === 'string' ? data.settings : '' }));
        }
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

  /** Lets messages through, both ways. @param {MessagePort} port */
  function connect(port) {
    const { Arbiter } = page;
    let from = ''; // the topic that is just coming from the host
    port.onmessage = ({ data }) => {
      if (typeof data?.topic === 'string' && data.topic.startsWith('jsc/')) {
        from = data.topic;
        Arbiter.publish(data.topic, data.data);
        from = '';
      }
      if (data?.theme && typeof data.theme === 'object') restyle(data.theme);
    };
    Arbiter.subscribe('jsc/*', {}, null, (/** @type {any} */ data, /** @type {string} */ topic) => {
      if (topic !== from) port.postMessage({ topic, data });
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
