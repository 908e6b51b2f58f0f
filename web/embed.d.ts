// Types of the phone as an element (embed.js), of its topics and of window.Arbiter, for
// people who bundle. A test holds that these are the topics there are, and their fields.
//
//   import 'gocommunicator/embed';
//   document.querySelector('sip-phone')?.addEventListener('jsc/call/state', (e) => e.detail.state);
//   Arbiter.subscribe('jsc/call/state', (call) => call.peer.uri);

/** Milliseconds since 1970; null for what has not happened. */
export type Time = number | null;

/** Somebody at the other side. */
export interface Peer {
  /** `sip:user@host` */
  uri: string;
  /** As the other side calls itself: foreign text. May be empty. */
  name: string;
}

/** Why something failed or ended. */
export interface Cause {
  /** Of SIP, e.g. 486; 0 where it was no answer of SIP. */
  code: number;
  reason: string;
}

export interface Transfer {
  to: Peer;
  state: 'asked' | 'trying' | 'ringing' | 'done' | 'failed';
  cause: Cause | null;
}

/** `jsc/call/state` */
export interface CallState {
  id: string;
  direction: 'in' | 'out';
  peer: Peer;
  state: 'trying' | 'ringing' | 'early' | 'incoming' | 'connecting' | 'active' | 'held' | 'ended' | 'failed';
  /** The camera's picture is sent. */
  video: boolean;
  remote_video: boolean;
  /** The other side has added video, and the person has not said yet whether it is to be seen. */
  video_asked: boolean;
  /** The screen is shown, in place of the camera or beside it. */
  screen: boolean;
  /** The screen is shown beside the camera, not in its place. */
  screen_beside: boolean;
  /** The other side shows its screen beside its camera. */
  remote_screen: boolean;
  recording: boolean;
  muted: boolean;
  video_muted: boolean;
  local_hold: boolean;
  remote_hold: boolean;
  /** Id of the conference that the call is joined to, or empty. */
  conference: string;
  /** The other side is a conference of the server. */
  focus: boolean;
  /** What the call says is kept from the others of its conference. */
  silenced: boolean;
  /** Keys still to be sent; waits for the person where `;` stands in front. */
  tones: string;
  anonymous: boolean;
  /** The phone answers by itself in a moment, or has. */
  auto_answer: boolean;
  /** Where a call made was sent on to. */
  forwarded: Peer | null;
  /** Who sent this call on to here. */
  forwarded_by: Peer | null;
  cause: Cause | null;
  missed: boolean;
  started: Time;
  answered: Time;
  ended: Time;
  /** The last one asked of the other side. */
  transfer: Transfer | null;
  /** At whose wish the call was made. */
  referred_by: Peer | null;
}

/** `jsc/call/quality`: percent, milliseconds, bit/s; opinion scores from 1 to 4.5, 0 when not known. */
export interface CallQuality {
  id: string;
  time: number;
  grade: 'good' | 'fair' | 'bad' | '';
  mos: number;
  loss: number;
  jitter: number;
  audio: number;
  video: number;
  mos_out: number;
  loss_out: number;
  jitter_out: number;
  audio_out: number;
  video_out: number;
  rtt: number;
  delay: number;
  buffer: number;
  concealed: number;
  codec: string;
  route: 'host' | 'srflx' | 'prflx' | 'relay' | '';
  protocol: string;
  frames: number;
  width: number;
  height: number;
  freezes: number;
}

/** `jsc/call/transfer/requested` */
export interface TransferRequest {
  id: string;
  to: Peer;
  by: Peer;
}

/** `jsc/call/participants` */
export interface Participants {
  id: string;
  users: (Peer & { /** As in RFC 4575: `connected`, `on-hold`, … */ status: string })[];
}

export interface Device {
  /** Empty for the system's. */
  id: string;
  name: string;
}

export type DeviceKind = 'audio_in' | 'video_in' | 'audio_out' | 'ring';

