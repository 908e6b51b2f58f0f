package message

import "time"

// Disposition is what became of a message at the other side.
type Disposition string

// The dispositions that are told of (RFC 5438 §7.2.1). Failed is a delivery that did not
// happen; every other answer, also that one is not to be had, tells nothing.
const (
	Delivered Disposition = "delivered"
	Displayed Disposition = "displayed"
	Failed    Disposition = "failed"
)

// Notification tells what became of a message.
type Notification struct {
	ID          string // of the message it is about
	Disposition Disposition
}

// Notify is the body of a notification: Delivered or Displayed. from and to are URIs,
// id names the notification itself, about is the message as its sender names it.
func Notify(from, to, id string, about Notification, at time.Time) (contentType string, body []byte) {
	kind := "delivery"
	if about.Disposition == Displayed {
		kind = "display"
	}
	stamp := at.UTC().Format(time.RFC3339)
	return wrap(from, to, at, "NS: imdn <"+imdnNamespace+">\r\n"+
		"imdn.Message-ID: "+id+"\r\n"+
		"\r\nContent-type: "+typeNotification+"\r\nContent-Disposition: notification\r\n\r\n"+
		`<?xml version="1.0" encoding="UTF-8"?>`+"\r\n"+
		`<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>`+about.ID+`</message-id><datetime>`+stamp+`</datetime>`+
		`<`+kind+`-notification><status><`+string(about.Disposition)+`/></status></`+kind+`-notification></imdn>`)
}

// parseNotification reads a notification (RFC 5438 §11). One of another kind than is
// asked for has no disposition.
func parseNotification(body []byte) (*Notification, error) {
	elements, err := scan(body)
	if err != nil || elements[0].Name != "imdn" {
		return nil, errBody
	}
	n := &Notification{}
	kind := ""
	for _, e := range elements[1:] {
		switch {
		case e.Name == "message-id" && n.ID == "":
			n.ID = e.Text
		case e.Name == "delivery-notification", e.Name == "display-notification":
			kind = e.Name
		case kind == "delivery-notification" && (e.Name == "delivered" || e.Name == "failed"),
			kind == "display-notification" && e.Name == "displayed":
			n.Disposition = Disposition(e.Name)
		}
	}
	if !isID(n.ID) {
		return nil, errBody
	}
	return n, nil
}
