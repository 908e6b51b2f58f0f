// @ts-check
// Runs a Go test program in this page and reports what it writes and its exit code
// over a WebSocket (see page.go).
const report = new WebSocket(`ws://${location.host}/report`);
await new Promise((resolve, reject) => {
  report.onopen = resolve;
  report.onerror = reject;
});

// wasm_exec.js keeps a file system that is there already. What it asks for beyond
// writing is refused, as it does itself.
const refuse = (/** @type {any[]} */ ...args) => {
  args.at(-1)(Object.assign(new Error('not implemented'), { code: 'ENOSYS' }));
};
const files = {
  constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
  writeSync(/** @type {number} */ fd, /** @type {Uint8Array} */ bytes) {
    const message = new Uint8Array(bytes.length + 1);
    message[0] = fd;
    message.set(bytes, 1);
    report.send(message);
    return bytes.length;
  },
  write(fd, bytes, offset, length, position, callback) {
    callback(null, files.writeSync(fd, bytes.subarray(offset, offset + length)));
  },
  fsync(fd, callback) { callback(null); },
};
globalThis.fs = new Proxy(files, { get: (target, name) => target[name] ?? refuse });

await new Promise((resolve, reject) => {
  const tag = document.createElement('script');
  tag.src = '/wasm_exec.js';
  tag.onload = resolve;
  tag.onerror = reject;
  document.head.append(tag);
});

const start = await (await fetch('/start.json')).json();
const go = new globalThis.Go();
go.argv = start.args;
go.env = start.env;
go.exit = (/** @type {number} */ code) => report.send(String(code));
try {
  const { instance } = await WebAssembly.instantiateStreaming(fetch('/test.wasm'), go.importObject);
  await go.run(instance);
} catch (error) {
  console.error(error);
  report.send('3');
}
