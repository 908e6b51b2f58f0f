// Package sdp answers the questions that calls have about session descriptions: can
// this offer be taken, is there picture, are we on hold, whose turn is it. It is pure:
// no browser, no network, no clock.
//
// A description is kept as its lines (RFC 8866): what is changed is changed in place, and
// everything else goes on as it came. On top of that there is offer/answer (RFC 3264,
// RFC 6337), hold (RFC 3264 §8.4, RFC 6337 §5.3) and what WebRTC demands of a
// description (RFC 8829, RFC 8843). Descriptions and a [Negotiation] belong to one goroutine at a
// time.
//
// Left out: making descriptions, which is the browser's, and preconditions (RFC 3312).
package sdp
