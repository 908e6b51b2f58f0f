// @ts-check
// The server's JSON.

/** @param {string} path @returns {Promise<any>} */
export async function get(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(10_000) });
  const data = await response.json();
  if (!response.ok) throw new Error(data.error);
  return data;
}

/**
 * Stores a call. It goes on when the page is left meanwhile.
 * @param {{id: string}} call as jsc/call/summary tells it
 */
export async function putCall(call) {
  const response = await fetch(`api/calls/${encodeURIComponent(call.id)}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(call),
    keepalive: true,
  });
  if (!response.ok) throw new Error((await response.json()).error);
}
