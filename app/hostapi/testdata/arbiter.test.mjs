// @ts-check
// Tests of web/arbiter.js, run by arbiter_test.go.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('../../../web/arbiter.js', import.meta.url), 'utf8');

/** Loads the script into a page of its own. */
function load(globals = {}) {
  const later = [];
  const errors = [];
  const page = vm.createContext({
    setTimeout: (f) => later.push(f),
    console: { error: (...args) => errors.push(args) },
    ...globals,
  });
  vm.runInContext(source, page);
  return { page, errors, Arbiter: page.Arbiter, tick: () => later.splice(0).forEach((f) => f()) };
}

/** Subscribes and notes what comes as "topic=data". */
function note(Arbiter, topics, ...options) {
  const got = [];
  got.id = Arbiter.subscribe(topics, ...options, (data, topic) => { got.push(`${topic}=${data}`); });
  return got;
}
/** What was published before the phone was there. */
const early = (page) => vm.runInContext("globalThis[Symbol.for('sip-phone.early')]()", page);
const plain = (list) => [...list]; // of another realm

test('a message reaches those who subscribed to its topic', () => {
  const { Arbiter } = load();
  const a = note(Arbiter, 'a/b');
  const others = [note(Arbiter, 'a'), note(Arbiter, 'a/b/c'), note(Arbiter, 'A/B')];
  assert.equal(Arbiter.publish('a/b', 1), true);
  assert.deepEqual(plain(a), ['a/b=1']);
  assert.deepEqual(others.flat(), []);
});

test('several topics come as a list or with commas and blanks', () => {
  for (const topics of ['a, b  c', 'a,b,c', ['a', 'b', 'c'], ['a b', 'c']]) {
    const { Arbiter } = load();
    const got = note(Arbiter, topics);
    assert.equal(got.id.length, 3);
    for (const topic of ['a', 'b', 'c', 'd']) Arbiter.publish(topic);
    assert.deepEqual(plain(got), ['a=undefined', 'b=undefined', 'c=undefined']);
  }
});

test('one topic gives one id', () => {
  const { Arbiter } = load();
  assert.equal(typeof note(Arbiter, 'a').id, 'number');
  assert.equal(typeof note(Arbiter, ['a']).id, 'number');
});

test('a * at the end stands for any end, and only there', () => {
  const { Arbiter } = load();
  const got = note(Arbiter, ['jsc/*', 'jsc/*/*']);
  const all = note(Arbiter, '*');
  Arbiter.publish('jsc/call/end', 1);
  Arbiter.publish('jsc', 2);
  assert.deepEqual(plain(got), ['jsc/call/end=1']);
  assert.deepEqual(plain(all), ['jsc/call/end=1', 'jsc=2']);
});

test('higher priority is first, then who came first', () => {
  const { Arbiter } = load();
  const order = [];
  for (const [name, priority] of [['low', -1], ['first', 0], ['second', undefined], ['high', 10]]) {
    Arbiter.subscribe('a', { priority }, () => { order.push(name); });
  }
  Arbiter.publish('a');
  assert.deepEqual(order, ['high', 'first', 'second', 'low']);
});

test('false keeps a message from the next, unless it cannot be cancelled', () => {
  const { Arbiter } = load();
  Arbiter.subscribe('a', { priority: 1 }, () => false);
  const got = note(Arbiter, 'a');
  assert.equal(Arbiter.publish('a', 1), true);
  Arbiter.publish('a', 2, { cancelable: false });
  assert.deepEqual(plain(got), ['a=2']);
});

test('who throws is reported and the rest go on', () => {
  const { Arbiter, errors, tick } = load();
  Arbiter.subscribe('a', () => { throw new Error('ouch'); });
  const got = note(Arbiter, 'a');
  assert.equal(Arbiter.publish('a', 1), false);
  assert.equal(Arbiter.publish('a', 2, { async: true }), true);
  tick();
  assert.deepEqual(plain(got), ['a=1', 'a=2']);
  assert.equal(errors.length, 2);
  const own = [];
  Arbiter.onError = (error, topic) => own.push(`${topic}: ${error.message}`);
  Arbiter.publish('a', 3);
  assert.deepEqual(own, ['a: ouch']);
});

