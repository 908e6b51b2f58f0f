// @ts-check
// Writes a recording into the origin private file system, in a worker: only there files can
// be written in place, so that what was written is there whatever becomes of the page. Each
// message is answered, with what went wrong or with nothing.

/** @type {any} */
let file;
let end = 0;
let full = false;

onmessage = async ({ data }) => {
  try {
    if (data.open) {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('recordings', { create: true });
      const handle = /** @type {any} */ (await folder.getFileHandle(data.open, { create: true }));
      file = await handle.createSyncAccessHandle();
      file.truncate(0);
    } else if (data.bytes) {
      if (full) return postMessage('full'); // a hole would spoil what comes after
      const written = file.write(new Uint8Array(data.bytes), { at: end });
      full = written < data.bytes.byteLength;
      if (full) return postMessage('full');
      end += written;
      file.flush();
    } else {
      file?.close();
    }
    postMessage('');
  } catch (error) {
    full = true;
    postMessage(String(error));
  }
};
