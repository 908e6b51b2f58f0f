// @ts-check
// A page with JsSIP that the tests steer through window.peer.
import JsSIP from 'jssip';
import { play } from './play.js';

/** @typedef {{server: string, user: string, domain: string, password: string, rtc?: RTCConfiguration}} Account */

const status = { registration: 'unregistered', call: 'none', cause: '', message: '', transfer: '' };
let account = /** @type {Account} */ ({});
let ua = /** @type {any} */ (null);
let session = /** @type {any} */ (null);

const media = () => ({ mediaConstraints: { audio: true, video: false }, pcConfig: account.rtc });

/** @param {any} started */
function follow(started) {
  session = started;
  if (started.connection) handlers.peerconnection({ peerconnection: started.connection });
  for (const [name, handler] of Object.entries(handlers)) {
    session.on(name, (event) => { if (session === started) handler(event); });
  }
}

const handlers = {
  // What the other side asks for is done, as phones do that ask nobody.
  refer: ({ accept }) => { accept(follow, media()); },
  replaces: ({ accept }) => { accept(); },
  peerconnection: ({ peerconnection }) => {
    peerconnection.addEventListener('track', () => {
      play(peerconnection.getReceivers().map((r) => r.track));
    });
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

  refer(target) {
    const becomes = (state) => () => { status.transfer = state; };
    session.refer(target, {
      eventHandlers: { progress: becomes('ringing'), accepted: becomes('done'), failed: becomes('failed'), requestFailed: becomes('failed') },
    });
  },

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

  hangup() { session.terminate(); },
};
