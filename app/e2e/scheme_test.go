//go:build linux

package e2e

import "testing"

// The kind of address is chosen, or known by what is typed, and goes over the wire.
func TestSchemeIsChosenOrTyped(t *testing.T) {
	alice := openDemo(t, startServer(t), newPage(t, low, "alice"), "alice")
	choose := func(scheme string) {
		alice.Evaluate(`void ((s) => { s.value = `+quote(scheme)+`; s.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('[data-action=scheme]'))`, nil)
	}
	choose("urn")
	alice.Until(`document.querySelector('[data-input=address]').placeholder === 'service:sos'`)
	alice.Dial("service:sos", false)
	if c := alice.state("failed"); c.Peer.URI != "urn:service:sos" || c.code() < 400 {
		t.Errorf("called %+v", c)
	}
	choose("tel")
	alice.Until(`document.querySelector('[data-input=address]').placeholder === '+12125551234'`)
	alice.Fill("address", "sip:echo@localhost")
	alice.Until(`document.querySelector('[data-action=scheme]').value === 'sip'`)
	alice.Screenshot("scheme")
	alice.Dial("tel:+1 212-555", false)
	if c := alice.state("failed"); c.Peer.URI != "sip:+1212555@localhost" || c.code() != 404 {
		t.Errorf("called %+v", c)
	}
	alice.Until(`document.querySelector('[data-action=scheme]').value === 'tel'`)
}
