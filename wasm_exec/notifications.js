// @ts-check
// The service worker behind notifications with buttons. It tells the page that showed one what was pressed, and
// does nothing else: it sees no request and keeps no file.

/** @type {any} */
const worker = self;

worker.addEventListener('install', () => worker.skipWaiting());

// A page asks which of the browser's windows it is.
worker.addEventListener('message', (/** @type {any} */ event) => event.source.postMessage({ client: event.source.id }));

worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(tell(event.notification.data, event.action));
});

/**
 * @param {{client: string, call: string}} about the page that showed it, and the call, if it is about one
 * @param {string} action of the button, empty for the notification itself
 */
async function tell({ client, call }, action) {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = windows.find((/** @type {any} */ w) => w.id === client);
  if (!page) { // it was closed meanwhile
    if (action === '') await worker.clients.openWindow('../');
    return;
  }
  page.postMessage({ call, action });
  if (action !== 'reject') await page.focus();
}
