package media

import "testing"

// The microphone of the conference's owner is muted: what is heard has come through the
// browser's graph.
func TestBrowserMixesWhatOthersSay(t *testing.T) {
	p := watch(t)
	engine := newBrowserEngine(t, Config{})
	var mix Mix
	var legs, others [2]*Conn
	for i := range legs {
		legs[i], others[i] = engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
		play(t, legs[i].Remote())
		play(t, others[i].Remote())
		agree(t, legs[i], others[i])
		awaitSound(t, others[i])
		legs[i].SetMuted(true, false)
	}
	join := func(firstSilent bool) { mix.Set(map[*Conn]bool{legs[0]: firstSilent, legs[1]: false}) }
	awaitQuiet(t, others[0])
	join(false)
	graph := mix.mixer.context
	awaitSound(t, others[0])
	awaitSound(t, others[1])

	agree(t, legs[0], others[0]) // the mix outlives an offer of either side
	agree(t, others[1], legs[1])
	awaitSound(t, others[0])
	awaitSound(t, others[1])

	join(true)
	awaitQuiet(t, others[1])
	awaitSound(t, others[0])
	join(false)
	awaitSound(t, others[1])

	legs[0].SetHold(true)
	awaitQuiet(t, others[1])
	awaitQuiet(t, others[0])
	legs[0].SetHold(false)
	awaitSound(t, others[1])

	mix.Set(nil)
	awaitQuiet(t, others[0])
	legs[0].SetMuted(false, false) // and the microphone is back
	awaitSound(t, others[0])
	join(false)
	second := mix.mixer.context
	awaitSound(t, others[1])
	engine.Close()
	await(t, "the graphs' end", func() bool {
		return graph.Get("state").String() == "closed" && second.Get("state").String() == "closed"
	})
	if !p.released() || len(mix.members) > 0 {
		t.Error("something is left")
	}
}
