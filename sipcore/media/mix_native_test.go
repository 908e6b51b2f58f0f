//go:build !js

package media

import "testing"

// tones are those that the members of a conference send, and that of its owner. They are
// whole numbers of periods in what a Meter looks at.
var tones = []float64{400, 600, 800, 1000}

// conference is a phone that talks with three others at once.
type conference struct {
	mix    Mix
	legs   []*Conn // of the owner
	others []*Conn // the other ends
	ears   []*Meter
	own    *Meter
}

func newConference(t *testing.T) *conference {
	t.Helper()
	owner := newPhone(t, tones[0])
	c := &conference{own: owner.meter}
	for _, hz := range tones[1:] {
		other := newPhone(t, hz)
		a, _ := open(owner.Engine, Want{Audio: true})
		b, _ := open(other.Engine, Want{Audio: true})
		agree(t, a, b)
		awaitTone(t, other.meter, tones[0])
		c.legs, c.others, c.ears = append(c.legs, a), append(c.others, b), append(c.ears, other.meter)
	}
	return c
}

// join joins the calls with these numbers; those from silent on are silent.
func (c *conference) join(silent int, members ...int) {
	calls := map[*Conn]bool{}
	for i, n := range members {
		calls[c.legs[n]] = i >= silent
	}
	c.mix.Set(calls)
}

// hears waits until a member hears these tones and no other.
func hears(t *testing.T, ear *Meter, want ...float64) {
	t.Helper()
	await(t, "the tones", func() bool {
		heard := true
		for _, hz := range tones {
			wanted := false
			for _, w := range want {
				wanted = wanted || w == hz
			}
			if level := ear.Tone(hz); wanted && level < 0.1 || !wanted && level > 0.01 {
				heard = false
			}
		}
		return heard && (len(want) > 0 || ear.Packets(Audio) > 10)
	})
}

func TestMixGivesEachTheOthersAndNotItself(t *testing.T) {
	c := newConference(t)
	const all = 3 // nobody is silent
	c.join(all, 0, 1, 2)
	hears(t, c.ears[0], tones[0], tones[2], tones[3])
	hears(t, c.ears[1], tones[0], tones[1], tones[3])
	hears(t, c.ears[2], tones[0], tones[1], tones[2])

	// Muted, this side is not heard, and everybody else is.
	for _, leg := range c.legs {
		leg.SetMuted(true, false)
	}
	hears(t, c.ears[0], tones[2], tones[3])
	hears(t, c.ears[1], tones[1], tones[3])
	for _, leg := range c.legs {
		leg.SetMuted(false, false)
	}

	// Who is held is silent to all, and hears nothing.
	c.legs[0].SetHold(true)
	hears(t, c.ears[0])
	hears(t, c.ears[1], tones[0], tones[3])
	agree(t, c.legs[0], c.others[0]) // and the mix outlives what is negotiated
	hears(t, c.ears[2], tones[0], tones[2])
	c.legs[0].SetHold(false)
	agree(t, c.legs[0], c.others[0])
	hears(t, c.ears[0], tones[0], tones[2], tones[3])
	hears(t, c.ears[1], tones[0], tones[1], tones[3])

	// Who is silenced hears the others, and they do not hear it.
	c.join(2, 1, 2, 0)
	hears(t, c.ears[0], tones[0], tones[2], tones[3])
	hears(t, c.ears[1], tones[0], tones[3])

	// Who is taken out talks with this side alone.
	c.join(all, 1, 2)
	hears(t, c.ears[0], tones[0])
	hears(t, c.ears[1], tones[0], tones[3])
	hears(t, c.ears[2], tones[0], tones[2])

	// Who hangs up is gone; the two that stay still talk.
	c.join(all, 0, 1, 2)
	hears(t, c.ears[1], tones[0], tones[1], tones[3])
	c.legs[0].Close()
	hears(t, c.ears[1], tones[0], tones[3])
	c.mix.Set(nil)
	hears(t, c.ears[1], tones[0])
	hears(t, c.ears[2], tones[0])
	if len(c.mix.members) > 0 || c.legs[1].mixed() != nil {
		t.Error("the mix holds on to a call")
	}
}

func TestMixTakesNoCallThatHasEnded(t *testing.T) {
	c := newConference(t)
	c.legs[0].Close()
	<-c.legs[0].Done()
	c.join(3, 0, 1, 2)
	hears(t, c.ears[1], tones[0], tones[3])
	if len(c.mix.members) != 2 {
		t.Errorf("%d members", len(c.mix.members))
	}
}
