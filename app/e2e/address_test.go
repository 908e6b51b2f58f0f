//go:build linux

package e2e

import "testing"

func TestPasswordInTheAddressIsRemovedAndToldOf(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Open(startServer(t).URL() + "?username=alice&domain=localhost&password=alice&displayname=Al%20Ice&utm=x#y")
	page.Until(told + `.includes('The password in the address was not used')`)
	page.Until(`location.search + location.hash === '?username=alice&domain=localhost&displayname=Al%20Ice&utm=x#y'`)
	page.Until(typedAddress + ` === 'alice@localhost' && ` + typedName + ` === 'Al Ice'`)
	page.Until(`document.querySelector('[data-input=password]').value === ''`)
	page.Screenshot("told")
	page.Fill("password", "alice")
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor === 'sip:alice@localhost'", 0)
}

func TestAddressOfTheOtherPhoneNamesWhomToCall(t *testing.T) {
	s := startServer(t)
	for query, want := range map[string]string{
		"&target_value=echo@localhost&has_video=true":      "echo@localhost",
		"&target_scheme=sip&target_value=echo@localhost":   "sip:echo@localhost",
		"&target_scheme=tel&target_value=%2B12125551234":   "tel:+12125551234",
		"&target_scheme=urn&target_value=service:sos":      "urn:service:sos",
		"&target_scheme=tel&target_value=1&dial=music":     "music",
		"&websocket_path=/x&webrtc_servers=stun://x&dial=": "",
	} {
		t.Run(want, func(t *testing.T) {
			alice := openSet(t, s, `{}`, query)
			alice.Until(addressIs + quote(want))
			alice.calledNobody()
			if want == "echo@localhost" {
				alice.enter()
				alice.called(true)
			}
		})
	}
}
