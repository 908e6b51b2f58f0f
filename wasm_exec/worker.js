// @ts-check
// The service worker of a site: with it the phone starts without a network, as far as a
// phone can. It never holds an old version where the new one can be had:
//
//   the page itself        from the network; the copy where there is none, or it is slow
//   v/<version>/…          the copy: what is there never changes
//   settings, texts, icon  from the network, else the copy
//   what the settings name  likewise: a style sheet and texts of the site's own, wherever on
//                          this origin they are
//
// Everything else in its scope is left to the browser: at the root of an origin the others'
// pages are in it too. So are their caches; ours are those named after the scope.

/** @type {any} */
const worker = self;

const SCOPE = new URL(worker.registration.scope).pathname;
/** What the names of our caches begin with; the version, or LOOSE, follows. */
const OURS = `gocommunicator ${SCOPE} `;
/** What is in no version. */
const LOOSE = `${OURS}loose`;
/** How long the network may take for the page where there is a copy. */
const PATIENCE_MS = 4000;
/** What in the scope is in no version and always kept. */
const CHANGING = /^(config\.json|icon\.svg|locales\/[^/]+\.json)$/;

/** The addresses of what is kept in LOOSE; undefined for the moment until it is read. @type {Set<string> | undefined} */
let kept;
const read = caches.open(LOOSE).then((cache) => cache.keys())
  .then((keys) => { kept = new Set(keys.map(({ url }) => url)); }, () => { kept = new Set(); });

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  const name = pathname.startsWith(SCOPE) ? pathname.slice(SCOPE.length) : '/';
  const version = /^v\/([0-9a-f]{12})\//.exec(name)?.[1];
  if (version) {
    event.respondWith(fixed(request, OURS + version));
  } else if (request.mode === 'navigate' && /^(index\.html)?$/.test(name)) {
    event.respondWith(page(request));
  } else if (CHANGING.test(name)) {
    event.respondWith(changing(event));
  } else if (request.mode !== 'navigate' && (!kept || kept.has(request.url))) {
    event.respondWith(read.then(() => (kept?.has(request.url) ? changing(event) : fetch(request))));
  }
});

// A page that runs a version asks for it to be kept.
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { keep: version, loose: names, own } = event.data;
  event.waitUntil(keep(version, names, own ?? []).catch((/** @type {unknown} */ error) => console.warn('the phone is not kept:', error)));
});

/** What never changes. @param {Request} request @param {string} cacheName */
async function fixed(request, cacheName) {
  return await caches.match(request, { cacheName, ignoreVary: true }) ?? fetch(request);
}

/** What changes. @param {any} event */
async function changing(event) {
  const { request } = event;
  const answer = fetch(request);
  event.waitUntil(answer.then((response) => put(request, response.clone())).catch(() => {}));
  try {
    return await answer;
  } catch (error) {
    const copy = await caches.match(request, { cacheName: LOOSE, ignoreSearch: true, ignoreVary: true });
    if (copy) return copy;
    throw error;
  }
}

/** Keeps what there is. @param {Request | string} request @param {Response} response */
async function put(request, response) {
  if (response.ok) await (await caches.open(LOOSE)).put(request, response);
}

/** Keeps what the settings name, and nothing that they do not name any more. @param {string[]} own addresses */
async function keepOwn(own) {
  await Promise.all(own.map((url) => fetch(url).then((response) => put(url, response), () => {})));
  const cache = await caches.open(LOOSE);
  const there = new Set();
  for (const request of await cache.keys()) {
    const changes = request.url.startsWith(worker.registration.scope) && CHANGING.test(new URL(request.url).pathname.slice(SCOPE.length));
    if (changes || own.includes(request.url)) there.add(request.url);
    else await cache.delete(request);
  }
  kept = there;
}

/** The page, whatever its address asks for. @param {Request} request */
async function page(request) {
  const asked = fetch(request, { cache: 'no-cache' }); // whatever the server forgets to say
  const copy = await whole();
  if (!copy) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, copy));
  const answer = asked.then((response) => (response.status < 500 ? response : copy), () => copy);
  return Promise.race([answer, late]);
}

/** The page of the newest version of which everything is kept. */
async function whole() {
  for (const cacheName of (await caches.keys()).reverse()) {
    const copy = cacheName.startsWith(OURS) && await caches.match(SCOPE, { cacheName, ignoreVary: true });
    if (copy) return copy;
  }
  return undefined;
}

/**
 * Keeps a version, if it is the one that the site has now.
 * @param {string} version
 * @param {string[]} names of what the page has loaded beside it
 * @param {string[]} own addresses of what its settings name
 */
async function keep(version, names, own) {
  const entry = await fetch(SCOPE, { cache: 'no-cache' });
  const folder = `${SCOPE}v/${version}/`;
  if (!entry.ok || !(await entry.clone().text()).includes(`v/${version}/`)) return;
  const cache = await caches.open(OURS + version);
  const list = await fetch(`${folder}files.json`);
  const wanted = (await list.json()).map((/** @type {string} */ name) => folder + name);
  await cache.addAll(await missing(cache, wanted));
  await (await caches.open(LOOSE)).addAll(await missing(await caches.open(LOOSE), names));
  await keepOwn(own);
  await cache.put(SCOPE, entry); // last: what has a page is whole
  await sweep(OURS + version);
}

/** @param {Cache} cache @param {string[]} wanted paths */
async function missing(cache, wanted) {
  const there = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  return wanted.filter((path) => !there.includes(path));
}

/** Removes the other versions that no page runs: each holds a lock of that name. @param {string} kept */
async function sweep(kept) {
  const { held } = await worker.navigator.locks.query();
  const used = [kept, LOOSE, ...held.map((/** @type {{name: string}} */ { name }) => name)];
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && !used.includes(name)) await caches.delete(name);
  }
}
