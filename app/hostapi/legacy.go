package hostapi

import "gocommunicator/app/phone"

// legacy publishes the topics of JSCommunicator, with its payloads and at its moments. It
// belongs to the timeline of the bus.
//
// One thing is different: jsc/ua/idle means that a call can be made now, so it is not
// published while another call goes on or there is no connection.
type legacy struct {
	publish func(topic string, data any)
	told    bool            // the state of the link has been published
	up      bool            // the link
	live    map[string]bool // calls that are not over: whether they have been connected
}

func (l *legacy) link(s phone.Link) {
	up := s.State == phone.LinkUp
	if l.told && up == l.up {
		return
	}
	l.told, l.up = true, up
	switch {
	case !up:
		l.publish("jsc/ua/notready", nil)
	case len(l.live) > 0:
		l.publish("jsc/ua/incall", nil)
	default:
		l.publish("jsc/ua/idle", nil)
	}
}

func (l *legacy) call(c phone.Call) {
	connected, known := l.live[c.ID]
	if !known {
		l.publish("jsc/ua/incall", nil)
		l.publish(map[phone.Direction]string{
			phone.In:  "jsc/call/incoming",
			phone.Out: "jsc/call/outgoing",
		}[c.Direction], c.Peer.URI)
		l.live[c.ID] = false
	}
	if !connected && (c.State == phone.Active || c.State == phone.Held) {
		l.live[c.ID] = true
		l.publish("jsc/call/connected", nil)
	}
	if !c.State.Final() {
		return
	}
	delete(l.live, c.ID)
	if c.Answered.IsZero() {
		l.publish("jsc/call/failed", nil)
	} else {
		l.publish("jsc/call/end", nil)
	}
	if l.up && len(l.live) == 0 {
		l.publish("jsc/ua/idle", nil)
	}
}

func (l *legacy) digit(d phone.Digit) {
	if d.Direction == phone.In {
		l.publish("jsc/call/dtmf", d.Digit)
	}
}

func (l *legacy) notice(n phone.Notice) {
	switch n.Code {
	case "error_webrtc_unavailable":
		l.publish("jsc/unavailable/webrtc", nil)
	case "error_config_missing", "error_config_server":
		l.publish("jsc/unavailable/config", nil)
	case "error_relay_missing":
		l.publish("jsc/unavailable/relay", nil)
	}
}
