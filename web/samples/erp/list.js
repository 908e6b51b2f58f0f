// @ts-check
// Accounts, contacts and calls: tables that the server searches and cuts into pages. What
// is looked for stands in the address, so that it can be gone back to.
import { get } from './api.js';
import { callKind, dialLink, draw, duration, foreign, moment, recordLink, table } from './draw.js';

/** @type {Record<string, {title: string, hint: string, heads: string[], row: (r: any) => import('./draw.js').Child[]}>} */
export const lists = {
  accounts: {
    title: 'Accounts',
    hint: 'Name, city, industry or number',
    heads: ['Name', 'Industry', 'City', 'Country', 'Phone'],
    row: (a) => [recordLink('account', a), a.industry, foreign(a.city), a.country, dialLink(a.phone)],
  },
  contacts: {
    title: 'Contacts',
    hint: 'Name, number, e-mail or SIP address',
    heads: ['Name', 'Account', 'Title', 'Phone', 'Mobile', 'SIP'],
    row: (c) => [recordLink('contact', c), recordLink('account', c.account), c.title, dialLink(c.phone), dialLink(c.mobile), dialLink(c.sip)],
  },
  calls: {
    title: 'Calls',
    hint: 'Name, number or note',
    heads: ['When', 'Call', 'With', 'Account', 'Duration', 'Note'],
    row: (c) => [moment(c.started), callKind(c), recordLink('contact', c.contact) ?? foreign(c.name || c.uri), recordLink('account', c.account),
      duration(c.duration), foreign(c.note)],
  },
};

/** How long it waits for the next letter of what is looked for. */
const PATIENCE_MS = 200;

/** @param {HTMLElement} main @param {string} name */
export function showList(main, name) {
  const { title, hint, heads, row } = lists[name];
  const address = new URL(location.href);
  let asked = 0;
  let timer = 0;

  const field = draw('input', { type: 'search', name: 'q', 'aria-label': `Search ${title.toLowerCase()}`, placeholder: hint, value: address.searchParams.get('q') ?? '' });
  const count = draw('p', { class: 'count', role: 'status' });
  const rows = draw('section', { class: 'card', 'aria-label': title });
  const back = draw('button', { type: 'button' }, 'Previous');
  const place = draw('span');
  const on = draw('button', { type: 'button' }, 'Next');
  main.append(draw('div', { class: 'bar' }, draw('h1', {}, title), draw('form', { role: 'search' }, field), count), rows,
    draw('nav', { class: 'pages', 'aria-label': 'Pages' }, back, place, on));

  async function show() {
    const mine = ++asked;
    try {
      const found = await get(`api/${name}?${address.searchParams}`);
      if (mine !== asked) return; // something else is looked for by now
      count.textContent = found.total === 1 ? '1 record' : `${found.total} records`;
      rows.replaceChildren(table(heads, found.rows.map(row), 'Nothing found. Try fewer words.', found.rows.map((/** @type {any} */ r) => String(r.id))));
      place.textContent = `Page ${found.page} of ${found.pages}`;
      back.disabled = found.page <= 1;
      on.disabled = found.page >= found.pages;
    } catch (error) {
      if (mine === asked) rows.replaceChildren(draw('p', { class: 'empty', role: 'alert' }, `This could not be loaded: ${error instanceof Error ? error.message : error}`));
    }
  }

  /** @param {number} page */
  function go(page) {
    address.searchParams.set('page', String(page));
    history.replaceState(null, '', address);
    show();
  }
  const page = () => Number(address.searchParams.get('page') ?? 1);
  back.onclick = () => go(page() - 1);
  on.onclick = () => go(page() + 1);
  field.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      address.searchParams.set('q', field.value);
      go(1);
    }, PATIENCE_MS);
  };
  field.form?.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('erp-changed', show);
  show();
}
