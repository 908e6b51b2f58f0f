// @ts-check
import { icon, make } from './element.js';
import { hint } from './hints.js';
import { InCall } from './incall.js';
import { Notifier, standing, turn } from './notify.js';

// The phone on a desk among other things: it knows what goes on from the same topics as any
// page around the phone, and has the system tell the person who looks elsewhere.

/**
 * A call as jsc/call/state has it.
 * @typedef {object} Call
 * @property {string} id
 * @property {'in' | 'out'} direction
 * @property {{uri: string, name: string}} peer
 * @property {string} state
 * @property {boolean} video
 * @property {boolean} video_muted
 * @property {boolean} remote_video
 * @property {boolean} muted
 * @property {boolean} local_hold
 * @property {boolean} missed
 * @property {number?} answered ms since 1970
 */

/** Whether this is of a version of its own, on a site that may have another one tomorrow. */
const ON_A_SITE = /\/v\/[0-9a-f]{12}\/parts\//.test(import.meta.url);

const LONGEST = 200; // characters of foreign text in a notification

/** Foreign text without what cannot be shown. @param {string} text */
const printable = (text) => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim().slice(0, LONGEST);

/** What a peer is called. @param {{uri: string, name: string}} peer */
function nameOf({ uri, name }) {
  const address = uri.replace(/^(sips?|tel):/, '');
  return printable(name) || printable(address.split('@')[0]) || printable(address);
}

class SIPDesk extends HTMLElement {
  /** Those that are not over. @type {Map<string, Call>} */
  #calls = new Map();
  /** Messages that were told of. @type {string[]} */
  #told = [];
  /** @type {number[]} */
  #subscribed = [];
  /** @type {(key: string, ...values: string[]) => string} */
  #say = () => '';
  #notifying = false;
  #notifier = new Notifier((action, call) => this.#pressed(action, call));
  #inCall = new InCall((command, call) => this.#steer(command, call), (call) => nameOf(call.peer));
  #unhint = () => {};
  #missedOne = false; // something that would have been told
  /** @type {typeof import('./headset.js').headsets | undefined} */
  #headsets;
  #unwatch = () => {};
  /** The version that the site has by now, as long as the person has not been asked about it. */
  #newer = '';
  /** @type {typeof import('./version.js').keepVersion | undefined} */
  #keep;
  /** What asks about it. @type {HTMLElement | undefined} */
  #renewal;

