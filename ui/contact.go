package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// maxShownFields are the lines of a record that stand in a sheet, where the buttons must
// not be far.
const maxShownFields = 3

// maxFields are those that stand in a call.
const maxFields = 12

// avatar is the circle of somebody: the photo of the record, or a letter, which is seen
// below one that does not come.
func avatar(class string, c phone.Call) app.UI {
	face := []app.UI{text("span", "", initial(c.Peer))}
	if c.Contact != nil && c.Contact.Photo != "" {
		face = append(face, tag("img", "class=avatar-photo|referrerpolicy=no-referrer").Attr("alt", "").Attr("src", c.Contact.Photo))
	}
	return tag("span", "class=avatar "+class+"|aria-hidden=true", face...)
}

// record is what somebody's records say of the other side of a call. What is too long is
// cut by the style sheet, and whole in the title. Who opens the record web/frame.js says;
// open is told that it is.
func record(t texts, c phone.Call, fields int, open app.EventHandler) app.UI {
	var lines []app.UI
	line := func(class, label, words string) {
		if words != "" {
			lines = append(lines, tag("p", class, text("bdi", "class=quiet", label), text("bdi", "", words)).Attr("title", words))
		}
	}
	if k := c.Contact; k != nil {
		line("role=status", t.hint(Hint{Key: when(k.Failed, "error_contact")}), when(k.Failed, "\u200b"))
		for _, f := range k.Fields[:min(len(k.Fields), fields)] {
			line("class=record-field", printable(f.Label), printable(f.Value))
		}
		line("class=record-notes", "", readable(k.Notes))
		if k.URL != "" {
			lines = append(lines, tag("a", "class=link record-link|data-action=record|target=_blank|rel=noopener noreferrer",
				icon("external-link"), text("span", "", t.T("action_record"))).Attr("href", k.URL).OnClick(open))
		}
	}
	return tag("div", "class=record|data-region=record", lines...)
}
