package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// notices are the sentences that the person has to read.
type notices struct {
	app.Compo
	Screen       *Screen
	T            texts
	Notices      []Notice
	SoundBlocked bool
}

// Render draws them, the newest last.
func (n *notices) Render() app.UI {
	return tag("div", "class=notices",
		tag("div", "id=part-"+deskPart), // what web/parts/desk.js asks
		app.Range(n.Notices).Slice(func(i int) app.UI {
			return &notice{Screen: n.Screen, T: n.T, Notice: n.Notices[i]}
		}),
		app.If(n.SoundBlocked, func() app.UI {
			return tag("div", "class=notice|role=alert", icon("volume-x"), text("p", "", n.T.T("error_sound_blocked")))
		}),
	)
}

type notice struct {
	app.Compo
	Screen *Screen
	T      texts
	Notice Notice
}

// CompoID keeps notices apart: one that comes anew is announced anew.
func (n *notice) CompoID() string { return strconv.Itoa(n.Notice.ID) }

// Render draws one notice.
func (n *notice) Render() app.UI {
	return tag("div", "class=notice|role=alert|data-notice="+n.Notice.Code+"|data-id="+n.CompoID(),
		icon("circle-alert"),
		text("p", "", n.T.T(n.Notice.Code, n.Notice.Params)),
		control("dismiss", "button ghost", "x", n.T.T("action_close"), false, n.dismiss),
	)
}

func (n *notice) dismiss(app.Context, app.Event) { n.Screen.dismiss(n.Notice.ID) }
