//go:build !js

package phone_test

import (
	"bytes"
	"context"
	"testing"

	"gocommunicator/app/devserver"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/link"
)

// rewriting has what a phone sends changed on its way, if it is about slides. The length
// stays.
func rewriting(d link.Dialer, what, instead string) link.Dialer {
	return func(ctx context.Context, url string, ev link.SocketEvents) (link.Socket, error) {
		s, err := d(ctx, url, ev)
		return rewritten{s, what, instead}, err
	}
}

type rewritten struct {
	link.Socket
	what, instead string
}

func (r rewritten) Send(msg []byte) error {
	if bytes.Contains(msg, []byte("a=content:slides")) {
		msg = bytes.ReplaceAll(msg, []byte(r.what), []byte(r.instead))
	}
	return r.Socket.Send(msg)
}

// seeing are two phones in a call with pictures both ways. Bob is reached by dial.
func seeing(t *testing.T, s *devserver.Server, dial link.Dialer) (alice, bob *user) {
	t.Helper()
	alice = newUser(t, s, "alice", 440, s.Dialer(), `{}`)
	bob = newUser(t, s, "bob", 660, dial, `{}`)
	alice.camera.Store(true)
	bob.camera.Store(true)
	_, err := alice.Dial(phone.Dial{To: "bob", Video: true})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", true))
	await(alice, pictures(true, true, false))
	await(bob, pictures(true, true, false))
	return alice, bob
}

// screens tells how a call shows the own screen, and whether there is one of the other side.
func screens(on, beside, remote bool) func(phone.Call) bool {
	return func(c phone.Call) bool {
		return c.State == phone.Active && c.Screen == on && c.ScreenBeside == beside && c.RemoteScreen == remote && c.Video && c.RemoteVideo
	}
}

// Either side shows its screen beside its camera, and then both do; it is ended by who shows
// it, and goes on after a hold.
func TestScreenIsShownBesideTheCamera(t *testing.T) {
	s := server(t)
	alice, bob := seeing(t, s, s.Dialer())
	alice.must(alice.Screen("", true))
	await(alice, screens(true, true, false))
	await(bob, screens(false, false, true))
	bob.sees()

	bob.must(bob.Screen("", true))
	await(bob, screens(true, true, true))
	await(alice, screens(true, true, true))
	alice.sees()

	alice.must(alice.Hold("", true))
	await(alice, state(phone.Held))
	await(bob, state(phone.Held))
	alice.must(alice.Hold("", false))
	await(alice, screens(true, true, true))
	await(bob, screens(true, true, true))

	alice.must(alice.Screen("", false))
	await(alice, screens(false, false, true))
	await(bob, screens(true, true, false))
	bob.must(bob.Screen("", false))
	await(alice, screens(false, false, false))
	await(bob, screens(false, false, false))
	bob.must(bob.Screen("", true)) // once more
	await(alice, screens(false, false, true))
	alice.sees()
	alice.hears(660)
	bob.hears(440)
}

// Who does not know that there can be two pictures gets the screen in place of the camera's,
// and the person is told nothing.
func TestScreenTakesTheCamerasPlaceWhereTheOtherSideTakesOnePicture(t *testing.T) {
	tests := []struct{ name, what, instead string }{
		{"does not know the word", "a=content:slides", "a=content:sildes"},
		{"refuses the offer", "a=rtcp-mux", "a=rtcp-mxu"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := server(t)
			bob, alice := seeing(t, s, rewriting(s.Dialer(), tt.what, tt.instead))
			alice.must(alice.Screen("", true))
			await(alice, screens(true, false, false))
			bob.sees()
			if c := bob.Snapshot().Calls[0]; c.RemoteScreen || !c.RemoteVideo {
				t.Errorf("%+v", c)
			}
			alice.must(alice.Screen("", false))
			await(alice, screens(false, false, false))
			alice.must(alice.Screen("", true))
			await(alice, screens(true, false, false))
			bob.sees()
			bob.hears(660)
			alice.hears(440)
			for {
				select {
				case ev := <-alice.events:
					if n, told := ev.(phone.Notice); told {
						t.Errorf("told %+v", n)
					}
					continue
				default:
				}
				break
			}
		})
	}
}

// Both press at once: one offer is refused (491) and made again.
func TestScreensOfBothSidesCross(t *testing.T) {
	s := server(t)
	alice, bob := seeing(t, s, s.Dialer())
	alice.must(alice.Screen("", true))
	bob.must(bob.Screen("", true))
	await(alice, screens(true, true, true))
	await(bob, screens(true, true, true))
	alice.must(alice.Video("", false)) // the screen stays
	await(bob, func(c phone.Call) bool { return c.RemoteScreen && !c.RemoteVideo })
	alice.must(alice.Hangup(""))
	await(bob, state(phone.Ended))
}
