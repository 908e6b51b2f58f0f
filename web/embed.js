// @ts-check
// The phone as an element of any page:
//
//   <script src="https://phone.example/embed.js" defer></script>
//   <sip-phone></sip-phone>
//
// The phone itself is a frame of the origin that this script is from; web/frame.js is its
// side. The page gets the element and, unless it has one, the window.Arbiter of
// web/arbiter.js, which the Makefile puts before this. What is published there before the
// phone is ready is kept for it.
(() => {
  'use strict';

  /**
   * @typedef {(data: any, topic: string) => any} Subscriber
   * @typedef {{publish: (topic: string, data?: any, options?: object) => boolean, subscribe: (topics: string, options: object, context: any, subscriber: Subscriber) => any, unsubscribe: (id: any) => boolean}} Arbiter
   */

  /** Of what the two sides say to each other. */
  const VERSION = 1;
  /** How many messages are kept for a phone that is not there yet; older ones are dropped. */
  const KEPT = 100;
  /** How long a phone may take from its document to its first word. */
  const PATIENCE_MS = 10_000;
  /** What the phone may use of what the page may. */
  const ALLOW = ['microphone', 'camera', 'display-capture', 'autoplay', 'fullscreen', 'picture-in-picture', 'speaker-selection',
    'clipboard-write', 'screen-wake-lock', 'hid', 'geolocation'];
  /** Attributes that go into the phone's address, and what they are called there. */
  const ADDRESS = ['account', 'dial', 'video', 'lang'];
  const KNOWN = [...ADDRESS, 'src', 'config', 'theme', 'prefix', 'load', 'mode', 'open', 'label', 'links'];
  /** How long after a failure a part is asked for again. */
  const AGAIN_MS = 4000;
  /** How often it is looked whether the phone's window is still there. */
  const LOOK_MS = 500;
  /** Of HTML itself. */
  const GLOBAL = /^(id|class|style|slot|part|hidden|title|role|tabindex|dir|is|aria-.*|data-.*|on.*)$/;

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const HOME = new URL('.', script?.src ?? location.href);
  const nonce = script?.nonce ?? '';

  const STYLE = new CSSStyleSheet(); // which the page's policy on styles leaves alone
  STYLE.replaceSync(`
    :host { display: block; inline-size: 22.5rem; block-size: 36rem; max-inline-size: 100%; }
    :host([hidden]) { display: none; }
    :host(:is([mode=docked], [mode=window])) { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000;
      max-block-size: calc(100dvh - 2rem); max-inline-size: calc(100dvw - 2rem); display: flex; flex-direction: column; align-items: end; justify-content: end; gap: .75rem; pointer-events: none; }
    :host(:is([mode=docked], [mode=window])) > * { pointer-events: auto; }
    .frame { display: block; inline-size: 100%; block-size: 100%; border: 0; color-scheme: normal; }
    :host([mode=docked]) .frame { border-radius: 1rem; box-shadow: 0 .5rem 2rem rgb(0 0 0 / 30%); min-block-size: 0; }
    :host([mode=docked]:not([open])) .frame { visibility: hidden; block-size: 0; }
    .button { display: none; }
    :host(:is([mode=docked], [mode=window])) .button { display: grid; place-items: center; flex: none; inline-size: 3.5rem; block-size: 3.5rem; border: 0;
      border-radius: 50%; background: var(--sip-phone-accent, #1f5fbf); color: var(--sip-phone-accent-ink, #fff); cursor: pointer;
      box-shadow: 0 .25rem 1rem rgb(0 0 0 / 30%); }
    .button::before { content: ""; inline-size: 18px; block-size: 18px; scale: 1.35; background: currentcolor;
      clip-path: path("M13.8 10.4a1 1 0 0 0-1.2.3l-.4.5a1 1 0 0 1-1.2.3 13 13 0 0 1-3.5-3.5 1 1 0 0 1 .3-1.2l.5-.4a1 1 0 0 0 .3-1.2L7.2 1.6A1 1 0 0 0 6 1.1l-2.9.8A1.5 1.5 0 0 0 2 3.6 15.5 15.5 0 0 0 15.4 17a1.5 1.5 0 0 0 1.7-1.1l.8-2.9a1 1 0 0 0-.6-1.2z"); }
    .button:focus-visible { outline: 3px solid var(--sip-phone-accent, #1f5fbf); outline-offset: 3px; }
    .button.button[data-busy] { background: #147a42; }`);

  class SIPPhone extends HTMLElement {
    /** @type {HTMLIFrameElement | undefined} */
    #frame;
    /** @type {MessagePort | undefined} */
    #port;
    /** @type {{topic: string, data: any}[]} */
    #early = [];
    #from = ''; // the topic that is just coming from the phone
    /** @type {any} */
    #subscription;
    #button = document.createElement('button');
    #room = new CSSStyleSheet();
    #idle = 0;
    #timer = 0;
    /** @type {(() => void) | undefined} */
    #unlink;
    /** The phone, in a window of its own. @type {Window | undefined} */
    #window;
    #refused = false;
    #fresh = false; // a window that was there before this page
    #leave = () => {
      this.#port?.postMessage({ bye: true });
      this.#port = undefined;
    };
    #shadow = this.attachShadow({ mode: 'closed' });
    #receive = (/** @type {MessageEvent} */ event) => this.#greeted(event);

    static observedAttributes = ['theme', 'open'];
    /** What only some tags need: each is put here by web/embed/name.js. @type {Record<string, any>} */
    static parts = {};

    connectedCallback() {
      this.#shadow.adoptedStyleSheets = [STYLE, this.#room];
      this.#button.className = 'button';
      this.#button.part.add('button');
      this.#button.setAttribute('aria-label', this.getAttribute('label') ?? 'Phone');
      this.#button.onclick = () => (this.#away ? this.show() : this.toggleAttribute('open'));
      this.#shadow.replaceChildren(this.#button);
      this.#check();
      const { prefix } = this;
      this.#subscription = arbiter().subscribe(`${prefix}jsc/*`, {}, null, (data, topic) => {
        if (topic !== this.#from) this.#send({ topic: topic.slice(prefix.length), data });
      });
      addEventListener('message', this.#receive);
      // Published before there was any phone.
      for (const [topic, data] of /** @type {any} */ (window)[Symbol.for('sip-phone.early')]()) arbiter().publish(topic, data);
      const links = this.getAttribute('links');
      if (links !== null) {
        this.#part('links', (answer) => {
          this.#unlink = answer(this, links === 'text');
        }, 3);
      }
      if (this.#away) {
        addEventListener('pagehide', this.#leave);
        this.#timer = setInterval(() => this.#look(), LOOK_MS);
        part('window', this.#source('window')).catch(() => {}); // it is needed in the moment of the click
        return;
      }
      switch (this.getAttribute('load')) {
        case 'now': this.load(); break;
        case 'call': break; // when it is first asked for something
        default:
          this.#idle = (window.requestIdleCallback ?? setTimeout)(() => this.load());
      }
    }

    disconnectedCallback() {
      (window.cancelIdleCallback ?? clearTimeout)(this.#idle);
      clearTimeout(this.#timer);
      removeEventListener('message', this.#receive);
      removeEventListener('pagehide', this.#leave);
      this.#unlink?.();
      arbiter().unsubscribe(this.#subscription);
      this.#port?.close();
      this.#port = this.#frame = this.#window = undefined;
      this.#shadow.replaceChildren();
    }

    /** @param {string} name */
    attributeChangedCallback(name) {
      if (name === 'theme') this.#retheme();
      this.#button.setAttribute('aria-expanded', String(this.hasAttribute('open')));
      if (name === 'open' && this.hasAttribute('open')) this.load();
    }

    /** What stands before the topics of this phone, so that several can be told apart. */
    get prefix() { return this.getAttribute('prefix') ?? ''; }

    /** Whether it stands in a window of its own. */
    get #away() { return this.getAttribute('mode') === 'window'; }

    /** The phone's address; undefined when the tag has none that is one. @returns {URL | undefined} */
    #address() {
      let address;
      try {
        address = new URL(this.getAttribute('src') ?? '', HOME);
      } catch {
        this.#complain('src', 'is no address');
        return undefined;
      }
      for (const name of ADDRESS) {
        const value = this.getAttribute(name);
        if (value !== null) address.searchParams.set(name, value);
      }
      if (this.#away) address.searchParams.set('window', this.prefix);
      return address;
    }

    /** Loads the phone, unless that has begun. A window only the person opens. */
    load() {
      if (this.#frame || !this.isConnected || this.#away) return;
      const address = this.#address();
      if (!address) return;
      this.#frame = document.createElement('iframe');
      this.#frame.className = 'frame';
      this.#frame.part.add('frame');
      this.#frame.title = this.getAttribute('label') ?? 'Phone';
      this.#frame.allow = ALLOW.map((feature) => `${feature} ${address.origin}`).join('; ');
      this.#frame.src = address.href;
      this.#frame.onload = () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          if (!this.#port) this.#complain('src', 'has no phone that answers: it is not there, it may not be held in a frame, or a sandbox is around it');
        }, PATIENCE_MS);
      };
      this.#shadow.insertBefore(this.#frame, this.#button);
      const policy = /** @type {any} */ (document).featurePolicy;
      if (policy && !policy.allowsFeature('microphone')) {
        this.#complain('microphone', 'is forbidden to this page by its Permissions-Policy: nobody will hear you');
      }
    }

    /** Has the person see the phone. */
    show() {
      if (!this.#away) {
        this.setAttribute('open', '');
        this.load();
        return;
      }
      this.#part('window', (open) => {
        this.#window = open(this, this.#address(), this.#shadow, this.#window, (/** @type {string} */ problem) => this.#complain('window', problem));
      });
    }

    /** Notices that the window was closed. */
    #look() {
      if (!this.#window?.closed) return;
      this.#window = this.#port = undefined;
      if (!this.hasAttribute('open')) { // it has never spoken
        this.#complain('window', 'was closed, or cannot speak with this page because of its Cross-Origin-Opener-Policy: the phone works on its own there');
        return;
      }
      this.removeAttribute('open');
      this.#told({ topic: 'jsc/ua/notready', data: null });
    }

    /** Asks the phone for something, as Arbiter.publish does. @param {string} topic @param {any} [data] */
    publish(topic, data) { this.#send({ topic, data }); }

    /** @param {{topic: string, data: any}} message */
    #send(message) {
      this.load();
      if (this.#away && !this.#port && message.topic === 'jsc/call/dial') this.show();
      if (this.#port) {
        try {
          this.#port.postMessage(message);
        } catch { // what cannot be copied
          this.#complain(message.topic, 'has data that cannot be sent');
        }
        return;
      }
      this.#early.push(message);
      if (this.#early.length > KEPT) this.#early.shift();
    }

    /** @param {MessageEvent} event */
    #greeted({ source, origin, data }) {
      if (this.#away) {
        // Of a page of the phone's that was opened here, perhaps by a page before this one.
        const again = data?.sipPhone === 'hello' && data.window === this.prefix && !this.#refused;
        if (source === null || origin !== this.#address()?.origin || !again && source !== this.#window) return;
        this.#window = /** @type {Window} */ (source);
      } else if (!this.#frame || source !== this.#frame.contentWindow || origin !== new URL(this.#frame.src).origin) return;
      if (data?.sipPhone === 'refused') {
        if (!this.#away) clearTimeout(this.#timer);
        this.#refused = true;
        this.#port = undefined;
        this.#complain('embed.allowed_origins', `of the phone's settings does not have ${location.origin}`);
      }
      if (data?.sipPhone !== 'hello') return;
      this.#port?.close(); // it was loaded anew
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.onmessage = (event) => this.#told(event.data);
      const settings = this.getAttribute('config') ?? '';
      /** @type {Window} */ (source).postMessage({ sipPhone: 'welcome', version: VERSION, settings }, origin, [port2]);
      this.#fresh = this.#away;
      this.#retheme();
      for (const message of this.#early.splice(0)) this.#send(message);
    }

    /** @param {any} message */
    #told({ topic, data, record, size }) {
      if (typeof size === 'number') { // what it needs, where it is a button alone
        this.#room.replaceSync(size > 0 ? `:host(:not([mode=docked])) { block-size: ${Math.min(size, 1000)}px; }` : '');
        return;
      }
      if (record) { // which a page that wants to opens itself
        if (!/** @type {any} */ (arbiter())[Symbol.for('sip-phone.heard')]?.(`${this.prefix}jsc/contact/open`)) this.#port?.postMessage({ open: record });
        return;
      }
      if (topic === 'jsc/call/incoming' || this.#fresh) this.setAttribute('open', '');
      if (topic === 'jsc/ua/snapshot' && this.#fresh) { // nothing of it has been told to this page
        this.#fresh = false;
        this.#told({ topic: 'jsc/link/state', data: data.link });
        this.#told({ topic: 'jsc/registration/state', data: data.registration });
        for (const call of data.calls) this.#told({ topic: 'jsc/call/state', data: call });
        this.#told({ topic: data.calls.length ? 'jsc/ua/incall' : data.link.state === 'up' ? 'jsc/ua/idle' : 'jsc/ua/notready', data: null });
      }
      if (topic === 'jsc/ua/incall') this.#button.dataset.busy = '';
      if (topic === 'jsc/ua/idle') delete this.#button.dataset.busy;
      this.#from = this.prefix + topic;
      arbiter().publish(this.#from, data);
      this.#from = '';
      this.dispatchEvent(new CustomEvent(topic, { detail: data }));
    }

    /**
     * Does something with a part, unless the element has gone meanwhile.
     * @param {string} name
     * @param {(part: any) => void} use
     * @param {number} [again] how often more it is asked for when nobody asks
     */
    #part(name, use, again) {
      const source = this.#source(name);
      part(name, source).then(() => {
        if (this.isConnected) use(SIPPhone.parts[name]);
      }, () => {
        this.#complain(name, `needs ${source}, which could not be loaded`);
        if (again) setTimeout(() => this.isConnected && this.#part(name, use, again - 1), AGAIN_MS);
      });
    }

    /** @param {string} name */
    #source(name) { return new URL(`embed/${name}.js`, new URL(this.getAttribute('src') ?? '', HOME)).href; }

    #retheme() {
      const text = this.getAttribute('theme');
      if (text === null || !this.#port) return;
      try {
        this.#port.postMessage({ theme: JSON.parse(text) });
      } catch (error) {
        this.#complain('theme', String(error));
      }
    }

    /** Says what is wrong with the tag, to who writes the page. */
    #check() {
      for (const { name } of this.attributes) {
        if (!KNOWN.includes(name) && !GLOBAL.test(name)) this.#complain(name, 'is no attribute of sip-phone');
      }
    }

    /** @param {string} what @param {string} problem */
    #complain(what, problem) {
      const message = `${what} ${problem}`;
      console.warn('sip-phone:', message);
      // Later: whoever wants to know of it comes after the element.
      setTimeout(() => this.#told({ topic: 'jsc/error', data: { code: 'error_embed', message } }));
    }
  }

  /** The page's own, or ours. @returns {Arbiter} */
  function arbiter() {
    return /** @type {any} */ (window).Arbiter;
  }

  /** @type {Record<string, Promise<void>>} */
  const loading = {};

  let failures = 0;

  /** Loads a part, once; after a failure anew, whatever was kept of that. @param {string} name @param {string} src */
  function part(name, src) {
    return loading[name] ??= new Promise((resolve, reject) => {
      const element = document.createElement('script');
      element.src = failures ? `${src}?${failures}` : src;
      element.nonce = nonce;
      element.onload = element.onerror = () => {
        if (SIPPhone.parts[name]) resolve();
        else {
          delete loading[name];
          failures++;
          reject();
        }
      };
      document.head.append(element);
      element.remove(); // it is loaded all the same
    });
  }

  if (!customElements.get('sip-phone')) customElements.define('sip-phone', SIPPhone);
})();
