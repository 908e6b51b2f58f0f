package phone

import (
	"slices"
	"time"

	"gocommunicator/sipcore/register"
)

// Device is another phone that is registered for the same address, as the registrar
// lists it (RFC 3261 §10.2.4).
type Device struct {
	Contact  string    // the URI it is called at: foreign text
	Name     string    // display name of the contact: foreign text, mostly empty
	Instance string    // `urn:uuid:…` (RFC 5626 §4.1), empty when the device does not tell
	Until    time.Time // when its registration ends unless it is renewed
}

// otherDevices are those of a registrar's list that are not this one. A device that is
// reached in several ways is there once. Where none in the list is known as this one it
// cannot be told apart from the others, and none are given.
func otherDevices(contacts []register.Binding, at time.Time) []Device {
	if !slices.ContainsFunc(contacts, func(b register.Binding) bool { return b.Own }) {
		return nil
	}
	var others []Device
	for _, b := range contacts {
		if b.Own || b.Expires <= 0 || b.InstanceID != "" && slices.ContainsFunc(others, func(d Device) bool { return d.Instance == b.InstanceID }) {
			continue
		}
		others = append(others, Device{
			Contact: b.URI.String(), Name: b.Name, Instance: b.InstanceID, Until: at.Add(b.Expires),
		})
	}
	return others
}