/** `jsc/devices/set` */
export interface DeviceSwitches {
  echo_cancellation: boolean;
  noise_suppression: boolean;
  auto_gain: boolean;
  background_blur: boolean;
  push_to_talk: boolean;
}

/** `jsc/devices/state` */
export interface Devices extends DeviceSwitches {
  audio_in: Device[];
  video_in: Device[];
  audio_out: Device[];
  chosen: Record<DeviceKind, Device>;
  used: Record<DeviceKind, Device>;
}

/** `jsc/registration/state` */
export interface RegistrationState {
  state: 'unregistered' | 'registering' | 'registered' | 'failed';
  aor: string;
  /** Seconds. */
  expires: number;
  server: string;
  cause: Cause | null;
  /** Other devices registered for the same address. */
  others: { contact: string; name: string; instance: string; until: Time }[];
}

/** `jsc/link/state` */
export interface LinkState {
  state: 'connecting' | 'up' | 'down';
  server: string;
  attempt: number;
  /** Seconds. */
  retry_in: number;
}

/** `jsc/message/received`, `jsc/message/sent` */
export interface Message {
  id: string;
  peer: Peer;
  /** Foreign text where it was received. */
  text: string;
  content_type: string;
  time: Time;
  status: 'sending' | 'sent' | 'delivered' | 'displayed' | 'failed';
  cause: Cause | null;
}

/** `jsc/error`: what the person was shown. */
export interface PhoneError {
  code: string;
  /** In the person's language. */
  message: string;
}

/** `jsc/ua/settings`: what the person may set under Calls. */
export interface CallSettings {
  anonymous: boolean;
  call_waiting: boolean;
  reject_anonymous: boolean;
  forward_always: string | null;
  forward_busy: string | null;
  forward_no_answer: string | null;
  forward_after: number;
  auto_answer: 'off' | 'trusted' | 'always';
  auto_answer_delay: number;
  auto_answer_video: boolean;
  auto_answer_in_call: boolean;
  trusted_callers: string | string[];
}

/** `jsc/ua/snapshot` */
export interface Snapshot {
  link: LinkState;
  registration: RegistrationState;
  calls: CallState[];
  dnd: boolean;
  /** As texts; null where the site lets nobody set anything. */
  settings: Record<keyof CallSettings, string> | null;
  goroutines: number;
  /** How many functions of the phone JavaScript has. */
  functions: number;
}

/** `jsc/call/summary`: when a call is over, and once more when its note is changed after that. */
export interface CallSummary {
  id: string;
  direction: 'in' | 'out';
  peer: Peer;
  started: Time;
  answered: Time;
  ended: Time;
  /** Of the talk, in s. */
  duration: number;
  /** null for a call that was too short to be measured. */
  quality: { mos: number; grade: Exclude<CallQuality['grade'], ''> } | null;
  cause: Cause | null;
  /** As the person typed it. */
  note: string;
  /** Who it was, as jsc/contact/found or the server of the settings has said. */
  contact: { name: string; url: string } | null;
}

/** A line of somebody's record. */
export interface ContactField {
  label: string;
  value: string;
}

/** What the phone publishes. */
export interface PublishedTopics {
  'jsc/call/state': CallState;
  'jsc/call/quality': CallQuality;
  'jsc/call/summary': CallSummary;
  'jsc/call/transfer/requested': TransferRequest;
  'jsc/call/participants': Participants;
  /** Who is this? Answered by jsc/contact/found. `number` as it is reached from everywhere, +4930123456; empty where there is none. */
  'jsc/contact/lookup': { id: string; uri: string; number: string };
  /** The person wants to see the record. Whoever subscribes opens it; else the phone does. */
  'jsc/contact/open': { id: string; url: string };
  'jsc/devices/state': Devices;
  'jsc/registration/state': RegistrationState;
  'jsc/link/state': LinkState;
  'jsc/message/received': Message;
  'jsc/message/sent': Message;
  'jsc/error': PhoneError;
  'jsc/ua/snapshot': Snapshot;
  'jsc/ua/dnd/state': { on: boolean };
  'jsc/ua/idle': null;
  'jsc/ua/notready': null;
  'jsc/ua/incall': null;
  /** The peer's address. */
  'jsc/call/incoming': string;
  /** The peer's address. */
  'jsc/call/outgoing': string;
  'jsc/call/connected': null;
  'jsc/call/failed': null;
  'jsc/call/end': null;
  /** The key that came from the other side. */
  'jsc/call/dtmf': string;
  'jsc/unavailable/webrtc': null;
  'jsc/unavailable/config': null;
  'jsc/unavailable/relay': null;
}

