//go:build !js

package media

import (
	"slices"
	"strings"
	"testing"

	"gocommunicator/sipcore/sdp"
)

func TestCodecsAreOrderedAndLeftOut(t *testing.T) {
	audio := []string{"opus", "red", "g722", "pcmu", "pcma", "cn", "telephone-event", "telephone-event"}
	video := []string{"vp8", "rtx", "vp9", "rtx", "h264", "rtx", "av1", "rtx", "red", "ulpfec"}
	for _, tt := range []struct {
		kind         Kind
		names, order []string
		want         string
	}{
		{Audio, audio, nil, "opus red g722 pcmu pcma cn telephone-event telephone-event"},
		{Audio, []string{"pcmu", "opus"}, nil, "opus pcmu"},
		{Audio, audio, []string{"pcma", "opus"}, "pcma opus red telephone-event telephone-event"},
		{Audio, audio, []string{"g722", "speex"}, "g722 red telephone-event telephone-event"},
		{Video, video, nil, strings.Join(video, " ")},
		{Video, video, []string{"av1", "vp8"}, "av1 vp8 rtx rtx rtx rtx red ulpfec"},
	} {
		var got []string
		for _, i := range choose(tt.kind, tt.names, tt.order) {
			got = append(got, tt.names[i])
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%v: %v, want %s", tt.order, got, tt.want)
		}
	}
}

// codecsIn are the names in the first line of a kind, helpers aside.
func codecsIn(d *sdp.Description, kind string) string {
	var names []string
	for _, c := range d.First(kind).Codecs() {
		if !slices.Contains(helpers, c.Name) && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestOffersAndAnswersHaveTheCodecsOfTheSettings(t *testing.T) {
	set := func(audio, video string) func(*Config) {
		return func(c *Config) { c.AudioCodecs, c.VideoCodecs = strings.Fields(audio), strings.Fields(video) }
	}
	alice := newPhone(t, 440, set("pcma pcmu", "vp9 vp8"))
	bob := newPhone(t, 600, set("g722 pcmu opus", "vp8"))
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	b, _ := open(bob.Engine, Want{Audio: true, Video: true})
	offer, answer := agree(t, a, b)
	if got := codecsIn(offer, "audio") + ", " + codecsIn(offer, "video"); got != "pcma pcmu, vp9 vp8" {
		t.Errorf("offered %s", got)
	}
	if got := codecsIn(answer, "audio") + ", " + codecsIn(answer, "video"); got != "pcmu, vp8" {
		t.Errorf("answered %s", got)
	}
	if alice.Unmet() || bob.Unmet() {
		t.Error("codecs that are known are said not to be")
	}
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
}

func TestCodecsThatNobodyKnowsAreAsNone(t *testing.T) {
	alice := newPhone(t, 440, func(c *Config) { c.AudioCodecs, c.VideoCodecs = []string{"pcmu"}, []string{"av1"} })
	if !alice.Unmet() {
		t.Error("nobody is told")
	}
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	offer, err := a.Offer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := parse(t, offer); codecsIn(d, "audio") != "pcmu" || codecsIn(d, "video") != "vp8 h264 vp9" {
		t.Errorf("offered %s, %s", codecsIn(d, "audio"), codecsIn(d, "video"))
	}
}

func TestOtherSideIsAskedForWhatTheSettingsSay(t *testing.T) {
	alice := newPhone(t, 440, func(c *Config) { c.MaxAudio, c.MaxVideo, c.NoFEC, c.DTX = 24, 300, true, true })
	bob := newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	b, _ := open(bob.Engine, Want{Audio: true, Video: true})
	offer, _ := agree(t, a, b)
	for _, want := range []string{"b=AS:24\r\n", "b=TIAS:24000\r\n", "b=AS:300\r\n", "usedtx=1"} {
		if !strings.Contains(string(offer.Bytes()), want) {
			t.Errorf("no %s in\n%s", want, offer.Bytes())
		}
	}
	if strings.Contains(string(offer.Bytes()), "useinbandfec") {
		t.Errorf("asked for what nobody wants:\n%s", offer.Bytes())
	}
	offer, answer := agree(t, b, a)
	if strings.Contains(string(offer.Bytes()), "b=AS") {
		t.Errorf("asked for what nobody wants:\n%s", offer.Bytes())
	}
	if text := string(answer.Bytes()); !strings.Contains(text, "b=AS:300\r\n") || !strings.Contains(text, "usedtx=1") {
		t.Errorf("the answer asks for nothing:\n%s", text)
	}
}
