// @ts-check
// The version of the phone that a page of a site runs: has it kept for when there is no
// network, and sees whether the site has another. `make site` puts the phone's files into a
// folder of their version, by which it is known. Elsewhere this is not loaded.

/** The site, and the version in it. */
const [, SITE, VERSION] = /^(.*\/)v\/([0-9a-f]{12})\/parts\//.exec(import.meta.url) ?? [];

/** How long until it is looked again. It is looked too when the person comes back to the page. */
const EVERY_MS = 3_600_000;

/**
 * Looks for another version until the function given back is called.
 * @param {(version: string) => void} found
 */
export function watchVersion(found) {
  const look = async () => {
    try {
      const response = await fetch(SITE, { cache: 'no-cache' });
      const version = /\bv\/([0-9a-f]{12})\//.exec(await response.text())?.[1];
      if (response.ok && version && version !== VERSION) found(version);
    } catch { // no network: later
    }
  };
  const seen = () => document.visibilityState === 'visible' && look();
  const timer = setInterval(look, EVERY_MS);
  document.addEventListener('visibilitychange', seen);
  keepVersion(VERSION);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}

/**
 * Has the worker fetch and keep a version. Not in a page that is part of another: without a
 * network that one is not there either.
 * @param {string} version
 */
export async function keepVersion(version) {
  if (window.top !== window || !navigator.serviceWorker || !navigator.locks) return; // or no https
  try {
    await navigator.serviceWorker.register(`${SITE}worker.js`);
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name))
      .filter(({ href }) => href.startsWith(SITE) && /^(config\.json|icon\.svg|locales\/[^/]+\.json)$/.test(href.slice(SITE.length)));
    active?.postMessage({ keep: version, loose: [...new Set(loaded.map(({ pathname }) => pathname))], own: await own() });
  } catch (error) {
    console.warn('without a network the phone will not start:', error);
  }
}

/** The addresses of the style sheet and the texts of the site's own, where they are of this origin. */
async function own() {
  const file = await fetch(`${SITE}config.json`).then((response) => response.json()).catch(() => ({}));
  const page = /** @type {any} */ (window).JSCommSettings;
  const css = page?.appearance?.css ?? file?.appearance?.css;
  const texts = page?.i18n?.texts ?? file?.i18n?.texts;
  const folder = texts && new URL(texts, document.baseURI).href;
  return [...new Set([
    ...(css ? [new URL(css, document.baseURI).href] : []),
    ...performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => folder && name.startsWith(folder)),
  ])].filter((address) => new URL(address).origin === location.origin);
}

// As long as this page is there, the worker leaves what is kept of its version alone.
navigator.locks?.request(`gocommunicator ${new URL(SITE).pathname} ${VERSION}`, { mode: 'shared' }, () => new Promise(() => {})).catch(() => {});
