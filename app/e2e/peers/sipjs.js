// @ts-check
// A page with SIP.js that the tests steer through window.peer.
import { Invitation, Inviter, Messager, Registerer, RegistererState, SIPExtension, SessionState, UserAgent } from 'sip.js';
import { play } from './play.js';

/** @typedef {{server: string, user: string, domain: string, password: string, rtc?: RTCConfiguration, reliable?: boolean}} Account */

const status = { registration: 'unregistered', call: 'none', cause: '', message: '', transfer: '' };
let agent = /** @type {UserAgent} */ (/** @type {unknown} */ (null));
let session = /** @type {any} */ (null);
let first = /** @type {any} */ (null); // that which goes on while another is asked

const failed = (/** @type {any} */ error) => Object.assign(status, { call: 'failed', cause: String(error) });
const media = (video) => ({ sessionDescriptionHandlerOptions: { constraints: { audio: true, video } } });

/** @param {import('sip.js').Notification} notification */
function onNotify(notification) {
  const code = Number(/^SIP\/2\.0 (\d+)/.exec(notification.request.body)?.[1]);
  status.transfer = code < 200 ? 'ringing' : code < 300 ? 'done' : 'failed';
  notification.accept().catch(failed);
}

/** @param {Inviter | Invitation} started */
function follow(started) {
  session = started;
  started.delegate = {
    // What the other side asks for is done, as phones do that ask nobody.
    onRefer(referral) {
      referral.accept().then(() => {
        const inviter = referral.makeInviter(media(false));
        follow(inviter);
        return inviter.invite();
      }).catch(failed);
    },
  };
  started.stateChange.addListener((state) => {
    if (session !== started) return; // another has taken its place
    if (state === SessionState.Established) {
      const handler = /** @type {any} */ (started.sessionDescriptionHandler);
      play(handler.peerConnection.getReceivers().map((r) => r.track));
      status.call = 'active';
    } else if (state === SessionState.Terminated) {
      status.call = status.call === 'active' ? 'ended' : 'failed';
    }
  });
}

window.peer = {
  status,

  /** @param {Account} account */
  async register(account) {
    agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${account.user}@${account.domain}`),
      transportOptions: { server: account.server },
      sipExtensionReplaces: SIPExtension.Supported,
      authorizationUsername: account.user,
      authorizationPassword: account.password,
      sipExtension100rel: account.reliable ? SIPExtension.Required : SIPExtension.Supported,
      logLevel: 'warn',
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: account.rtc },
      delegate: {
        onInvite(invitation) {
          follow(invitation);
          status.call = 'incoming';
          if (invitation.request.hasHeader('replaces')) invitation.accept(media(false)).catch(failed);
        },
        onMessage(message) {
          status.message = message.request.body;
          message.accept().catch(failed);
        },
      },
    });
    await agent.start();
    const registerer = new Registerer(agent);
    registerer.stateChange.addListener((state) => {
      if (state === RegistererState.Registered) status.registration = 'registered';
    });
    await registerer.register({
      requestDelegate: {
        onReject: (response) => Object.assign(status, {
          registration: 'failed', cause: response.message.reasonPhrase,
        }),
      },
    });
  },

  call(target, video) {
    const uri = UserAgent.makeURI(target);
    if (!uri) throw new Error(`no address: ${target}`);
    const inviter = new Inviter(agent, uri, media(video));
    follow(inviter);
    status.call = 'trying';
    inviter.invite({
      requestDelegate: {
        onProgress: () => { status.call = 'ringing'; },
        onReject: (response) => Object.assign(status, { cause: response.message.reasonPhrase }),
      },
    }).catch(failed);
  },

  refer(target) {
    const uri = UserAgent.makeURI(target);
    if (!uri) throw new Error(`no address: ${target}`);
    session.refer(uri, { onNotify }).catch(failed);
  },

  /** Asks somebody else, while the call goes on. */
  consult(target) {
    first = session;
    window.peer.call(target, false);
  },

  /** Connects the two. */
  connect() { first.refer(session, { onNotify }).catch(failed); },

  message(target, text) {
    const uri = UserAgent.makeURI(target);
    if (!uri) throw new Error(`no address: ${target}`);
    new Messager(agent, uri, text).message().catch(failed);
  },

  answer(video) { session.accept(media(video)).catch(failed); },

  /** Rings reliably, with sound. */
  early() { session.progress({ ...media(false), reliable: true }).catch(failed); },

  reject(code) { session.reject({ statusCode: code }).catch(failed); },

  hangup() {
    const ends = session.state === SessionState.Established ? session.bye()
      : session instanceof Inviter ? session.cancel() : session.reject();
    ends.catch(failed);
  },
};
