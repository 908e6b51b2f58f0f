package sdp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// line is an audio or video line as a browser writes it.
func line(kind, mid string, attributes ...string) string {
	format := "111"
	codec := "a=rtpmap:111 opus/48000/2"
	if kind == "video" {
		format, codec = "96", "a=rtpmap:96 VP8/90000"
	}
	return strings.Join(append([]string{
		"m=" + kind + " 9 UDP/TLS/RTP/SAVPF " + format,
		"c=IN IP4 0.0.0.0",
		"a=mid:" + mid,
		"a=ice-ufrag:abcd",
		"a=ice-pwd:0123456789012345678901",
		"a=fingerprint:sha-256 00:11",
		"a=setup:actpass",
		"a=rtcp-mux",
		codec,
	}, attributes...), "\r\n") + "\r\n"
}

func session(version int, lines ...string) string {
	return fmt.Sprintf("v=0\r\no=- 7 %d IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", version) + strings.Join(lines, "")
}

func parse(t testing.TB, text string) *Description {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseRefusesWhatIsTooLargeOrMalformed(t *testing.T) {
	tests := []struct {
		name, text string
		want       error
	}{
		{"empty", "", ErrMalformed},
		{"rubbish", "hello", ErrMalformed},
		{"no origin", "v=0\r\ns=-\r\nt=0 0\r\n", ErrMalformed},
		{"origin without number", strings.Replace(session(1), "- 7", "- x", 1), ErrMalformed},
		{"version in the middle", session(1) + "v=0\r\n", ErrMalformed},
		{"no version", session(1)[len("v=0\r\n"):], ErrMalformed},
		{"another version", strings.Replace(session(1), "v=0", "v=1", 1), ErrMalformed},
		{"no line", session(1) + "a\r\n", ErrMalformed},
		{"no type", session(1) + "A=x\r\n", ErrMalformed},
		{"a line in a line", session(1) + "a=x\ra=y\r\n", ErrMalformed},
		{"NUL", session(1) + "a=x\x00\r\n", ErrMalformed},
		{"media without profile", session(1, "m=audio 9\r\n"), ErrMalformed},
		{"port that is none", session(1, "m=audio 65536 RTP/AVP 0\r\n"), ErrMalformed},
		{"too long", session(1) + "a=" + strings.Repeat("x", MaxSize), ErrTooLarge},
		{"too many lines", session(1, strings.Repeat("m=audio 9 RTP/AVP 0\r\n", MaxMedia+1)), ErrTooLarge},
	}
	for _, tt := range tests {
		if _, err := Parse([]byte(tt.text)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestWhatIsNotChangedStaysAsItWas(t *testing.T) {
	text := strings.Replace(session(3, "a=group:BUNDLE 0\r\n", "a=extmap-allow-mixed\r\n", line("audio", "0", "a=x-odd: b:c "),
		"m=application 5000/2 UDP/DTLS/SCTP webrtc-datachannel\r\nb=AS:30\r\ny=unheard of\r\n"),
		"s=-", "s=A call \u00fc\r\ni=\r\nk=clear", 1)
	if got := string(parse(t, text).Bytes()); got != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
	if got := string(parse(t, strings.ReplaceAll(text, "\r", "")).Bytes()); got != text {
		t.Errorf("with LF alone: got\n%s", got)
	}
}

func TestDirectionAndHold(t *testing.T) {
	plain := "m=audio 4000 RTP/AVP 0\r\n"
	tests := []struct {
		name, text string
		want       Direction
		holds      bool
	}{
		{"nothing said", session(1, line("audio", "0")), SendRecv, false},
		{"sendonly", session(1, line("audio", "0", "a=sendonly")), SendOnly, true},
		{"recvonly", session(1, line("audio", "0", "a=recvonly")), RecvOnly, false},
		{"inactive", session(1, line("audio", "0", "a=inactive")), Inactive, true},
		{"at the session", session(1, "a=sendonly\r\n", line("audio", "0")), SendOnly, true},
		{"the line wins", session(1, "a=inactive\r\n", line("audio", "0", "a=sendrecv")), SendRecv, false},
		{"older hold", session(1, plain, "c=IN IP4 0.0.0.0\r\n"), SendOnly, true},
		{"older hold for the session", strings.Replace(session(1, plain), "t=0 0", "c=IN IP4 0.0.0.0\r\nt=0 0", 1), SendOnly, true},
		{"older hold with ICE", session(1, strings.Replace(line("audio", "0"), " 9 ", " 4000 ", 1)), SendOnly, true},
		{"hidden addresses", session(1, strings.Replace(line("audio", "0",
			"a=candidate:1 1 udp 1 ab-cd.local 4000 typ host"), " 9 ", " 4000 ", 1)), SendRecv, false},
		{"line on another's transport", session(1, line("audio", "0"),
			strings.Replace(line("video", "1", "a=bundle-only"), " 9 ", " 0 ", 1)), SendRecv, false},
		{"older hold of one who is held", session(1, plain, "c=IN IP4 0.0.0.0\r\na=recvonly\r\n"), Inactive, true},
	}
	for _, tt := range tests {
		d := parse(t, tt.text)
		if got := d.Media()[0].Direction(); got != tt.want {
			t.Errorf("%s: direction %v, want %v", tt.name, got, tt.want)
		}
		if got := d.Holds(); got != tt.holds {
			t.Errorf("%s: holds %v", tt.name, got)
		}
		if video := d.First("video"); video != nil && video.Direction() != SendRecv {
			t.Errorf("%s: video %v", tt.name, video.Direction())
		}
	}
}

func TestAnswerDirection(t *testing.T) {
	// RFC 3264 §6.1, with an answerer who wants everything, and one who only listens.
	for offered, want := range map[Direction][2]Direction{
		SendRecv: {SendRecv, RecvOnly}, SendOnly: {RecvOnly, RecvOnly},
		RecvOnly: {SendOnly, Inactive}, Inactive: {Inactive, Inactive},
	} {
		if got := Answer(offered, SendRecv); got != want[0] {
			t.Errorf("%v answered %v", offered, got)
		}
		if got := Answer(offered, RecvOnly); got != want[1] {
			t.Errorf("%v answered %v by a listener", offered, got)
		}
	}
}

func TestHasVideo(t *testing.T) {
	audio := line("audio", "0")
	rejected := strings.Replace(line("video", "1"), " 9 ", " 0 ", 1)
	tests := []struct {
		name, text string
		has, sends bool
	}{
		{"none", session(1, audio), false, false},
		{"both ways", session(1, audio, line("video", "1")), true, true},
		{"to us only", session(1, audio, line("video", "1", "a=sendonly")), true, true},
		{"from us only", session(1, audio, line("video", "1", "a=recvonly")), true, false},
		{"inactive", session(1, audio, line("video", "1", "a=inactive")), false, false},
		{"rejected", session(1, audio, rejected), false, false},
		{"bundle-only", session(1, audio, rejected+"a=bundle-only\r\n"), true, true},
		{"second line", session(1, audio, rejected, line("video", "2")), true, true},
	}
	for _, tt := range tests {
		d := parse(t, tt.text)
		if d.HasVideo() != tt.has || d.SendsVideo() != tt.sends {
			t.Errorf("%s: has %v, sends %v", tt.name, d.HasVideo(), d.SendsVideo())
		}
	}
}

func TestCodecsComeInOrderAndKnowStaticOnes(t *testing.T) {
	d := parse(t, session(1, "m=audio 9 RTP/AVP 8 111 0 300 77\r\na=rtpmap:111 OPUS/48000/2\r\na=rtpmap:300 x/1\r\na=rtpmap:8 PCMA/8000\r\n"))
	m := d.Media()[0]
	names := func() (names []string) {
		for _, c := range m.Codecs() {
			names = append(names, c.Name)
		}
		return names
	}
	if got := names(); !slices.Equal(got, []string{"pcma", "opus", "pcmu"}) {
		t.Errorf("got %v", got)
	}
	m.Prefer("opus")
	if got := names(); !slices.Equal(got, []string{"opus", "pcma", "pcmu"}) {
		t.Errorf("after Prefer: %v", got)
	}
}

func TestChangesReachTheWire(t *testing.T) {
	d := parse(t, session(1, "a=group:BUNDLE 0 1\r\n", line("audio", "0", "a=sendonly"), line("video", "1")))
	d.Unbundle()
	d.Media()[0].SetDirection(Inactive)
	d.Media()[0].SetMid("")
	d.Media()[1].Reject()
	again := parse(t, string(d.Bytes()))
	if again.Bundled() || again.Media()[0].Direction() != Inactive || !again.Media()[1].Rejected() {
		t.Errorf("got\n%s", again.Bytes())
	}
	again.FillMids(parse(t, session(1, line("audio", "sound"))))
	again.Bundle("sound")
	again.Media()[1].Revive()
	if !again.Bundled() || again.Media()[0].Mid() != "sound" || again.Media()[1].Mid() != "1" || again.Media()[1].Rejected() {
		t.Errorf("got\n%s", again.Bytes())
	}
}

func TestBoundsAndParametersReachTheWire(t *testing.T) {
	d := parse(t, session(1,
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\ni=sound\r\nc=IN IP4 0.0.0.0\r\nb=AS:1\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10; useinbandfec=1\r\n",
		"m=audio 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 OPUS/48000/2\r\na=rtpmap:97 opus/48000/2\r\na=fmtp:97 stereo=1\r\n"))
	for _, m := range d.Media() {
		m.SetBandwidth(40)
		m.SetBandwidth(32)
		m.SetParameter("opus", "useinbandfec", "")
		m.SetParameter("opus", "usedtx", "1")
	}
	_, got, _ := strings.Cut(string(d.Bytes()), "m=")
	want := strings.Join([]string{
		"audio 9 UDP/TLS/RTP/SAVPF 111 0", "i=sound", "c=IN IP4 0.0.0.0", "b=AS:32", "b=TIAS:32000", "a=rtpmap:111 opus/48000/2",
		"a=fmtp:111 minptime=10;usedtx=1",
		"m=audio 9 UDP/TLS/RTP/SAVPF 96 97", "b=AS:32", "b=TIAS:32000", "a=rtpmap:96 OPUS/48000/2", "a=rtpmap:97 opus/48000/2",
		"a=fmtp:96 usedtx=1", "a=fmtp:97 stereo=1;usedtx=1", "",
	}, "\r\n")
	if strings.ReplaceAll(got, "minptime=10; ", "minptime=10;") != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestKeepLeavesTheCodecsNamed(t *testing.T) {
	const video = "m=video 9 UDP/TLS/RTP/SAVPF 98 99 96 97 118 119 120\r\n" +
		"a=rtpmap:98 VP9/90000\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\na=rtcp-fb:98 nack\r\n" +
		"a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtcp-fb:* nack pli\r\n" +
		"a=rtpmap:118 red/90000\r\na=rtpmap:119 rtx/90000\r\na=fmtp:119 apt=118\r\na=rtpmap:120 ulpfec/90000\r\n"
	d := parse(t, session(1, video))
	d.Media()[0].Keep([]string{"h264"}, nil)
	d.Media()[0].Keep(nil, nil)
	if _, got, _ := strings.Cut(string(d.Bytes()), "m="); "m="+got != video {
		t.Errorf("nothing was to be left out:\n%s", got)
	}
	d.Media()[0].Keep([]string{"h264", "vp8", "vp9"}, []string{"rtx", "red", "ulpfec"})
	if got := d.Media()[0].line(); got != "m=video 9 UDP/TLS/RTP/SAVPF 96 98 99 97 118 120" {
		t.Errorf("got %s", got)
	}
	d.Media()[0].Keep([]string{"vp8"}, []string{"rtx", "ulpfec"})
	want := "m=video 9 UDP/TLS/RTP/SAVPF 96 97 120\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n" +
		"a=rtcp-fb:* nack pli\r\na=rtpmap:120 ulpfec/90000\r\n"
	if _, got, _ := strings.Cut(string(d.Bytes()), "m="); "m="+got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestSince(t *testing.T) {
	base := parse(t, session(3, line("audio", "0")))
	tests := []struct {
		name string
		now  string
		want Change
		err  error
	}{
		{"refresh", session(3, line("audio", "0")), Unchanged, nil},
		{"next", session(4, line("audio", "0", "a=sendonly")), Modified, nil},
		{"older", session(2, line("audio", "0")), Modified, ErrVersion},
		{"same number, other words", session(3, line("audio", "0", "a=sendonly")), Modified, ErrVersion},
		{"somebody else", strings.Replace(session(1, line("audio", "0")), "o=- 7", "o=- 8", 1), Replaced, nil},
	}
	for _, tt := range tests {
		got, err := parse(t, tt.now).Since(base)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
	if got, err := base.Since(nil); got != Replaced || err != nil {
		t.Errorf("first: %v, %v", got, err)
	}
}
