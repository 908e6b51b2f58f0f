// @ts-check
const element = document.createElement('video');
element.autoplay = true;
element.playsInline = true;
document.body.append(element);

/**
 * Plays what arrives. The element gets a stream only now: an empty one would hold up
 * the document's load event.
 * @param {MediaStreamTrack[]} tracks
 */
export function play(tracks) {
  element.srcObject = new MediaStream(tracks);
}
