package ui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// The commands of the person. All are for the UI goroutine.

// told shows why a command was refused.
func (s *Screen) told(err error) {
	if errors.Is(err, phone.ErrNoCall) {
		return // it has ended meanwhile, or the button was pressed twice
	}
	if err != nil {
		s.change(func(v *View) { v.foldNotice(phone.Explain(err)) })
	}
}

// dialTyped dials what stands in the address field; what is wrong with it is said
// beside it.
func (s *Screen) dialTyped(video bool) {
	to := strings.TrimSpace(dom.Value(addressID))
	if to == "" {
		s.change(func(v *View) { v.Hint = Hint{Key: "error_address_empty", Bad: true} })
		s.focusAddress()
		return
	}
	s.dial(s.view.withScheme(to), video)
}

// justEnded is how long after a call Enter does not begin another, unless the person has
// turned to the address field: it was meant for the button to hang up. As long after the
// beginning of a call the button that called may be pressed once more.
const justEnded = 400 * time.Millisecond

// dialEnter calls in the way that Enter does.
func (s *Screen) dialEnter() {
	if ended := s.view.Last.Ended; time.Since(ended) < justEnded && s.turned.Before(ended) {
		return
	}
	if !s.deps.Dialing.none() {
		s.dialTyped(s.view.enterVideo(s.deps.Dialing))
	}
}

func (s *Screen) dial(to string, video bool) {
	hide := s.view.Anonymous
	dial := phone.Dial{To: to, Video: s.deps.Dialing.video(video), Location: s.view.Place, Anonymous: &hide}
	dial.Guest = s.deps.isButton()
	dial.Wait = dial.Guest
	if _, err := s.deps.Phone.Dial(dial); err != nil {
		if calls := s.view.Calls; len(calls) > 0 { // the call hides the place beside the address
			if last := calls[len(calls)-1]; last.Direction == phone.In || time.Since(last.Started) > justEnded {
				s.told(err) // else the button was pressed twice
			}
			return
		}
		notice := phone.Explain(err)
		s.change(func(v *View) {
			v.Tab = TabPhone
			v.Hint = Hint{Key: notice.Code, Params: notice.Params, Bad: true}
		})
		return
	}
	s.change(func(v *View) { v.Tab, v.Hint, v.Anonymous = TabPhone, Hint{}, s.hides() })
}

// enter lets somebody in without an account.
func (s *Screen) enter(app.Context, app.Event) { s.told(s.deps.Phone.LoginGuest()) }

func (s *Screen) answer(id string, video bool) { s.told(s.deps.Phone.Answer(id, video)) }

// answerInstead answers a call in place of those that are talked in.
func (s *Screen) answerInstead(id string) {
	for _, c := range s.view.calls(answered) {
		s.hangup(c.ID)
	}
	s.answer(id, false)
}

func (s *Screen) openRecord(c phone.Call) { s.deps.Phone.OpenContact(c.ID, c.Contact.URL) }

func (s *Screen) reject(id string) { s.told(s.deps.Phone.Reject(id, 603)) }
func (s *Screen) hangup(id string) { s.told(s.deps.Phone.Hangup(id)) }

func (s *Screen) muteAudio(id string, on bool) { s.told(s.deps.Phone.Mute(id, &on, nil)) }
func (s *Screen) muteVideo(id string, on bool) { s.told(s.deps.Phone.Mute(id, nil, &on)) }

func (s *Screen) video(id string, on bool)  { s.told(s.deps.Phone.Video(id, on)) }
func (s *Screen) screen(id string, on bool) { s.told(s.deps.Phone.Screen(id, on)) }
func (s *Screen) watch(id string)           { s.told(s.deps.Phone.Watch(id)) }

func (s *Screen) hold(id string, on bool) { s.told(s.deps.Phone.Hold(id, on)) }

func (s *Screen) sendKey(id, sign string) { s.told(s.deps.Phone.SendDTMF(id, sign)) }

// showPad shows the keys of a call, or none when on is false.
func (s *Screen) showPad(id string, on bool) {
	s.change(func(v *View) {
		v.Pad = ""
		if on {
			v.Pad = id
		}
	})
}

// seeHistory says that the person looks at the history.
func (s *Screen) seeHistory() {
	if s.view.History.Missed > 0 {
		s.deps.Phone.SeeHistory()
	}
}

// showTab shows a panel in place of what stands there, pages of the settings included; the
// call and the dialpad have their own place where there is room.
func (s *Screen) showTab(t Tab) {
	if t == TabHistory {
		s.seeHistory()
	}
	s.change(func(v *View) {
		if v.Tab = t; t != TabPhone {
			v.Page = PageNone
		}
	})
}

// switchTo shows a call; of several it is the one then talked in.
func (s *Screen) switchTo(id string) {
	c, ok := s.view.Call(id)
	if members := s.view.members(id); ok && c.LocalHold && len(s.view.Running()) > 1 && allHeld(members) {
		s.hold(id, false)
	}
	s.change(func(v *View) { v.show(id) })
}

func (s *Screen) dismiss(notice int) { s.change(func(v *View) { v.dismiss(notice) }) }

// key takes a key of the keyboard: Escape closes, those of a telephone are sent while theirs are
// shown, and the rest are shortcuts.
func (s *Screen) key(key string) {
	sign := strings.TrimPrefix(key, "Shift+")
	switch i := s.shortcut(key); {
	case key == "Escape":
		s.escape()
	case s.view.Pad != "" && s.view.Pad == s.view.Current && slices.Contains(padSigns[:], strings.ToUpper(sign)):
		s.sendKey(s.view.Pad, sign)
	case i >= 0:
		s.press(shortcuts[i].actions)
	}
}

// escape closes what opened last: a call that rings is turned down, then what the other side
// of one wishes, then a notice goes, then the question whom to transfer to, then the keys of
// a call, then its figures, then the note about it, then the full screen, then a page of the settings, then the
// settings.
func (s *Screen) escape() {
	switch id, v := newestIncoming(&s.view), &s.view; {
	case id != "":
		s.reject(id)
	case len(v.Wishes) > 0:
		s.answerWish(v.newestWish().CallID, false)
	case len(v.Notices) > 0:
		s.dismiss(v.Notices[len(v.Notices)-1].ID)
	case v.Handing.Call != "":
		s.handOver("")
	case v.Pad != "":
		s.showPad(v.Pad, false)
	case v.Chart != "":
		s.showChart("")
	case v.Noting != "":
		s.writeNote("")
	case v.Picture.Full:
		s.change(func(v *View) { v.Picture.Full = false })
	case v.Page != PageNone && v.Tab != TabPhone:
		s.closePage()
	case v.Deleting != "":
		s.askDelete("")
	case v.Tab == TabChats && v.Open != "":
		s.openChat("")
	case v.Tab != TabPhone:
		s.showTab(TabPhone)
	}
}
