//go:build linux

package browser

// Media is what the statistics of all open peer connections of a page say, added up.
type Media struct {
	Connections     int      `json:"connections"`
	LocalTracks     []string `json:"localTracks"` // kinds of those from a device still in use
	AudioSent       int      `json:"audioSent"`   // packets
	AudioReceived   int      `json:"audioReceived"`
	AudioEnergy     float64  `json:"audioEnergy"` // of what was played
	VideoSent       int      `json:"videoSent"`   // packets
	VideoDecoded    int      `json:"videoDecoded"`
	LocalCandidate  string   `json:"localCandidate"`  // type of the selected pair's: host, srflx, prflx, relay
	RemoteCandidate string   `json:"remoteCandidate"` // likewise
}

// Media reads the statistics.
func (p *Page) Media() Media {
	p.t.Helper()
	var m Media
	p.Evaluate(call("media"), &m)
	return m
}

// Hears waits until the page receives sound packets, plays them audibly and the tone
// is in them.
func (p *Page) Hears(hertz int) {
	p.t.Helper()
	p.Evaluate(call("rise", "audioReceived", 10, ms()), nil)
	p.Evaluate(call("playing", "audio", ms()), nil)
	p.Evaluate(call("hear", hertz, ms()), nil)
}

// Silence waits until nothing that arrives has been loud for a second.
func (p *Page) Silence() {
	p.t.Helper()
	p.Evaluate(call("silence", ms()), nil)
}

// Sound waits until something loud arrives and gives when, in ms since the page was
// opened.
func (p *Page) Sound() (first float64) {
	p.t.Helper()
	var at struct{ First float64 }
	p.Evaluate(call("sound", ms()), &at)
	return at.First
}

// Sees waits until the page decodes and shows pictures.
func (p *Page) Sees() {
	p.t.Helper()
	p.Evaluate(call("rise", "videoDecoded", 5, ms()), nil)
	p.Evaluate(call("playing", "video", ms()), nil)
}

// Moves waits until an element shows pictures, and others than before.
func (p *Page) Moves(selector string) {
	p.t.Helper()
	p.Evaluate(call("moving", selector, ms()), nil)
}

// EndDisplay ends what is shown of the screen, as the bar of the browser does.
func (p *Page) EndDisplay() {
	p.t.Helper()
	p.Evaluate(call("endDisplay"), nil)
}

// Released waits until the page uses no device and has no peer connection open.
func (p *Page) Released() {
	p.t.Helper()
	p.Evaluate(call("released", ms()), nil)
}
