// @ts-check
// Topics by which a page and the phone in it speak to each other: window.Arbiter with the
// methods and behaviour of Arbiter.js. A page that brings its own keeps it.
//
// This is a classic script, not a module: scripts of the page that stand behind it in the
// HTML may use Arbiter at once, long before the phone has loaded. What they ask of the
// phone meanwhile is kept until it can answer.
(() => {
  'use strict';

  /**
   * @typedef {object} PublishOptions
   * @property {boolean} [async] subscribers are called later, not before publish returns
   * @property {boolean} [persist] those who subscribe later get the message too
   * @property {boolean} [cancelable] false: no subscriber can keep it from the next
   *
   * @typedef {object} SubscribeOptions
   * @property {boolean} [async] called later, however the message is published
   * @property {boolean} [persist] false: messages from before are not wanted
   * @property {number} [priority] higher ones are called first; default 0
   *
   * @typedef {(this: any, data: any, topic: string, shared: object) => any} Subscriber
   *
   * @typedef {object} Subscription
   * @property {number} id
   * @property {string} topic without the * at its end
   * @property {boolean} prefix whether there was one
   * @property {SubscribeOptions} options
   * @property {any} context
   * @property {Subscriber} call
   * @property {boolean} active
   */

  function create() {
    /** @type {Map<number, Subscription>} */
    const subscriptions = new Map();
    /** @type {Map<string, any>} */
    const persistent = new Map();
    let lastID = 0;

    const matches = (/** @type {Subscription} */ s, /** @type {string} */ topic) =>
      s.prefix ? topic.startsWith(s.topic) : topic === s.topic;

    /**
     * Calls one subscriber.
     * @param {Subscription} s
     * @param {string} topic
     * @param {any} data
     * @param {object} shared what subscribers of one message tell each other
     * @returns {any} what it returned
     */
    function call(s, topic, data, shared) {
      try {
        return s.call.call(s.context, data, topic, shared);
      } catch (error) {
        arbiter.onError(error, topic, data);
        return FAILED;
      }
    }

    function callLater(/** @type {Subscription} */ s, /** @type {string} */ topic, /** @type {any} */ data, /** @type {object} */ shared) {
      setTimeout(() => {
        if (s.active) call(s, topic, data, shared);
      });
    }

    const arbiter = {
      /**
       * Sends a message. A subscriber that returns false keeps it from those after it.
       * @param {string} topic without blanks, commas and *
       * @param {any} [data]
       * @param {PublishOptions} [options]
       * @returns {boolean} false when a subscriber has thrown
       */
      publish(topic, data, options) {
        const { async = false, persist = false, cancelable = true } = options ?? {};
        if (persist) persistent.set(topic, data);
        const shared = {};
        let fine = true;
        const all = [...subscriptions.values()].filter((s) => s.active && matches(s, topic));
        all.sort((a, b) => (b.options.priority ?? 0) - (a.options.priority ?? 0));
        for (const s of all) {
          if (!s.active) continue; // one before it has unsubscribed it
          if (async || s.options.async) {
            callLater(s, topic, data, shared);
            continue;
          }
          const result = call(s, topic, data, shared);
          if (result === FAILED) fine = false;
          if (result === false && cancelable) break;
        }
        return fine;
      },

      /**
       * subscribe(topics, subscriber), subscribe(topics, options, subscriber) or
       * subscribe(topics, options, context, subscriber). A * at the end of a topic stands
       * for any end.
       * @param {string | string[]} topics one, or several in a list or with commas or blanks
       * @param {...any} rest
       * @returns {number | number[]} the id for unsubscribe; of several topics their ids
       */
      subscribe(topics, ...rest) {
        const subscriber = rest.pop();
        if (typeof subscriber !== 'function') throw new TypeError('Arbiter.subscribe needs a function');
        const [options, context] = rest;
        const names = [topics].flat().flatMap((t) => String(t).split(/[\s,]+/)).filter(Boolean);
        const ids = names.map((name) => {
          const prefix = name.endsWith('*');
          /** @type {Subscription} */
          const s = {
            id: ++lastID,
            topic: prefix ? name.slice(0, -1) : name,
            prefix,
            options: options ?? {},
            context: context ?? globalThis,
            call: subscriber,
            active: true,
          };
          subscriptions.set(s.id, s);
          if (s.options.persist === false) return s.id;
          for (const [topic, data] of [...persistent]) {
            if (!matches(s, topic)) continue;
            if (s.options.async) callLater(s, topic, data, {});
            else call(s, topic, data, {});
          }
          return s.id;
        });
        return ids.length === 1 ? ids[0] : ids;
      },

      /**
       * Ends subscriptions, so that resubscribe can take them up again.
       * @param {number | number[]} id
       * @returns {boolean} false when there is no such subscription
       */
      unsubscribe: (id) => switchTo(id, false),

      /**
       * Takes up subscriptions that were ended.
       * @param {number | number[]} id
       * @returns {boolean} false when there is no such subscription
       */
      resubscribe: (id) => switchTo(id, true),

      /**
       * Called with what a subscriber has thrown; a page may put its own in place.
       * @param {any} error
       * @param {string} topic
       * @param {any} data
       */
      onError(error, topic, data) {
        console.error(`Arbiter: a subscriber of ${topic} failed:`, error, data);
      },

      /** For the phone: whether somebody waits for a topic by its name. @param {string} topic */
      [Symbol.for('sip-phone.heard')]: (topic) => [...subscriptions.values()].some((s) => s.active && !s.prefix && s.topic === topic),

      /** Makes another Arbiter that knows nothing of this one. */
      create,
    };

    function switchTo(/** @type {number | number[]} */ id, /** @type {boolean} */ active) {
      const found = [id].flat().map((i) => subscriptions.get(Number(i)));
      for (const s of found) if (s) s.active = active;
      return found.length > 0 && found.every(Boolean);
    }
    return arbiter;
  }

  /** What call returns for a subscriber that has thrown. */
  const FAILED = Symbol('failed');

  const page = /** @type {any} */ (globalThis);
  page.Arbiter ??= create();

  /** How many messages are kept for the phone; older ones are dropped. */
  const KEPT = 100;
  /** @type {[string, any][]} */
  const early = [];
  const id = page.Arbiter.subscribe('jsc/*', {}, null, (/** @type {any} */ data, /** @type {string} */ topic) => {
    early.push([topic, data]);
    if (early.length > KEPT) early.shift();
  });

  /** For the phone: hands over what was published before it was there, and keeps no more. */
  page[Symbol.for('sip-phone.early')] = () => {
    page.Arbiter.unsubscribe(id);
    return early.splice(0);
  };
})();
