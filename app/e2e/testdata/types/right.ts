// What people who bundle write, which has to compile.
import 'gocommunicator/embed';
import type { CallState, Commands, PublishedTopics, SIPPhoneElement } from 'gocommunicator/embed';

const phone: SIPPhoneElement = document.createElement('sip-phone');
const found: SIPPhoneElement | null = document.querySelector('sip-phone');
found?.load();

phone.addEventListener('jsc/call/state', (event) => {
  const { state, peer, answered }: CallState = event.detail;
  const seconds: number | null = answered === null ? null : (Date.now() - answered) / 1000;
  console.log(state === 'active', peer.name.trim(), seconds);
});
phone.addEventListener('jsc/call/incoming', ({ detail }) => detail.toUpperCase(), { once: true });
phone.addEventListener('click', (event) => event.clientX);
phone.addEventListener('mine', (event) => event.preventDefault());

phone.publish('jsc/call/dial', { to: 'bob', video: true, headers: ['X-Account: 7'] });
phone.publish('jsc/call/hangup');
Arbiter.publish('jsc/call/hangup', { id: '7' });
Arbiter.publish('jsc/ua/state');
Arbiter.publish('jsc/destination/set', 'carol');
Arbiter.publish('jsc/call/transfer', { id: '7', replaces: '8' });
Arbiter.publish('jsc/devices/set', { push_to_talk: true }, { async: true });
Arbiter.publish('erp/saved', { anything: 1 });

const id = Arbiter.subscribe('jsc/registration/state', ({ state, others }) => state === 'registered' && others[0]?.name);
Arbiter.unsubscribe(id);
window.Arbiter.subscribe('jsc/message/received', { persist: false }, (message) => message.text);
Arbiter.subscribe('jsc/error', null, document.body, function (error) {
  this.textContent = error.message;
});
Arbiter.subscribe('jsc/*', (data, topic) => console.log(topic, data));
Arbiter.subscribe('jsc/call/end, jsc/call/failed', () => undefined);
Arbiter.subscribe(['jsc/ua/idle', 'jsc/ua/incall'], (data, topic) => topic);
Arbiter.subscribe('erp/saved', (data) => data.anything);

// Helpers of one's own over all topics.
export function on<T extends keyof PublishedTopics>(topic: T, listener: (data: PublishedTopics[T]) => void): void {
  phone.addEventListener(topic, (event) => listener(event.detail));
}
export const dial = (to: string): Commands['jsc/call/dial'] => ({ to });
