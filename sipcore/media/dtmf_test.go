package media

import (
	"fmt"
	"strings"
	"testing"

	"gocommunicator/sipcore/sdp"
)

// audioLine is a description with one audio line: codecs as "name/rate", in order.
func audioLine(t *testing.T, direction, codecs string) *sdp.Description {
	t.Helper()
	var formats, maps strings.Builder
	for i, codec := range strings.Fields(codecs) {
		fmt.Fprintf(&formats, " %d", 96+i)
		fmt.Fprintf(&maps, "a=rtpmap:%d %s\r\n", 96+i, codec)
	}
	d, err := sdp.Parse([]byte("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF" + formats.String() + "\r\nc=IN IP4 127.0.0.1\r\n" + maps.String() + "a=" + direction + "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTelephoneEventsNeedTheClockOfTheSound(t *testing.T) {
	const browser = "opus/48000/2 red/48000/2 G722/8000 PCMU/8000 CN/8000 telephone-event/48000 telephone-event/8000"
	for name, tc := range map[string]struct {
		remote, direction string
		want              bool
	}{
		"another browser":           {browser, "sendrecv", true},
		"opus with its event":       {"opus/48000/2 telephone-event/48000", "sendrecv", true},
		"opus, event of telephones": {"opus/48000/2 telephone-event/8000", "sendrecv", false},
		"opus, no event":            {"opus/48000/2", "sendrecv", false},
		"PCMU with its event":       {"PCMU/8000 telephone-event/8000", "sendrecv", true},
		"PCMU, event of Opus":       {"PCMU/8000 telephone-event/48000", "sendrecv", false},
		"PCMU liked best, not ours": {"PCMU/8000 opus/48000/2 telephone-event/8000", "sendrecv", false},
		"it only sends":             {browser, "sendonly", false},
		"on hold":                   {browser, "inactive", false},
		"it only receives":          {browser, "recvonly", true},
		"nothing in common":         {"G729/8000 telephone-event/8000", "sendrecv", false},
		"events alone":              {"telephone-event/8000", "sendrecv", false},
	} {
		local, remote := audioLine(t, "sendrecv", browser), audioLine(t, tc.direction, tc.remote)
		if got := takesEvents(local, remote); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if takesEvents(audioLine(t, "recvonly", browser), audioLine(t, "sendrecv", browser)) {
		t.Error("without a microphone")
	}
}
