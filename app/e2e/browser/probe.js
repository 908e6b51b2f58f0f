// Runs in every page before its own scripts. It watches, from outside and without the
// page's help, what the page does with WebRTC, and records the topics on its
// window.Arbiter. Nothing the page sees behaves otherwise.
(() => {
  'use strict';
  if (window.e2e) return;
  const connections = [];
  const localTracks = [];
  const topics = [];
  const clicks = [];

  const NativeConnection = window.RTCPeerConnection;
  if (NativeConnection) {
    window.RTCPeerConnection = new Proxy(NativeConnection, {
      construct(target, args, newTarget) {
        const connection = Reflect.construct(target, args, newTarget);
        connections.push(connection);
        return connection;
      },
    });
  }

  const devices = navigator.mediaDevices;
  if (devices) {
    const getUserMedia = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      localTracks.push(...stream.getTracks());
      return stream;
    };
  }

  const displays = [];
  if (devices?.getDisplayMedia) {
    const getDisplayMedia = devices.getDisplayMedia.bind(devices);
    devices.getDisplayMedia = async (constraints) => {
      const stream = await getDisplayMedia(constraints);
      localTracks.push(...stream.getTracks());
      displays.push(...stream.getTracks());
      return stream;
    };
  }

  let arbiter;
  Object.defineProperty(window, 'Arbiter', {
    configurable: true,
    get: () => arbiter,
    set(value) {
      arbiter = value;
      // What provides it may fill it after naming it.
      queueMicrotask(() => value.subscribe('jsc/*', (data, topic) => {
        topics.push({ time: performance.now(), topic, data: structuredClone(data) });
      }));
    },
  });

  window.addEventListener('click', (event) => {
    const control = event.target.closest?.('[data-action]');
    if (control) clicks.push({ time: performance.now(), action: control.dataset.action });
  }, true);

  const open = () => connections.filter((c) => c.signalingState !== 'closed');

  /** Waits until probe gives something other than undefined, null and false. */
  async function until(probe, milliseconds, excuse) {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const got = await probe();
      if (got !== undefined && got !== null && got !== false) return got;
      if (performance.now() > deadline) throw new Error(await excuse());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** What the statistics of all open connections say, added up. */
  async function media() {
    const sum = {
      connections: open().length,
      localTracks: localTracks.filter((t) => t.readyState === 'live').map((t) => t.kind),
      audioReceived: 0, audioSent: 0, audioEnergy: 0, videoSent: 0, videoDecoded: 0,
      localCandidate: '', remoteCandidate: '',
    };
    for (const connection of open()) {
      const report = await connection.getStats();
      const all = [...report.values()];
      for (const s of all) {
        if (s.type === 'inbound-rtp' && s.kind === 'audio') {
          sum.audioReceived += s.packetsReceived || 0;
          sum.audioEnergy += s.totalAudioEnergy || 0;
        } else if (s.type === 'inbound-rtp' && s.kind === 'video') {
          sum.videoDecoded += s.framesDecoded || 0;
        } else if (s.type === 'outbound-rtp' && s.kind === 'audio') {
          sum.audioSent += s.packetsSent || 0;
        } else if (s.type === 'outbound-rtp' && s.kind === 'video') {
          sum.videoSent += s.packetsSent || 0;
        }
      }
      const transport = all.find((s) => s.type === 'transport');
      const pair = report.get(transport?.selectedCandidatePairId)
        || all.find((s) => s.type === 'candidate-pair' && s.selected);
      if (pair) {
        sum.localCandidate = report.get(pair.localCandidateId)?.candidateType || '';
        sum.remoteCandidate = report.get(pair.remoteCandidateId)?.candidateType || '';
      }
    }
    return sum;
  }

  /**
   * Half a second of what arrives, as samples. It is recorded and decoded because a
   * live AudioContext stands still in a Firefox without a sound card.
   */
  async function listen() {
    const tracks = open().flatMap((c) => c.getReceivers().map((r) => r.track))
      .filter((t) => t.kind === 'audio' && t.readyState === 'live');
    if (tracks.length === 0) return { samples: new Float32Array(), rate: 48000 };
    const recorder = new MediaRecorder(new MediaStream([tracks.at(-1)]));
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 600));
    recorder.stop();
    await stopped;
    const decoder = new OfflineAudioContext(1, 1, 48000);
    try {
      const buffer = await decoder.decodeAudioData(await new Blob(parts).arrayBuffer());
      return { samples: buffer.getChannelData(0), rate: buffer.sampleRate };
    } catch {
      return { samples: new Float32Array(), rate: 48000 }; // nothing was recorded
    }
  }

  /** The strongest tone in samples, of those from 100 to 2000 Hz in steps of 10 Hz (Goertzel). */
  function strongest({ samples, rate }) {
    let best = { hertz: 0, amplitude: 0 };
    for (let hertz = 100; hertz <= 2000; hertz += 10) {
      const k = 2 * Math.cos(2 * Math.PI * hertz / rate);
      let s1 = 0;
      let s2 = 0;
      for (const sample of samples) [s1, s2] = [sample + k * s1 - s2, s1];
      const amplitude = 2 * Math.sqrt(Math.max(0, s1 * s1 + s2 * s2 - k * s1 * s2)) / (samples.length || 1);
      if (amplitude > best.amplitude) best = { hertz, amplitude };
    }
    return best;
  }

  /** Waits until the tone is the strongest that arrives. */
  function hear(hertz, milliseconds) {
    let last;
    return until(async () => {
      last = strongest(await listen());
      return last.amplitude > 0.005 && Math.abs(last.hertz - hertz) <= 10;
    }, milliseconds, () => `no tone of ${hertz} Hz: the strongest was ${last.hertz} Hz with amplitude ${last.amplitude}`);
  }

  /** Times in ms at which what arrives was loud, from now on until stop is called. */
  function loudness() {
    const context = new AudioContext();
    const [track] = open().flatMap((c) => c.getReceivers().map((r) => r.track)).filter((t) => t.kind === 'audio');
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const loud = [];
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (samples.some((s) => Math.abs(s) > 0.02)) loud.push(performance.now());
    }, 5);
    return { loud, stop() { clearInterval(timer); context.close(); } };
  }

  /** Waits until nothing has been loud for a second, which the pauses of a beep are not. */
  async function silence(milliseconds) {
    const { loud, stop } = loudness();
    const begin = performance.now();
    try {
      await until(() => performance.now() - (loud.at(-1) ?? begin) > 1000, milliseconds, () => 'it is never silent');
    } finally {
      stop();
    }
  }

  /** Waits until something is loud; gives when. */
  async function sound(milliseconds) {
    const { loud, stop } = loudness();
    try {
      return await until(() => loud.length > 2 && { first: loud[0] }, milliseconds, () => 'it is silent');
    } finally {
      stop();
    }
  }

  /** Waits until what is counted has risen by n since now. With a connection goes what it has counted. */
  async function rise(name, n, milliseconds) {
    let last = (await media())[name], risen = 0;
    const look = async () => {
      const now = (await media())[name];
      risen += Math.max(0, now - last);
      last = now;
      return risen >= n;
    };
    return until(look, milliseconds, async () => `${name} does not rise by ${n}, but by ${risen}: ${JSON.stringify(await media())}`);
  }

  /** Waits until a media element that is not muted plays what arrives. */
  function playing(kind, milliseconds) {
    const plays = (element) => !element.paused && !element.ended && element.readyState >= 2
      && (kind === 'video' ? element.videoWidth > 0 : !element.muted && element.volume > 0)
      && element.srcObject?.getTracks().some((t) => t.kind === kind && t.readyState === 'live'
        && open().some((c) => c.getReceivers().some((r) => r.track === t || r.track.id === t.id)));
    const elements = () => [...document.querySelectorAll('audio, video')];
    return until(() => elements().some(plays), milliseconds,
      () => `no element plays the other side's ${kind}: ${JSON.stringify(elements().map((e) => ({
        tag: e.tagName, paused: e.paused, muted: e.muted, ready: e.readyState, width: e.videoWidth,
        tracks: e.srcObject?.getTracks().map((t) => `${t.kind} ${t.readyState}`),
      })))}`);
  }

  /** The picture that a video element shows, small: RGBA of 16 x 12. */
  function picture(selector) {
    const element = document.querySelector(selector);
    if (!element?.videoWidth || !element.checkVisibility()) return null;
    const context = new OffscreenCanvas(16, 12).getContext('2d');
    context.drawImage(element, 0, 0, 16, 12);
    return context.getImageData(0, 0, 16, 12).data;
  }

  /** Waits until an element shows a picture that is no single colour, and then another one. */
  function moving(selector, milliseconds) {
    let first = null;
    let why = 'shows no picture';
    return until(() => {
      const now = picture(selector);
      if (!now) return null;
      if (now.every((v, i) => Math.abs(v - now[i % 4]) < 8)) {
        why = `is of one colour: ${now.slice(0, 3)}`;
        return null;
      }
      first ??= now;
      why = 'stands still';
      return now.some((v, i) => Math.abs(v - first[i]) > 16);
    }, milliseconds, () => `${selector} ${why}`);
  }

  /** How many media lines the open connections have. */
  const lines = () => open().map((c) => c.localDescription?.sdp.match(/^m=/gm)?.length ?? 0).reduce((a, b) => a + b, 0);

  /** Ends what is shown of the screen, as the bar of the browser does. */
  function endDisplay() {
    for (const track of displays.splice(0)) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  }

  /** Waits until no device is in use and no connection open. */
  function released(milliseconds) {
    const busy = () => localTracks.some((t) => t.readyState === 'live') || open().length > 0;
    return until(() => !busy(), milliseconds, async () => `not released: ${JSON.stringify(await media())}`);
  }

  /** Waits until a control or input can be seen and used and stands still; gives its middle. */
  function place(selector, milliseconds) {
    let why = 'is not there';
    let before = null;
    return until(() => {
      for (const element of document.querySelectorAll(selector)) {
        element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.height === 0) { why = 'is not visible'; continue; }
        if (element.disabled) { why = 'is disabled'; continue; }
        const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        const top = document.elementFromPoint(point.x, point.y);
        if (!element.contains(top)) {
          why = `cannot be hit: there is ${top?.outerHTML.slice(0, 120)}`;
          continue;
        }
        if (before?.element !== element || before.x !== point.x || before.y !== point.y) {
          before = { element, ...point };
          why = 'moves';
          continue;
        }
        return point;
      }
      return null;
    }, milliseconds, () => `${selector} ${why}`);
  }

  /** Waits until matches(record) of a recorded topic is true; gives the record. */
  function topic(name, matches, since, milliseconds) {
    return until(() => topics.find((r) => r.time >= since && r.topic === name && matches(r.data)), milliseconds,
      () => `no such ${name}; there were: ${JSON.stringify(topics.slice(-12).map((r) => [r.topic, r.data]))}`);
  }

  /** Lets go of what was recorded and is over. */
  function forget() {
    topics.length = 0;
    clicks.length = 0;
    connections.splice(0, connections.length, ...open());
    localTracks.splice(0, localTracks.length, ...localTracks.filter((t) => t.readyState === 'live'));
  }

  window.e2e = { forget, until, media, hear, loudness, silence, sound, rise, playing, picture, moving, lines, endDisplay, released, place, topic, topics, clicks };
})();
