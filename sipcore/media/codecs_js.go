package media

import (
	"context"
	"strings"
	"syscall/js"

	"gocommunicator/sipcore/promise"
)

// capabilities are the codecs that the browser can receive; Undefined where it does not
// tell.
func capabilities(k Kind) js.Value {
	codecs, err := promise.Try(func() js.Value {
		return js.Global().Get("RTCRtpReceiver").Call("getCapabilities", string(k)).Get("codecs")
	})
	if err != nil {
		return js.Undefined()
	}
	return codecs
}

// known are the names of the codecs that there are.
func known(k Kind) []string {
	codecs := capabilities(k)
	if codecs.IsUndefined() {
		return nil
	}
	names := make([]string, codecs.Length())
	for i := range names {
		names[i] = mimeName(codecs.Index(i).Get("mimeType").String())
	}
	return names
}

// prefer puts the codecs in their order, also in an answer to somebody who would rather
// have another one. Browsers that cannot be told have Opus first by themselves in offers.
func (p *peer) prefer(transceiver js.Value, k Kind) {
	if transceiver.Get("setCodecPreferences").Type() != js.TypeFunction {
		return
	}
	codecs := capabilities(k)
	var list []any
	for _, i := range choose(k, known(k), p.conn.engine.cfg.codecs(k)) {
		list = append(list, codecs.Index(i))
	}
	if _, err := promise.Try(func() js.Value { return transceiver.Call("setCodecPreferences", list) }); err != nil {
		p.conn.engine.cfg.Log.Warn("media: order of codecs", "kind", k, "err", err)
	}
}

// limit bounds what a sender sends.
func (p *peer) limit(ctx context.Context, k Kind, sender js.Value) {
	n := p.conn.engine.cfg.bound(k)
	if n == 0 {
		return
	}
	_, err := promise.Await(ctx, func() js.Value {
		parameters := sender.Call("getParameters")
		encodings := parameters.Get("encodings")
		for i := range encodings.Length() {
			encodings.Index(i).Set("maxBitrate", n*1000)
		}
		return sender.Call("setParameters", parameters)
	}, nil)
	if err != nil {
		p.conn.engine.cfg.Log.Warn("media: bound of what is sent", "kind", k, "err", err)
	}
}

// mimeName is that of a media type: "opus" of "audio/opus".
func mimeName(mime string) string {
	_, name, _ := strings.Cut(strings.ToLower(mime), "/")
	return name
}