/** A call; without `id` the one that is meant. */
interface ACall {
  id?: string;
}

/** What the phone does when it is published. */
export interface Commands {
  'jsc/call/dial': { to: string; video?: boolean; /** `Name: value` */ headers?: string | string[]; anonymous?: boolean; /** logs in as guest before it, when nobody is logged in */ guest?: boolean };
  'jsc/call/answer': (ACall & { video?: boolean }) | undefined;
  'jsc/call/reject': (ACall & { /** Of SIP. */ code?: number }) | undefined;
  'jsc/call/hangup': ACall | undefined;
  'jsc/call/mute': ACall & { audio?: boolean; video?: boolean };
  'jsc/call/hold': ACall & { on: boolean };
  /** What the person is to remember of the call, which may be over. */
  'jsc/call/note': ACall & { text: string };
  /** Who the other side is: shown in the call, and kept with it. `url` and `photo` are https: or http:, `photo` may be data:image/. */
  'jsc/contact/found': ACall & { name?: string; photo?: string; url?: string; notes?: string; fields?: ContactField[] };
  'jsc/call/record': ACall & { on: boolean };
  'jsc/call/talk': ACall & { on: boolean };
  'jsc/call/screen': ACall & { on: boolean };
  'jsc/call/video': ACall & ({ on: boolean; watch?: undefined } | { watch: true; on?: undefined });
  'jsc/call/transfer': ACall & ({ to: string; replaces?: undefined } | { /** Id of the other call. */ replaces: string; to?: undefined });
  'jsc/call/transfer/answer': ACall & { accept: boolean };
  'jsc/call/dtmf/send': ACall & { /** 0 to 9, *, #, A to D; `,` is a pause, `;` waits for jsc/call/dtmf/confirm. */ tones: string };
  'jsc/call/dtmf/confirm': ACall & { send: boolean };
  'jsc/conference/join': { ids?: string[] } | undefined;
  'jsc/conference/split': ACall | undefined;
  'jsc/conference/silence': ACall & { on: boolean };
  'jsc/devices/list': null | undefined;
  'jsc/devices/choose': { kind: DeviceKind; /** Empty for the system's. */ id: string };
  'jsc/devices/set': Partial<DeviceSwitches>;
  'jsc/message/send': { to: string; text: string };
  /** Fills the address field. */
  'jsc/destination/set': string;
  'jsc/ua/login': { uri: string; auth_user?: string; password?: string; display_name?: string };
  'jsc/ua/guest': null | undefined;
  'jsc/ua/logout': null | undefined;
  'jsc/ua/register': null | undefined;
  'jsc/ua/unregister': null | undefined;
  'jsc/ua/dnd': { on: boolean };
  'jsc/ua/settings': Partial<CallSettings>;
  /** Has the phone publish jsc/ua/snapshot. */
  'jsc/ua/state': null | undefined;
}

export interface Topics extends PublishedTopics, Commands {}

/** Topics of the phone's that there are, several of them, and those of others. */
type Known<T extends string> = T extends `${string}${'*' | ',' | ' '}${string}`
  ? T
  : T extends `jsc/${string}`
    ? T extends keyof Topics ? T : never
    : T;

type DataOf<T extends string> = T extends keyof Topics ? Topics[T] : any;

export type Subscriber<T extends string = string> = (data: DataOf<T>, topic: string, shared: object) => unknown;

export interface PublishOptions {
  /** Subscribers are called later, not before publish returns. */
  async?: boolean;
  /** Those who subscribe later get the message too. */
  persist?: boolean;
  /** false: no subscriber can keep it from the next. */
  cancelable?: boolean;
}

