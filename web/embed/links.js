// @ts-check
// Links of a page that the phone in it answers: `<a href="tel:…">`, sip:, and whatever has
// data-sip-dial, also where it comes later or stands in a shadow tree. web/embed.js loads
// this for tags with the attribute links; with links="text" numbers in running text become
// links as long as the phone is in the page.
//
// One listener, the last of all, takes plain clicks that nobody else has taken. A classic
// script, since a module of another origin needs that server's consent (CORS).
(() => {
  'use strict';

  /**
   * @typedef {HTMLElement & {prefix: string, show: () => void}} Phone
   * @typedef {object} Mark a text that was cut
   * @property {Text} node which was there before, with the beginning of the text
   * @property {string} text all of it
   * @property {ChildNode[]} added after node: links and the text between them
   */

  const DIALLED = /^(?:tel|sips?|web\+sip):/i;
  /** What has a use of its own for a click. */
  const OWN = 'a, area, button, input, select, textarea, label, summary, option, video, audio, iframe, [contenteditable]';
  /** Where no numbers are looked for. */
  const CLOSED = 'a, area, button, input, select, textarea, option, script, style, noscript, template, code, pre, time, svg, math, iframe, object, sip-phone, [contenteditable], [data-sip-dial], [data-sip-ignore]';
  const LONGEST = 20000; // characters of a text that is searched
  /** What looks like a number: +49 (0) 30 1234, 0171/123 45 67, (212) 555-1234, 1-212-555-1234. It is no part of a longer one, an address or a word. */
  const NUMBER = /(?<![\p{L}\p{N}@._/:#=&%+,-]|\d[ \u00a0])(?:\(?(?:\+[1-9]|00[1-9]|0[1-9])[\d \u00a0\u202f()./\u2010-\u2013-]{4,22}\d|(?:1[-. ])?\(?[2-9]\d\d\)?[-. ] ?\d{3}[-. ]\d{4})(?:,? ?(?:x|ext\.?) ?\d{1,6})?(?![\p{L}\p{N}@_=&%]|[-/.:,]\d)/gu;
  /** A date, or a list of figures. */
  const OTHER = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$|\d\.\d{3}\.\d{3}$| {2}/;

  /** Phones that answer, in the order of the page. @type {Set<Phone>} */
  const phones = new Set();
  /** Those that want numbers in text. @type {Set<Phone>} */
  const readers = new Set();
  /** @type {Map<Text, Mark>} */
  const marks = new Map();
  /** Texts that were put there by this. @type {WeakSet<Node>} */
  const put = new WeakSet();

  /**
   * Has a phone answer links.
   * @param {Phone} phone
   * @param {boolean} text numbers in text too
   * @returns {() => void} has it answer no more
   */
  function answer(phone, text) {
    if (phones.size === 0) addEventListener('click', clicked);
    phones.add(phone);
    if (text) {
      if (readers.size === 0) begin();
      readers.add(phone);
    }
    return () => {
      phones.delete(phone);
      if (phones.size === 0) removeEventListener('click', clicked);
      if (readers.delete(phone) && readers.size === 0) end();
    };
  }

  /** @param {MouseEvent} event */
  function clicked(event) {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node) => node instanceof Element && node.matches(`[data-sip-dial], ${OWN}`));
    if (!(link instanceof Element)) return;
    const to = destination(link);
    const phone = to && phoneFor(link);
    if (!phone) return;
    event.preventDefault();
    phone.show();
    const video = link.hasAttribute('data-sip-video');
    /** @type {any} */ (window).Arbiter.publish(`${phone.prefix}jsc/call/dial`, { to, video });
  }

  /** Whom a link calls, empty for a link that does something else. @param {Element} link */
  function destination(link) {
    const named = link.getAttribute('data-sip-dial');
    const href = link.getAttribute('href')?.trim() ?? '';
    if (named !== null) return (named || (DIALLED.test(href) ? href : link.textContent ?? '')).trim();
    return DIALLED.test(href) ? href.replace(/\?.*/, '') : ''; // what follows are headers, not whom
  }

  /** @param {Element} link */
  function phoneFor(link) {
    const wanted = link.closest('[data-sip-phone]')?.getAttribute('data-sip-phone');
    const all = [...phones].sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    return wanted === undefined || wanted === null ? all[0] : all.find((phone) => phone.prefix === wanted);
  }

  const observer = new MutationObserver((records) => {
    /** @type {Set<Node>} */
    const changed = new Set();
    for (const { type, target, addedNodes, removedNodes } of records) {
      if (type === 'characterData') changed.add(target);
      for (const node of addedNodes) changed.add(node);
      for (const node of removedNodes) forget(node);
    }
    for (const node of changed) {
      if (node instanceof Text && marks.has(node)) unmark(/** @type {Mark} */ (marks.get(node)), node.data);
      if (node.isConnected) search(node);
    }
    observer.takeRecords(); // of what was just done
  });

  function begin() {
    search(document.body);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  }

  /** Leaves every text as it was. */
  function end() {
    observer.disconnect();
    for (const mark of [...marks.values()]) unmark(mark, mark.text);
  }

  /** Marks the numbers in what is there. @param {Node} root */
  function search(root) {
    const around = root instanceof Element ? root : root.parentElement;
    if (!around || around.closest(CLOSED)) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
      if (node instanceof Element) return node.matches(CLOSED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
      return NodeFilter.FILTER_ACCEPT;
    });
    const texts = root instanceof Text ? [root] : [];
    while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
    texts.forEach(mark);
  }

  /** @param {Text} node */
  function mark(node) {
    const text = node.data;
    if (text.length > LONGEST || marks.has(node) || put.has(node)) return;
    /** @type {ChildNode[]} */
    const added = [];
    let from = 0;
    let first = text.length;
    for (const { 0: number, index } of text.matchAll(NUMBER)) {
      const digits = number.replace(/\D/g, '').length;
      if (digits < 7 || digits > 15 || OTHER.test(number)) continue;
      if (added.length === 0) first = index;
      else added.push(new Text(text.slice(from, index)));
      const link = document.createElement('a');
      link.href = `tel:${encodeURIComponent(number)}`;
      link.dataset.sipDial = number;
      link.textContent = number;
      added.push(link);
      from = index + number.length;
    }
    if (added.length === 0) return;
    if (from < text.length) added.push(new Text(text.slice(from)));
    for (const part of added) put.add(part);
    node.data = text.slice(0, first);
    node.after(...added);
    marks.set(node, { node, text, added });
  }

  /** @param {Mark} mark @param {string} text that the node is to have */
  function unmark({ node, added }, text) {
    marks.delete(node);
    for (const part of added) part.remove();
    if (node.data !== text) node.data = text;
  }

  /** A framework took a text away: what was made of it goes too. @param {Node} gone */
  function forget(gone) {
    for (const mark of [...marks.values()]) {
      if (gone === mark.node || gone.contains(mark.node)) unmark(mark, mark.text);
    }
  }

  const element = /** @type {any} */ (customElements.get('sip-phone'));
  element.parts.links = answer;
})();
