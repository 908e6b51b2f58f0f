// @ts-check
// Whether calls can come about from here: each step by itself, so that what fails is known.
// A step gives nothing when all is well, else what is wrong.

/** How long a server may take, in ms. */
const PATIENCE = 8000;

/** Codes of an icecandidateerror for credentials that are refused (RFC 8489 §14.8, RFC 8656 §19); some servers say 400. */
const REFUSED = [400, 401, 403, 441];

/** @typedef {'' | 'protocol' | 'unreachable' | 'password' | 'failed'} Problem */

/** @param {number} ms @returns {Promise<undefined>} */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A connection to a SIP server (RFC 7118).
 * @param {string} url
 * @returns {Promise<Problem>}
 */
export async function webSocket(url) {
  if (await opens(url, ['sip'])) return '';
  return await opens(url, []) ? 'protocol' : 'unreachable';
}

/** @param {string} url @param {string[]} protocols */
async function opens(url, protocols) {
  let socket;
  try {
    socket = new WebSocket(url, protocols);
  } catch {
    return false; // an address that is none, or one without security in a secure page
  }
  const opened = new Promise((resolve) => {
    socket.onopen = () => resolve(protocols.length === 0 || protocols.includes(socket.protocol));
    socket.onerror = socket.onclose = () => resolve(false);
  });
  try {
    return Boolean(await Promise.race([opened, after(PATIENCE)]));
  } finally {
    socket.close();
  }
}

/**
 * What a STUN or TURN server gives. One that tells an address which is known already gives
 * no candidate, and no error either.
 * @param {RTCIceServer} server
 * @returns {Promise<Problem>}
 */
export async function gather(server) {
  const relay = String(server.urls).startsWith('turn');
  let connection;
  try {
    connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: relay ? 'relay' : 'all' });
  } catch {
    return 'failed'; // an address that is none
  }
  /** @type {Problem} */
  let problem = '';
  const found = new Promise((resolve) => {
    connection.onicecandidateerror = ({ errorCode }) => {
      if (REFUSED.includes(errorCode)) resolve('password');
      problem = 'unreachable';
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.type === (relay ? 'relay' : 'srflx')) resolve('');
      if (!candidate) resolve(relay && !problem ? 'unreachable' : problem);
    };
  });
  try {
    connection.createDataChannel('check');
    await connection.setLocalDescription();
    return await Promise.race([found, after(PATIENCE).then(() => 'unreachable')]);
  } finally {
    connection.close();
  }
}

/**
 * A call of this page with itself through the relays: the way there and back in ms, or
 * undefined when none came about.
 * @param {RTCIceServer[]} iceServers
 * @returns {Promise<number | undefined>}
 */
export async function loop(iceServers) {
  const ends = [0, 1].map(() => new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' }));
  const [a, b] = ends;
  try {
    // A candidate that comes before the description waits for it.
    const described = [Promise.withResolvers(), Promise.withResolvers()];
    ends.forEach((end, i) => {
      end.onicecandidate = async ({ candidate }) => {
        await described[1 - i].promise;
        if (candidate) await ends[1 - i].addIceCandidate(candidate).catch(() => undefined);
      };
    });
    const channel = a.createDataChannel('check');
    b.ondatachannel = ({ channel: other }) => { other.onmessage = ({ data }) => other.send(data); };
    const opened = new Promise((resolve) => { channel.onopen = () => resolve(true); });
    await a.setLocalDescription();
    await b.setRemoteDescription(/** @type {RTCSessionDescription} */ (a.localDescription));
    described[1].resolve(undefined);
    await b.setLocalDescription();
    await a.setRemoteDescription(/** @type {RTCSessionDescription} */ (b.localDescription));
    described[0].resolve(undefined);
    if (!await Promise.race([opened, after(PATIENCE)])) return undefined;
    let best;
    for (let i = 0; i < 5; i++) {
      const sent = performance.now();
      const back = new Promise((resolve) => { channel.onmessage = () => resolve(performance.now() - sent); });
      channel.send(String(i));
      const took = await Promise.race([back, after(PATIENCE)]);
      if (took === undefined) return undefined;
      best = Math.min(best ?? took, took);
    }
    return best;
  } catch {
    return undefined;
  } finally {
    for (const end of ends) end.close();
  }
}
