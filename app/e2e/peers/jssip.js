// @ts-check
// A page with JsSIP that the tests steer through window.peer.
import JsSIP from 'jssip';
import { play } from './play.js';

/** @typedef {{server: string, user: string, domain: string, password: string, rtc?: RTCConfiguration}} Account */

const status = { registration: 'unregistered', call: 'none', cause: '', message: '', transfer: '' };
let account = /** @type {Account} */ ({});
let ua = /** @type {any} */ (null);
let session = /** @type {any} */ (null);
let first = /** @type {any} */ (null); // that which goes on while another is asked

const media = () => ({ mediaConstraints: { audio: true, video: false }, pcConfig: account.rtc });

/** @param {any} started */
function follow(started) {
  session = started;
  if (started.connection) handlers.peerconnection({ peerconnection: started.connection });
  for (const [name, handler] of Object.entries(handlers)) {
    session.on(name, (event) => { if (session === started) handler(event); });
  }
}

/** Ways in which a description makes no sense. */
const broken = {
  lines: (sdp) => sdp + 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(200),
  order: (sdp) => sdp.replace('m=audio', 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:9\r\nm=audio'),
  direction: (sdp) => `${sdp}a=sendonly\r\na=recvonly\r\n`,
  fingerprint: (sdp) => sdp.replaceAll(/a=fingerprint:.*\r\n/g, ''),
  codec: (sdp) => sdp.replace(/m=audio (\d+) (\S+) .*/, 'm=audio $1 $2 77\r\na=rtpmap:77 speex/8000'),
};
let spoiled = '';
let refuses = false;

const handlers = {
  // What the other side asks for is done, as phones do that ask nobody.
  refer: ({ accept }) => { accept(follow, media()); },
  replaces: ({ accept }) => { accept(); },
  sdp: (event) => {
    if (event.originator !== 'local' || !spoiled) return;
    event.sdp = broken[spoiled](event.sdp);
    spoiled = '';
  },
  peerconnection: ({ peerconnection }) => {
    peerconnection.addEventListener('track', () => {
      play(peerconnection.getReceivers().map((r) => r.track));
    });
  },
  reinvite: ({ reject }) => {
    if (refuses) reject({ status_code: 488 });
    refuses = false;
  },
  progress: () => { if (status.call !== 'incoming') status.call = 'ringing'; },
  confirmed: () => { status.call = 'active'; },
  ended: ({ cause }) => Object.assign(status, { call: 'ended', cause }),
  failed: ({ cause }) => Object.assign(status, { call: 'failed', cause }),
};

window.peer = {
  status,

  /** @param {Account} given */
  register(given) {
    account = given;
    ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(account.server)],
      uri: `sip:${account.user}@${account.domain}`,
      password: account.password,
    });
    ua.on('registered', () => { status.registration = 'registered'; });
    ua.on('registrationFailed', ({ cause }) => Object.assign(status, { registration: 'failed', cause }));
    ua.on('newRTCSession', (event) => {
      if (event.originator !== 'remote') return;
      follow(event.session);
      status.call = 'incoming';
      if (event.request.hasHeader('replaces')) session.answer(media());
    });
    ua.on('newMessage', ({ originator, request }) => {
      if (originator === 'remote') status.message = request.body;
    });
    ua.start();
  },

  call(target, video) {
    status.call = 'trying';
    session = ua.call(target, {
      eventHandlers: handlers, mediaConstraints: { audio: true, video }, pcConfig: account.rtc,
    });
  },

  refer(target, replaces, from = session) {
    const becomes = (state) => () => { status.transfer = state; };
    from.refer(target, {
      replaces,
      eventHandlers: { progress: becomes('ringing'), accepted: becomes('done'), failed: becomes('failed'), requestFailed: becomes('failed') },
    });
  },

  /** Asks somebody else, while the call goes on. */
  consult(target) {
    first = session;
    window.peer.call(target, false);
  },

  /** Connects the two. */
  connect() { window.peer.refer(session.remote_identity.uri, session, first); },

  message(target, text) { ua.sendMessage(target, text); },

  answer(video) {
    session.answer({ mediaConstraints: { audio: true, video }, pcConfig: account.rtc });
  },

  reject(code) { session.terminate({ status_code: code }); },

  /** Adds the picture of a camera to the call, or takes it away again. */
  async video(on) {
    const connection = session.connection;
    for (const sender of connection.getSenders()) {
      if (sender.track?.kind === 'video') {
        sender.track.stop();
        connection.removeTrack(sender);
      }
    }
    if (on) {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      for (const track of stream.getTracks()) connection.addTrack(track, stream);
    }
    session.renegotiate();
  },

  /**
   * Sends a description in the call that is broken in some way; gives the status of the
   * answer.
   */
  offer(method, how) {
    return new Promise((resolve) => {
      const end = (/** @type {any} */ response) => resolve(response.status_code);
      session.sendRequest(method, {
        body: broken[how](session.connection.localDescription.sdp),
        extraHeaders: ['Content-Type: application/sdp', `Contact: ${ua.contact}`],
        eventHandlers: { onSuccessResponse: end, onErrorResponse: end },
      });
    });
  },

  /** Refuses the next new offer of the other side. */
  refuse() { refuses = true; },

  /** Breaks the next offer or answer that this side makes. */
  spoil(how) { spoiled = how; },

  /** Offers anew by UPDATE. */
  update() { session.renegotiate({ useUpdate: true }); },

  hangup() { session.terminate(); },
};