  connectedCallback() {
    const { calls, words } = /** @type {any} */ (this); // set by the phone, perhaps before this class was there
    this.#say = calls.say;
    this.#notifying = words.notifications;
    const on = (/** @type {string} */ topic, /** @type {(data: any) => void} */ f) => this.#subscribed.push(this.#arbiter.subscribe(topic, f));
    on('jsc/call/state', (call) => this.#changed(call));
    on('jsc/message/received', (message) => this.#message(message));
    on('jsc/ua/snapshot', (snapshot) => { for (const call of snapshot.calls) this.#changed(call); });
    this.#arbiter.publish('jsc/ua/state', null);
    document.addEventListener('visibilitychange', this.#seen);
    if (this.#tells()) this.#notifier.prepare();
    this.#unhint = hint(calls.shortcuts);
    if ('hid' in navigator) this.#listen();
    if (ON_A_SITE) this.#watch();
    // An installed phone that is open takes the links it is opened by: a call in it goes on.
    /** @type {any} */ (window).launchQueue?.setConsumer((/** @type {{targetURL?: string}} */ { targetURL }) => {
      const whom = targetURL && new URL(targetURL).searchParams.get('dial');
      if (whom) this.#arbiter.publish('jsc/destination/set', whom);
    });
  }

  disconnectedCallback() {
    for (const id of this.#subscribed) this.#arbiter.unsubscribe(id);
    document.removeEventListener('visibilitychange', this.#seen);
    this.#notifier.close();
    this.#inCall.close();
    this.#unhint();
    this.#unwatch();
  }

  /** @type {any} */
  get #arbiter() { return /** @type {any} */ (window).Arbiter; }

  #tells() { return this.#notifying && standing() === 'on'; }

  /** @param {Call} call */
  #changed(call) {
    const was = this.#calls.get(call.id);
    const over = call.state === 'ended' || call.state === 'failed';
    if (over) this.#calls.delete(call.id);
    else this.#calls.set(call.id, call);
    if (call.state === 'incoming' && was?.state !== 'incoming') this.#ring(call);
    if (call.state !== 'incoming' && was?.state === 'incoming') this.#rang(call);
    this.#inCall.update([...this.#calls.values()].filter((c) => c.state !== 'incoming'));
    this.#light();
    this.#renew();
  }

  async #watch() {
    const { watchVersion, keepVersion } = await import('./version.js');
    let asked = '';
    this.#keep = keepVersion;
    this.#unwatch = watchVersion((version) => {
      if (version === asked) return;
      this.#newer = asked = version;
      this.#renew();
    });
  }

  /** Offers a new version when there is no call: starting it ends them. */
  #renew() {
    const busy = this.#calls.size > 0;
    if (busy || !this.#newer) {
      if (busy) this.#renewal?.remove();
      return;
    }
    if (!this.#renewal) this.#keep?.(this.#newer); // fetched meanwhile
    this.#renewal?.remove();
    const later = () => {
      this.#newer = '';
      this.#renewal?.remove();
      this.#renewal = undefined;
    };
    this.#renewal = this.#ask('rotate-cw', 'hint_new_version', ['later', 'action_later', later],
      ['start-again', 'action_start_again', () => location.reload()]);
  }

  async #listen() {
    this.#headsets = (await import('./headset.js')).headsets;
    await this.#headsets.start((wish) => this.#wished(wish));
    this.#light();
  }

  /** Shows on the headset how things are. */
  #light() {
    const { talking } = this.#inCall;
    this.#headsets?.show({
      rings: this.#incoming() !== undefined, offHook: talking !== undefined,
      muted: Boolean(talking?.muted), held: Boolean(talking?.local_hold),
    });
  }

  /** The call that rang last. */
  #incoming() { return [...this.#calls.values()].findLast((c) => c.state === 'incoming'); }

  /** A button of the headset. @param {import('./headset.js').Wish} wish */
  #wished(wish) {
    const id = (wish === 'answer' || wish === 'reject' ? this.#incoming() : this.#inCall.talking)?.id;
    if (id === undefined) return;
    const command = { unmute: 'mute', resume: 'hold' }[/** @type {string} */ (wish)] ?? wish;
    const data = { answer: { video: false }, mute: { audio: wish === 'mute' }, hold: { on: wish === 'hold' } };
    this.#arbiter.publish(`jsc/call/${command}`, { id, .../** @type {any} */ (data)[command] });
  }

  /** @param {Call} call */
  #ring(call) {
    this.#tell({
      tag: `call-${call.id}`, title: nameOf(call.peer), body: this.#say('label_incoming_call'), call: call.id,
      actions: [{ action: 'answer', title: this.#say('action_answer') }, { action: 'reject', title: this.#say('action_reject') }],
    });
  }

  /** A call that rang has been answered, or is over. @param {Call} call */
  #rang(call) {
    if (!call.missed || document.visibilityState === 'visible' || !this.#tells()) {
      this.#notifier.hide(`call-${call.id}`);
      return;
    }
    this.#tell({ tag: `call-${call.id}`, title: nameOf(call.peer), body: this.#say('cause_missed', 'Name', nameOf(call.peer)) });
  }

  /** @param {{id: string, peer: {uri: string, name: string}, text: string}} message */
  #message({ id, peer, text }) {
    if (this.#told.includes(id)) return; // published again when its status changes
    this.#told = [id, ...this.#told].slice(0, 100);
    this.#tell({ tag: `chat-${peer.uri}`, title: nameOf(peer), body: printable(text) });
  }

  /** @param {import('./notify.js').Note} note */
  #tell(note) {
    if (document.visibilityState === 'visible' || !this.#notifying) return;
    if (standing() === 'on') this.#notifier.show(note);
    this.#missedOne ||= standing() === 'unasked';
  }

  #seen = () => {
    if (document.visibilityState !== 'visible') {
      for (const call of this.#calls.values()) if (call.state === 'incoming') this.#ring(call);
      return;
    }
    this.#notifier.clear();
    if (this.#missedOne) this.#offer();
  };

  /** Asks, once there was something to be told of, whether the person wants that. */
  #offer() {
    this.#missedOne = false;
    if (this.querySelector('[data-action="notifications-on"]')) return; // it still stands there
    const choice = (/** @type {'on' | 'off'} */ on) => async () => {
      asking.remove();
      await turn(on === 'on');
      if (this.#tells()) this.#notifier.prepare();
    };
    const asking = this.#ask('bell', 'hint_notifications_offer', ['notifications-off', 'action_notifications_off', choice('off')],
      ['notifications-on', 'action_notifications_on', choice('on')]);
  }

  /**
   * Asks the person something.
   * @param {string} symbol @param {string} question key
   * @param {[action: string, label: string, does: () => void][]} answers the last one is what is offered
   * @returns {HTMLElement}
   */
  #ask(symbol, question, ...answers) {
    const buttons = answers.map(([action, label, onclick], i) => make('button', {
      type: 'button', className: `wide ${i === answers.length - 1 ? 'primary' : 'secondary'}`, 'data-action': action, onclick,
    }, this.#say(label)));
    const asking = make('div', { className: 'notice desk-offer', role: 'alertdialog', 'aria-label': this.#say(question) },
      icon(symbol), make('p', {}, this.#say(question)), make('div', { className: 'desk-choice' }, ...buttons));
    this.append(asking);
    return asking;
  }

  /** A button of a notification, or the notification itself. @param {string} action @param {string} id */
  #pressed(action, id) {
    if (this.#calls.get(id)?.state !== 'incoming' || action === '') return;
    this.#arbiter.publish(`jsc/call/${action}`, action === 'answer' ? { id, video: false } : { id });
  }

  /** @param {string} command @param {Call} call */
  #steer(command, { id, muted, video_muted: dark }) {
    if (command === 'hangup') this.#arbiter.publish('jsc/call/hangup', { id });
    else this.#arbiter.publish('jsc/call/mute', { id, ...(command === 'mute' ? { audio: !muted } : { video: !dark }) });
  }
}

customElements.define('sip-desk', SIPDesk);
