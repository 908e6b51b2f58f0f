package ui

import (
	"maps"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// maxNamed is how many of those in a server's conference are named; the others count.
const maxNamed = 40

// foldParticipants takes in who is in the conference that a call leads to.
func (v *View) foldParticipants(p phone.Participants) {
	v.Participants = maps.Clone(v.Participants)
	if v.Participants == nil {
		v.Participants = map[string][]phone.Participant{}
	}
	v.Participants[p.CallID] = p.Users
	if len(p.Users) == 0 || v.index(p.CallID) < 0 {
		delete(v.Participants, p.CallID)
	}
}

// participants are those in the conference that the call leads to: how many, and who.
func (c *call) participants() app.UI {
	named := c.Participants[:min(len(c.Participants), maxNamed)]
	return tag("div", "class=participants|data-region=participants",
		text("p", "class=quiet", c.T.N("label_participants", len(c.Participants), nil)),
		tag("ul", "", app.Range(named).Slice(func(i int) app.UI {
			return tag("li", "data-status="+presence(named[i].Status), text("bdi", "", c.T.name(named[i].Peer)))
		})),
	)
}

// presence is the status of a participant as far as the style sheet knows it.
func presence(said string) string {
	if said == "connected" || said == "" {
		return "connected"
	}
	return "other"
}
