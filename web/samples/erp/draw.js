// @ts-check
// Elements, made of text and never of markup: what is in the database has been typed by
// anybody.

/** Everything that is given to draw: elements, texts, and nothing. @typedef {Node | string | null | undefined} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((c) => c !== null && c !== undefined));
  return element;
}

/** A text in whatever script, which does not turn that around it. @param {string} text */
export const foreign = (text) => draw('bdi', {}, text);

/** @param {'account' | 'contact'} kind @param {{id: number, name: string} | null} record */
export const recordLink = (kind, record) => record && draw('a', { href: `${kind}.html?id=${record.id}` }, foreign(record.name));

/** A number or SIP address that the phone calls on a click. @param {string} address */
export function dialLink(address) {
  if (!address) return null;
  const sip = address.includes('@');
  const href = sip ? `sip:${address}` : `tel:${address.replace(/[^+\d]/g, '')}`;
  return draw('a', { class: 'dial', href, 'data-sip-dial': sip ? href : address, dir: 'ltr' }, address);
}

/** @param {{id: string, direction: string, answered: number | null}} call */
export function callKind({ direction, answered }) {
  const kind = direction === 'out' ? 'out' : answered ? 'in' : 'missed';
  return draw('span', { class: `kind ${kind}` }, { out: 'Outgoing', in: 'Incoming', missed: 'Missed' }[kind]);
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
/** @param {number} ms */
export const moment = (ms) => draw('time', { datetime: new Date(ms).toISOString() }, moments.format(ms));

/** @param {number} seconds */
export const duration = (seconds) =>
  seconds ? `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}` : '–';

/**
 * @param {string[]} heads
 * @param {Child[][]} rows a cell for each head
 * @param {string} empty what is said when there is no row
 * @param {string[]} [ids] of the rows
 */
export function table(heads, rows, empty, ids) {
  if (!rows.length) return draw('p', { class: 'empty' }, empty);
  const body = rows.map((cells, i) => draw('tr', ids ? { 'data-id': ids[i] } : {},
    ...cells.map((cell, at) => draw('td', { 'data-head': heads[at] }, cell))));
  return draw('table', {},
    draw('thead', {}, draw('tr', {}, ...heads.map((head) => draw('th', { scope: 'col' }, head)))),
    draw('tbody', {}, ...body));
}
