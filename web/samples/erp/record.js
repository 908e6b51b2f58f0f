// @ts-check
// An account or a contact with all that belongs to it.
import { get } from './api.js';
import { callKind, dialLink, draw, duration, foreign, moment, recordLink, table } from './draw.js';

/**
 * @param {HTMLElement} main
 * @param {'account' | 'contact'} kind
 */
export function showRecord(main, kind) {
  const id = Number(new URL(location.href).searchParams.get('id'));
  async function show() {
    try {
      const record = await get(`api/${kind}s/${id}`);
      document.title = `${record.name} · Sample ERP`;
      main.replaceChildren(...(kind === 'account' ? account(record) : contact(record)));
    } catch (error) {
      main.replaceChildren(draw('p', { class: 'empty', role: 'alert' }, `This could not be loaded: ${error instanceof Error ? error.message : error}`));
    }
  }
  addEventListener('erp-changed', show);
  show();
}

/** @param {any} a */
const account = (a) => [
  head(a.name, a.industry),
  details({ City: foreign(a.city), Country: a.country, Phone: dialLink(a.phone), Web: a.web }),
  card('Contacts', table(['Name', 'Title', 'Phone', 'Mobile', 'SIP'],
    a.contacts.map((/** @type {any} */ c) => [recordLink('contact', c), c.title, dialLink(c.phone), dialLink(c.mobile), dialLink(c.sip)]),
    'Nobody is known here yet.', ids(a.contacts))),
  card('Calls', calls(a.calls)),
];

/** @param {any} c */
const contact = (c) => [
  head(c.name, c.title),
  details({
    Account: recordLink('account', c.account), Phone: dialLink(c.phone), Mobile: dialLink(c.mobile), SIP: dialLink(c.sip), 'E-mail': c.email,
    Notes: c.notes && foreign(c.notes),
  }),
  card('Calls', calls(c.calls)),
];

/** @param {{id: any}[]} records */
const ids = (records) => records.map(({ id }) => String(id));

/** @param {any[]} log */
const calls = (log) => table(['When', 'Call', 'With', 'Duration', 'Quality', 'Note'],
  log.map((c) => [moment(c.started), callKind(c), recordLink('contact', c.contact) ?? foreign(c.name || c.uri), duration(c.duration),
    c.mos ? c.mos.toFixed(1) : c.cause || '–', foreign(c.note)]),
  'No calls yet. A click on a number makes one.', ids(log));

/** @param {string} name @param {string} about */
const head = (name, about) => draw('div', { class: 'bar' },
  draw('span', { class: 'face', 'aria-hidden': 'true' }, [...name.replace(/[^\p{L}\p{N}]/gu, '')][0] ?? '?'),
  draw('div', {}, draw('h1', {}, foreign(name)), draw('p', { class: 'about' }, about)));

/** @param {Record<string, import('./draw.js').Child>} facts */
const details = (facts) => card('Details', draw('dl', {}, ...Object.entries(facts).filter(([, value]) => value)
  .map(([label, value]) => draw('div', {}, draw('dt', {}, label), draw('dd', {}, value)))));

/** @param {string} title @param {HTMLElement} content */
const card = (title, content) => draw('section', { class: 'card', 'aria-label': title, 'data-card': title.toLowerCase() }, draw('h2', {}, title), content);
