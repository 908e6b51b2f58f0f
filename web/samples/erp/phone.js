// @ts-check
// What the ERP and the phone say to each other. The phone is in a window of its own, which
// these pages find again, so that calls go on while one page follows the other.
import { get, putCall } from './api.js';
import { draw, foreign } from './draw.js';

/** Callers by the ids of their calls. @type {Map<string, {name?: string, url?: string}>} */
const callers = new Map();
/** Calls that ring here. @type {Set<string>} */
const ringing = new Set();

const { Arbiter } = /** @type {any} */ (window);
if (Arbiter) join();
else say('The phone cannot be reached. Numbers are called by whatever else this computer has for that.');

function join() {
  // Who is that? The phone shows the answer, of nobody's number too: then it need not wait.
  Arbiter.subscribe('jsc/contact/lookup', async (/** @type {{id: string, uri: string, number: string}} */ { id, uri, number }) => {
    try {
      const who = await get(`api/lookup?${new URLSearchParams({ uri, number })}`);
      callers.set(id, who);
      Arbiter.publish('jsc/contact/found', { ...who, id });
      pop(id);
    } catch (error) {
      say(`Who is calling could not be looked up: ${error instanceof Error ? error.message : error}`);
    }
  });

  Arbiter.subscribe('jsc/call/state', (/** @type {{id: string, state: string}} */ { id, state }) => {
    if (state === 'incoming') {
      ringing.add(id);
      pop(id);
    } else {
      ringing.delete(id);
    }
  });

  // The record was clicked in the phone.
  Arbiter.subscribe('jsc/contact/open', (/** @type {{url: string}} */ { url }) => open(url));

  // The call is over, or its note was changed after that.
  Arbiter.subscribe('jsc/call/summary', async (/** @type {{id: string}} */ summary) => {
    try {
      await putCall(summary);
      dispatchEvent(new Event('erp-changed'));
    } catch (error) {
      say(`The call could not be stored: ${error instanceof Error ? error.message : error}`);
    }
  });
}

/** Opens the record of who calls, once; where somebody is typing, it is offered. @param {string} id */
function pop(id) {
  const { name, url } = callers.get(id) ?? {};
  if (!ringing.has(id) || !url || sessionStorage.getItem('popped') === id) return;
  sessionStorage.setItem('popped', id);
  const field = document.activeElement;
  if (field instanceof HTMLInputElement && field.value) {
    say(foreign(name ?? ''), ' is calling. ', draw('a', { href: url }, 'Open the record'));
  } else {
    open(url);
  }
}

/** @param {string} url of one of these pages: what comes from elsewhere is not followed */
function open(url) {
  const to = new URL(url, location.href);
  if (to.origin === location.origin && to.href !== location.href) location.assign(to);
}

/** @param {...(Node | string)} what */
function say(...what) {
  document.querySelector('.said')?.remove();
  document.querySelector('main')?.before(draw('p', { class: 'said', role: 'alert' }, ...what));
}
