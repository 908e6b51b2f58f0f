package sdp

import (
	"strings"
	"testing"
)

const slides = "a=content:slides"

func TestSlidesAreNoCamera(t *testing.T) {
	tests := []struct {
		name   string
		lines  []string
		slides int // which line, -1 for none
		first  int // line of the camera
	}{
		{"beside a camera", []string{line("audio", "0"), line("video", "1"), line("video", "2", slides)}, 2, 1},
		{"among other words", []string{line("video", "1"), line("audio", "0"), line("video", "2", "a=content:slides,sl")}, 2, 0},
		{"beside a camera that was removed", []string{line("audio", "0"), removed(line("video", "1")), line("video", "2", slides)}, 2, -1},
		{"for themselves", []string{line("audio", "0"), line("video", "1", slides)}, -1, 1},
		{"main and slides in turn", []string{line("audio", "0"), line("video", "1", slides), line("video", "2", "a=content:main")}, -1, 1},
		{"rejected", []string{line("audio", "0"), line("video", "1"), removed(line("video", "2", slides))}, -1, 1},
		{"another camera", []string{line("audio", "0"), line("video", "1"), line("video", "2", "a=content:alt")}, -1, 1},
		{"a sound of slides", []string{line("audio", "0"), line("audio", "1", slides), line("video", "2")}, -1, 2},
		{"no lines", nil, -1, -1},
	}
	for _, tt := range tests {
		d := parse(t, session(1, tt.lines...))
		at := func(m *Media) int {
			for i, o := range d.Media() {
				if o == m {
					return i
				}
			}
			return -1
		}
		if got := at(d.Slides()); got != tt.slides {
			t.Errorf("%s: slides in line %d, want %d", tt.name, got, tt.slides)
		}
		if got := at(d.First("video")); got != tt.first {
			t.Errorf("%s: camera in line %d, want %d", tt.name, got, tt.first)
		}
	}
}

// removed is a line with port 0.
func removed(text string) string { return strings.Replace(text, " 9 ", " 0 ", 1) }

// An answer of somebody who does not know the word has refused, whatever else it says.
func TestAnswerWithoutAWordOfSlidesRefusesThem(t *testing.T) {
	offer := func() *Description {
		return parse(t, session(1, "a=group:BUNDLE 0 1 2\r\n", line("audio", "0"), line("video", "1"), line("video", "2", slides)))
	}
	tests := []struct {
		third        string
		taken, loose bool
	}{
		{line("video", "2", slides, "a=recvonly"), true, false},
		{line("video", "2", "a=recvonly"), false, true},
		{removed(line("video", "2")), false, false},
	}
	for _, tt := range tests {
		answer := parse(t, session(1, "a=group:BUNDLE 0 1 2\r\n", line("audio", "0"), line("video", "1"), tt.third))
		if loose := Heed(answer, offer()); loose != tt.loose {
			t.Errorf("%q: loose %v", tt.third, loose)
		}
		if taken := answer.Slides() != nil; taken != tt.taken {
			t.Errorf("%q: taken %v", tt.third, taken)
		}
		if tt.loose && (!strings.Contains(string(answer.Bytes()), "a=group:BUNDLE 0 1\r\n") || !answer.Media()[2].Rejected()) {
			t.Errorf("still on the transport:\n%s", answer.Bytes())
		}
		if tt.loose {
			answer.Media()[2].Revive()
			if !strings.Contains(string(answer.Bytes()), "a=group:BUNDLE 0 1 2\r\n") {
				t.Errorf("revived, and not on the transport:\n%s", answer.Bytes())
			}
		}
	}
}

// Who has agreed on slides need not say it again.
func TestLineOfSlidesStaysOne(t *testing.T) {
	var n Negotiation
	plain := []string{line("audio", "0"), line("video", "1"), line("video", "2")}
	marked := []string{line("audio", "0"), line("video", "1"), line("video", "2", slides)}
	apply := func(e Event, lines []string) *Description {
		t.Helper()
		d := parse(t, session(1, lines...))
		if err := n.Apply(e, d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	apply(SendOffer, marked)
	apply(ReceiveAnswer, marked)
	if apply(ReceiveOffer, plain).Slides() == nil {
		t.Error("an offer without the word has ended them")
	}
	apply(SendAnswer, marked)
	apply(SendOffer, marked)
	if apply(ReceiveAnswer, plain).Slides() != nil {
		t.Error("an answer without the word has taken them")
	}
	if apply(ReceiveOffer, plain).Slides() != nil {
		t.Error("a line that was refused shows slides")
	}
}
