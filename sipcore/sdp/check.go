package sdp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is why a description cannot be taken.
type Problem string

// The problems. All of them mean 488 (RFC 3261 §21.4.26).
const (
	ProblemNoAudio       Problem = "no audio"
	ProblemNoCodec       Problem = "no codec in common"
	ProblemProfile       Problem = "not a DTLS-SRTP profile"
	ProblemNoFingerprint Problem = "no DTLS fingerprint"
	ProblemNoICE         Problem = "no ICE credentials"
	ProblemNoMux         Problem = "no rtcp-mux"
	ProblemDirection     Problem = "directions that contradict each other"
	ProblemReordered     Problem = "media lines were removed or reordered"
	ProblemCount         Problem = "the answer has another number of media lines than the offer"
	ProblemKind          Problem = "the answer's media lines are of other kinds than the offer's"
)

// ErrUnusable is what everything wraps that says that a description of the other side
// cannot be used. It means 488 for an offer.
var ErrUnusable = errors.New("unusable session description")

// CheckError says why a description cannot be taken.
type CheckError struct {
	Problem Problem
	Line    int // the m= line, counted from 0; -1 when it is none in particular
}

func (e *CheckError) Error() string {
	if e.Line < 0 {
		return "session description: " + string(e.Problem)
	}
	return fmt.Sprintf("session description: m= line %d: %s", e.Line+1, e.Problem)
}

// audioCodecs are what every browser does (RFC 7874 §3), and G.722, which all but one do.
var audioCodecs = []string{"opus", "g722", "pcmu", "pcma"}

// Check tells whether an offer can be answered by a WebRTC endpoint; previous is the
// description that was in force before, of either side, or nil (RFC 3264 §8: lines may
// be added at the end and never removed); audio are the codecs of which it has to have
// one, those of browsers when none are given. The error is a *CheckError. Lines of kinds
// other than audio and video are not looked at: the browser refuses them one by one.
func Check(offer, previous *Description, audio ...string) error {
	if offer.First("audio") == nil {
		return &CheckError{Problem: ProblemNoAudio, Line: -1}
	}
	if previous != nil {
		if len(offer.media) < len(previous.media) {
			return &CheckError{Problem: ProblemReordered, Line: -1}
		}
		for i, m := range previous.media {
			if offer.media[i].Kind() != m.Kind() && !m.Rejected() {
				return &CheckError{Problem: ProblemReordered, Line: i}
			}
		}
	}
	return offer.checkMedia(audio)
}

// CheckAnswer tells whether an answer fits its offer (RFC 3264 §6) and can be taken by
// a WebRTC endpoint. The error is a *CheckError.
func CheckAnswer(answer, offer *Description, audio ...string) error {
	if len(answer.media) != len(offer.media) {
		return &CheckError{Problem: ProblemCount, Line: -1}
	}
	for i, m := range answer.media {
		if m.Kind() != offer.media[i].Kind() {
			return &CheckError{Problem: ProblemKind, Line: i}
		}
	}
	if answer.First("audio") == nil && offer.First("audio") != nil {
		return &CheckError{Problem: ProblemNoAudio, Line: -1}
	}
	return answer.checkMedia(audio)
}

func (d *Description) checkMedia(audio []string) error {
	if len(audio) == 0 {
		audio = audioCodecs
	}
	for i, m := range d.media {
		if m.Rejected() || m.Kind() != "audio" && m.Kind() != "video" {
			continue
		}
		if problem := m.check(audio); problem != "" {
			return &CheckError{Problem: problem, Line: i}
		}
	}
	return nil
}

func (m *Media) check(audio []string) Problem {
	_, mux := m.attribute("rtcp-mux")
	switch {
	case !isSecureProfile(m.Profile()):
		return ProblemProfile
	case m.contradicts():
		return ProblemDirection
	case m.Kind() == "audio" && !slices.ContainsFunc(m.Codecs(), func(c Codec) bool { return slices.Contains(audio, c.Name) }):
		return ProblemNoCodec
	case m.common("fingerprint") == "":
		return ProblemNoFingerprint
	case !m.hasICE():
		return ProblemNoICE
	case !mux:
		return ProblemNoMux
	default:
		return ""
	}
}

// isSecureProfile takes what RFC 8829 §5.1.2 tells browsers to take: the right name,
// and the older ones that mean the same when a fingerprint is there.
func isSecureProfile(profile string) bool {
	switch strings.ToUpper(profile) {
	case "UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "RTP/SAVP":
		return true
	default:
		return false
	}
}
