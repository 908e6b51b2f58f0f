// Package media is sound and picture of a call: devices, the peer connection with its
// offers and answers, and what it measures. In the page it drives the browser's WebRTC,
// natively pion's. It is the only package that knows pion/webrtc, and not in the page
// either: its bindings there lack most of what a call needs, and weigh a tenth of the
// program.
//
// An [Engine] holds the settings; a [Conn] is one call's media, a [Mix] several of them
// joined. What a call does is the same on both platforms (negotiate.go, gather.go,
// shape.go); under it lie two types in file pairs with the same methods: devices
// (getUserMedia in the page, sources natively) and peer (the connection). A [Conn] may be
// used from any goroutine: Offer, Answer, Accept and Rollback take their turn and end when
// their context does or the Conn closes; the rest return at once.
//
// Follows RFC 8829 (offer/answer of browsers), RFC 8834 (RTP), RFC 8835 (transports),
// RFC 8843 (BUNDLE), RFC 4796 (slides beside a camera), RFC 8839 (ICE in SDP, without trickle: SIP here has none) and
// RFC 4733 (telephone events: sent in the page, heard natively).
//
// Differences: a provisional answer makes early media heard in the page; natively it
// is only checked, since pion cannot take one, and the connection is made by the final
// one. A final answer may come from another peer than the provisional one (a forked
// call): nothing is to be done natively, and Chromium starts ICE and DTLS anew with
// the new peer by itself.
//
// Left out: the sound of a screen, simulcast, data channels, ICE restart.
package media
