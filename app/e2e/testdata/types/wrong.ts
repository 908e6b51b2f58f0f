// What must not compile: each line behind a comment has a mistake, and a comment without
// one is a mistake too.
import 'gocommunicator/embed';

const phone = document.createElement('sip-phone');

// @ts-expect-error: there is no such state
phone.addEventListener('jsc/call/state', ({ detail }) => detail.state === 'talking');
// @ts-expect-error: there is no such field
phone.addEventListener('jsc/call/state', ({ detail }) => detail.number);
// @ts-expect-error: text, no object
phone.addEventListener('jsc/call/incoming', ({ detail }) => detail.uri);
// @ts-expect-error: may be null
phone.addEventListener('jsc/call/state', ({ detail }) => detail.cause.code);
// @ts-expect-error: no command
phone.publish('jsc/call/state', {});
// @ts-expect-error: whom?
phone.publish('jsc/call/dial');
// @ts-expect-error: nor is a number a text
phone.publish('jsc/call/dial', { to: 49 });
// @ts-expect-error: no such topic
Arbiter.publish('jsc/call/dail', { to: 'bob' });
// @ts-expect-error: no such field
Arbiter.publish('jsc/call/dial', { too: 'bob' });
// @ts-expect-error: either
Arbiter.publish('jsc/call/transfer', { to: 'bob', replaces: '8' });
// @ts-expect-error: no such kind
Arbiter.publish('jsc/devices/choose', { kind: 'microphone', id: '' });
// @ts-expect-error: no such topic
Arbiter.subscribe('jsc/call/sate', () => undefined);
// @ts-expect-error: no such field
Arbiter.subscribe('jsc/call/quality', ({ score }) => score);
// @ts-expect-error: no such method
phone.call('bob');