test('asynchronous messages and subscribers come later', () => {
  const { Arbiter, tick } = load();
  const got = note(Arbiter, 'a');
  const late = note(Arbiter, 'a', { async: true });
  Arbiter.publish('a', 1);
  Arbiter.publish('a', 2, { async: true });
  assert.deepEqual([plain(got), plain(late)], [['a=1'], []]);
  tick();
  assert.deepEqual([plain(got), plain(late)], [['a=1', 'a=2'], ['a=1', 'a=2']]);
});

test('who leaves before an asynchronous message gets none', () => {
  const { Arbiter, tick } = load();
  const got = note(Arbiter, 'a');
  Arbiter.publish('a', 1, { async: true });
  Arbiter.unsubscribe(got.id);
  tick();
  assert.deepEqual(plain(got), []);
});

test('persistent messages reach late subscribers that want them', () => {
  const { Arbiter, tick } = load();
  Arbiter.publish('a/b', 1, { persist: true });
  Arbiter.publish('a/b', 2, { persist: true });
  Arbiter.publish('a/c', 3);
  const later = note(Arbiter, 'a/b', { async: true });
  assert.deepEqual(plain(later), []);
  tick();
  for (const got of [later, note(Arbiter, 'a/b'), note(Arbiter, 'a/*')]) assert.deepEqual(plain(got), ['a/b=2']);
  assert.deepEqual(plain(note(Arbiter, 'a/b', { persist: false })), []);
});

test('subscribers have their context and share an object', () => {
  const { Arbiter } = load();
  const context = {};
  let seen;
  Arbiter.subscribe('a', null, context, function (data, topic, shared) { shared.by = this; });
  Arbiter.subscribe('a', (data, topic, shared) => { seen = shared.by; });
  Arbiter.publish('a');
  assert.equal(seen, context);
});

test('subscriptions end and are taken up again', () => {
  const { Arbiter } = load();
  const got = note(Arbiter, 'a b');
  assert.equal(Arbiter.unsubscribe(got.id), true);
  Arbiter.publish('a', 1);
  assert.equal(Arbiter.resubscribe(got.id[0]), true);
  Arbiter.publish('a', 2);
  Arbiter.publish('b', 3);
  assert.deepEqual(plain(got), ['a=2']);
  assert.equal(Arbiter.unsubscribe(4711), false);
  assert.equal(Arbiter.resubscribe(undefined), false);
});

test('one more Arbiter knows nothing of the first', () => {
  const { Arbiter } = load();
  const other = Arbiter.create();
  const got = note(other, '*');
  Arbiter.publish('a', 1);
  other.publish('b', 2);
  assert.deepEqual(plain(got), ['b=2']);
});

test('without a function there is nothing to subscribe', () => {
  const { Arbiter } = load();
  assert.throws(() => Arbiter.subscribe('a', {}), { name: 'TypeError' });
});

test('the Arbiter of the page stays', () => {
  const own = load().Arbiter;
  const { page, Arbiter } = load({ Arbiter: own });
  assert.equal(Arbiter, own);
  own.publish('jsc/call/dial', 'x');
  assert.equal(early(page).length, 1);
});

test('what is published before the phone is there is kept for it, once and not without end', () => {
  const { page, Arbiter } = load();
  for (let n = 0; n < 150; n++) Arbiter.publish('jsc/destination/set', n);
  Arbiter.publish('elsewhere', 'x');
  const kept = early(page);
  assert.equal(kept.length, 100);
  assert.deepEqual(plain(kept.at(-1)), ['jsc/destination/set', 149]);
  Arbiter.publish('jsc/destination/set', 'after');
  assert.equal(early(page).length, 0);
});
