package sdp

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCheckSaysWhatIsMissing(t *testing.T) {
	good := session(1, line("audio", "0"), line("video", "1"))
	without := func(prefix string) string {
		return strings.Join(slices.DeleteFunc(strings.SplitAfter(good, "\r\n"), func(l string) bool {
			return strings.HasPrefix(l, prefix)
		}), "")
	}
	tests := []struct {
		name, offer string
		want        Problem // "" = good
		line        int
	}{
		{"good", good, "", 0},
		{"no lines", session(1), ProblemNoAudio, -1},
		{"video only", session(1, line("video", "0")), ProblemNoAudio, -1},
		{"audio rejected", strings.Replace(good, "m=audio 9", "m=audio 0", 1), ProblemNoAudio, -1},
		{"plain RTP", strings.Replace(good, "UDP/TLS/RTP/SAVPF 111", "RTP/AVP 111", 1), ProblemProfile, 0},
		{"SDES profile name", strings.Replace(good, "UDP/TLS/RTP/SAVPF 111", "RTP/SAVPF 111", 1), "", 0},
		{"unknown codec", strings.Replace(good, "opus/48000/2", "g729/8000", 1), ProblemNoCodec, 0},
		{"static codec", strings.Replace(good, "SAVPF 111", "SAVPF 0", 1), "", 0},
		{"no fingerprint", without("a=fingerprint"), ProblemNoFingerprint, 0},
		{"fingerprint at the session", strings.Replace(without("a=fingerprint"), "t=0 0\r\n", "t=0 0\r\na=fingerprint:sha-256 00:11\r\n", 1), "", 0},
		{"no ufrag", without("a=ice-ufrag"), ProblemNoICE, 0},
		{"no pwd", without("a=ice-pwd"), ProblemNoICE, 0},
		{"no mux", without("a=rtcp-mux"), ProblemNoMux, 0},
		{"video plain", strings.Replace(good, "UDP/TLS/RTP/SAVPF 96", "RTP/AVP 96", 1), ProblemProfile, 1},
		{"video plain but rejected", strings.Replace(good, "m=video 9 UDP/TLS/RTP/SAVPF 96", "m=video 0 RTP/AVP 96", 1), "", 0},
		{"text beside", good + "m=text 9 RTP/AVP 98\r\n", "", 0},
	}
	for _, tt := range tests {
		check(t, tt.name, Check(parse(t, tt.offer), nil), tt.want, tt.line)
	}
}

func TestCheckComparesWithWhatWasBefore(t *testing.T) {
	audio, video := line("audio", "0"), line("video", "1")
	rejected := strings.Replace(video, "video 9", "video 0", 1)
	tests := []struct {
		name, before, now string
		want              Problem
		line              int
	}{
		{"added", session(1, audio), session(2, audio, video), "", 0},
		{"gone", session(1, audio, video), session(2, audio), ProblemReordered, -1},
		{"swapped", session(1, audio, video), session(2, video, audio), ProblemReordered, 0},
		{"rejected line put to another use", session(1, audio, rejected), session(2, audio, line("audio", "1")), "", 0},
	}
	for _, tt := range tests {
		check(t, tt.name, Check(parse(t, tt.now), parse(t, tt.before)), tt.want, tt.line)
	}
}

func TestCheckAnswer(t *testing.T) {
	audio, video := line("audio", "0"), line("video", "1")
	tests := []struct {
		name, answer string
		want         Problem
		line         int
	}{
		{"both", session(1, audio, video), "", 0},
		{"video refused", session(1, audio, "m=video 0 RTP/AVP 0\r\n"), "", 0},
		{"a line too few", session(1, audio), ProblemCount, -1},
		{"other kind", session(1, audio, line("audio", "1")), ProblemKind, 1},
		{"sound refused", session(1, "m=audio 0 RTP/AVP 0\r\n", video), ProblemNoAudio, -1},
		{"two directions", session(1, line("audio", "0", "a=sendonly", "a=recvonly"), video), ProblemDirection, 0},
		{"one direction twice", session(1, line("audio", "0", "a=sendonly", "a=sendonly"), video), "", 0},
		{"not encrypted", session(1, strings.Replace(audio, "UDP/TLS/RTP/SAVPF", "RTP/AVP", 1), video), ProblemProfile, 0},
	}
	for _, tt := range tests {
		check(t, tt.name, CheckAnswer(parse(t, tt.answer), parse(t, session(1, audio, video))), tt.want, tt.line)
	}
}

func TestCodecsOfTheSettings(t *testing.T) {
	offer := parse(t, session(1, line("audio", "0"))) // Opus
	for _, tt := range []struct {
		codecs []string
		want   Problem
	}{
		{nil, ""}, {[]string{"opus"}, ""}, {[]string{"g722", "opus"}, ""}, {[]string{"g722"}, ProblemNoCodec},
	} {
		check(t, strings.Join(tt.codecs, " "), Check(offer, nil, tt.codecs...), tt.want, 0)
		check(t, strings.Join(tt.codecs, " "), CheckAnswer(offer, offer, tt.codecs...), tt.want, 0)
	}
}

func check(t *testing.T, name string, err error, want Problem, line int) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	var got *CheckError
	if !errors.As(err, &got) || got.Problem != want || got.Line != line {
		t.Errorf("%s: got %v, want %q in line %d", name, err, want, line)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(session(1, line("audio", "0"), line("video", "1", "a=inactive")), session(2, line("audio", "0")))
	f.Add("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=audio 0 RTP/AVP 0\n", "")
	f.Add(session(1, "a=group:BUNDLE 0\r\n", "m=audio 1 x \r\na=rtpmap:999999 /\r\n"), "v=0")
	f.Fuzz(func(t *testing.T, first, second string) {
		offer, err := Parse([]byte(first))
		if err != nil {
			return
		}
		again, err := Parse(offer.Bytes())
		if err != nil {
			if errors.Is(err, ErrTooLarge) {
				return // by the CR that its lines lacked
			}
			t.Fatalf("cannot be read again: %v: %q", err, offer.Bytes())
		}
		if len(again.Media()) != len(offer.Media()) || again.HasVideo() != offer.HasVideo() || again.Holds() != offer.Holds() {
			t.Fatalf("written differently: %q", offer.Bytes())
		}
		for _, m := range offer.Media() {
			m.Codecs()
			m.SetBandwidth(32)
			m.SetParameter("opus", "usedtx", "1")
			m.Keep([]string{"opus", "vp8"}, []string{"rtx"})
		}
		if again, err := Parse(offer.Bytes()); err == nil && len(again.Media()) != len(offer.Media()) {
			t.Fatalf("written differently: %q", offer.Bytes())
		}
		answer, err := Parse([]byte(second))
		if err != nil {
			return
		}
		if Check(answer, offer) == nil && len(answer.Media()) < len(offer.Media()) {
			t.Fatal("a line disappeared unnoticed")
		}
		if CheckAnswer(answer, offer) == nil && len(answer.Media()) != len(offer.Media()) {
			t.Fatal("an answer of another length passed")
		}
	})
}
