package sdp

import (
	"slices"
	"strings"
)

// slidesMark says that a picture is one of slides (RFC 4796 §5).
const slidesMark = "slides"

// Slides is the line on which a screen is shown beside a camera: a picture of slides
// (RFC 4796) that is not the description's first; nil when there is none, or it was
// rejected.
func (d *Description) Slides() *Media {
	for _, m := range d.media {
		if !m.Rejected() && d.beside(m) {
			return m
		}
	}
	return nil
}

// beside tells whether a line is one of slides, and not the first picture.
func (d *Description) beside(m *Media) bool {
	content, _ := m.attribute("content")
	if m.kind != "video" || !slices.Contains(strings.Split(content, ","), slidesMark) {
		return false
	}
	return m != d.media[slices.IndexFunc(d.media, func(o *Media) bool { return o.kind == "video" })]
}

// MarkSlides says that the line is one of slides.
func (m *Media) MarkSlides() {
	m.drop("content", nil)
	m.add("content", slidesMark)
}

// Heed makes an answer say what it means of slides offered beside a camera: who answers
// without a word of them would take them for one more camera, and so has refused them.
// refused tells whether there is such a line, which the other side believes agreed.
func Heed(answer, offer *Description) (refused bool) {
	for i, m := range answer.media {
		if i < len(offer.media) && offer.beside(offer.media[i]) && !m.Rejected() && !answer.beside(m) {
			m.Reject()
			refused = true
		}
	}
	return refused
}

// follow marks lines of an offer that show slides by what is in force, though it does not
// say so again.
func (d *Description) follow(local, remote *Description) {
	for i, m := range local.media {
		if i < len(d.media) && i < len(remote.media) && local.beside(m) && !m.Rejected() && !remote.media[i].Rejected() &&
			!d.media[i].Rejected() && d.media[i].kind == "video" {
			d.media[i].MarkSlides()
		}
	}
}