export interface SubscribeOptions {
  async?: boolean;
  /** false: messages from before are not wanted. */
  persist?: boolean;
  /** Higher ones are called first; default 0. */
  priority?: number;
}

/** By which the page and the phone speak to each other. A page that has its own keeps it. */
export interface Arbiter {
  /** A subscriber that returns false keeps the message from those after it. Returns false when one has thrown. */
  publish<T extends keyof Commands>(
    topic: T,
    ...rest: undefined extends Commands[T] ? [data?: Commands[T], options?: PublishOptions] : [data: Commands[T], options?: PublishOptions]
  ): boolean;
  publish<T extends string>(topic: T extends `jsc/${string}` ? never : T, data?: unknown, options?: PublishOptions): boolean;

  /** Topics with commas or blanks between them, or a list; a `*` at the end stands for any end. Returns what unsubscribe takes. */
  subscribe<T extends string>(topic: Known<T>, subscriber: Subscriber<T>): number | number[];
  subscribe<T extends string>(topic: Known<T>, options: SubscribeOptions | null, subscriber: Subscriber<T>): number | number[];
  subscribe<T extends string, C>(
    topic: Known<T>,
    options: SubscribeOptions | null,
    context: C,
    subscriber: (this: C, ...message: Parameters<Subscriber<T>>) => unknown,
  ): number | number[];
  subscribe<T extends string>(topics: readonly T[] & readonly Known<T>[], ...rest: [...unknown[], Subscriber<T>]): number | number[];

  unsubscribe(id: number | number[]): boolean;
  resubscribe(id: number | number[]): boolean;
  /** Called with what a subscriber has thrown. */
  onError(error: unknown, topic: string, data: unknown): void;
  create(): Arbiter;
}

/** Attributes of `<sip-phone>`. */
export interface SIPPhoneAttributes {
  /** Address of the phone's page; without it, that of embed.js. To be given where embed.js is part of a bundle. */
  src?: string;
  /** Settings, as JSON. */
  config?: string;
  /** Custom properties of the phone's style/tokens.css, as JSON. */
  theme?: string;
  /** What stands before its topics in this page, where there are several phones. */
  prefix?: string;
  /** When the phone is loaded; without it, when the page is idle. */
  load?: 'idle' | 'now' | 'call';
  mode?: 'docked' | 'inline' | 'window';
  /** Docked: it is to be seen. */
  open?: '' | boolean;
  /** It answers the links of the page that dial; with text, numbers in running text too. */
  links?: '' | 'text' | boolean;
  /** Its accessible name. */
  label?: string;
  /** An account of the embedded server. */
  account?: string;
  /** Stands in the address field. */
  dial?: string;
  video?: 'true' | 'false';
  lang?: string;
}

/** `<sip-phone>` */
export interface SIPPhoneElement extends HTMLElement {
  readonly prefix: string;
  /** Loads the phone, unless that has begun. */
  load(): void;
  /** Has the person see the phone. */
  show(): void;
  /** Asks this phone for something, as Arbiter.publish does. */
  publish<T extends keyof Commands>(
    topic: T,
    ...data: undefined extends Commands[T] ? [data?: Commands[T]] : [data: Commands[T]]
  ): void;
  addEventListener<T extends keyof PublishedTopics>(
    topic: T,
    listener: (this: SIPPhoneElement, event: CustomEvent<PublishedTopics[T]>) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: SIPPhoneElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<T extends keyof PublishedTopics>(
    topic: T,
    listener: (this: SIPPhoneElement, event: CustomEvent<PublishedTopics[T]>) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: SIPPhoneElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

type ArbiterType = Arbiter;

declare global {
  interface HTMLElementTagNameMap {
    'sip-phone': SIPPhoneElement;
  }
  interface Window {
    Arbiter: ArbiterType;
  }
  // eslint-disable-next-line no-var -- a global of the page
  var Arbiter: ArbiterType;
}
