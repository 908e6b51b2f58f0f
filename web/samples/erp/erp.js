// @ts-check
// What every page of the ERP does: draw what it is about, and speak with the phone.
import { lists, showList } from './list.js';
import { showRecord } from './record.js';
import './phone.js';

const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const page = main.dataset.page ?? '';
if (page in lists) showList(main, page);
else showRecord(main, /** @type {'account' | 'contact'} */ (page));
