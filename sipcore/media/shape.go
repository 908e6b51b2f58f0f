package media

import "gocommunicator/sipcore/sdp"

// shape makes a description of the other side fit for the peer connection: media lines
// get identifications, those of reference where they have none, and where everything
// goes over one transport a phone that does not know BUNDLE (RFC 8843) keeps its first
// accepted line; there is no transport for the others. Codecs that the settings leave out
// are left out. The description given is not changed.
func (c *Conn) shape(remote, reference *sdp.Description) (*sdp.Description, error) {
	d, err := sdp.Parse(remote.Bytes())
	if err != nil {
		return nil, err
	}
	d.FillMids(reference)
	for _, m := range d.Media() {
		if m.Kind() == "audio" || m.Kind() == "video" {
			m.SetDirection(m.Direction())                        // a browser does not know the older hold
			m.Keep(c.engine.cfg.codecs(Kind(m.Kind())), helpers) // it would send what the other side likes best
		}
	}
	if !c.bundled || d.Bundled() {
		return d, nil
	}
	grouped := false
	for _, m := range d.Media() {
		switch {
		case m.Rejected():
		case grouped:
			c.engine.cfg.Log.Warn("media: the other side does not bundle; line dropped", "kind", m.Kind())
			m.Reject()
		default:
			d.Bundle(m.Mid())
			grouped = true
		}
	}
	return d, nil
}
