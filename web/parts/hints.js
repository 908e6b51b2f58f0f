// @ts-check

// Says on each control which key does the same: in its tooltip, and to screen readers.

/** @typedef {[name: string, actions: string, label: string, key: string]} Shortcut */

/** What tells the page that keys were changed. */
export const CHANGED = 'sip-shortcuts';

/** A key as it stands on a keyboard: `Ctrl + Alt + M`. @param {string} name */
export function printed(name) {
  return name.split('+').map((part) => (part === 'Control' ? 'Ctrl' : part.length === 1 ? part.toUpperCase() : part)).join(' + ');
}

/**
 * Keeps saying it until the function given back is called.
 * @param {() => Shortcut[]} shortcuts
 */
export function hint(shortcuts) {
  /** Key by action. @type {Map<string, string>} */
  let keys = new Map();

  /** @param {Element} control */
  const say = (control) => {
    const key = keys.get(control.getAttribute('data-action') ?? '');
    const had = control.getAttribute('aria-keyshortcuts');
    if (!key && had === null) return;
    const words = control.querySelector(':scope > span') ?? control; // without what is counted behind them
    const label = control.getAttribute('aria-label') ?? words.textContent?.trim() ?? '';
    const title = key ? `${label} (${printed(key)})` : label;
    const spoken = key?.replace(/(^|\+)([a-z])$/, (_, before, letter) => before + letter.toUpperCase());
    if (!spoken) control.removeAttribute('aria-keyshortcuts');
    else if (had !== spoken) control.setAttribute('aria-keyshortcuts', spoken);
    if (control.getAttribute('title') !== title) control.setAttribute('title', title);
  };

  const all = () => {
    const before = keys;
    keys = new Map(shortcuts().filter(([, , , key]) => key).flatMap(([, actions, , key]) => actions.split(' ').map((a) => [a, key])));
    for (const action of new Set([...before.keys(), ...keys.keys()])) {
      for (const control of document.querySelectorAll(`[data-action="${action}"]`)) say(control);
    }
  };

  const watch = new MutationObserver((changes) => {
    for (const { target, type, addedNodes } of changes) {
      const worded = (target instanceof Element ? target : target.parentElement)?.closest('[data-action]');
      if (worded) say(worded); // its words may be others now
      for (const node of type === 'childList' ? addedNodes : []) {
        if (!(node instanceof Element)) continue;
        say(node);
        for (const control of node.querySelectorAll('[data-action]')) say(control);
      }
    }
  });
  all();
  watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ['data-action', 'title', 'aria-label'] });
  document.addEventListener(CHANGED, all);
  return () => {
    watch.disconnect();
    document.removeEventListener(CHANGED, all);
  };
}
