package message

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var moment = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func TestTextOfEveryCharsetComesAsUTF8(t *testing.T) {
	for name, c := range map[string]struct {
		kind, body, want string
		err              error
	}{
		"no charset":       {"text/plain", "h\xc3\xa9 👋", "hé 👋", nil},
		"utf-8":            {`Text/Plain; charset="UTF-8"; format=flowed`, "hé", "hé", nil},
		"latin 1":          {"text/plain;charset=ISO-8859-1", "h\xe9", "hé", nil},
		"broken":           {"text/plain", "a\xff\x00b", "a\uFFFD\x00b", nil},
		"unknown charset":  {"text/plain;charset=utf-16", "\xff\xfea\x00", "", errType},
		"html":             {"text/html", "<b>", "", errType},
		"nothing named":    {"", "x", "", errType},
		"too large":        {"text/plain", strings.Repeat("x", maxBody+1), "", errBody},
		"XML that is none": {"application/im-iscomposing+xml", "x", "", errBody},
	} {
		got, err := parse(c.kind, []byte(c.body))
		if !errors.Is(err, c.err) || got.Text != c.want {
			t.Errorf("%s: %q, %v", name, got.Text, err)
		}
	}
}

func TestWrappedTextComesBackWithWhatIsAsked(t *testing.T) {
	kind, body := Wrap("sip:alice@example.test", "sip:bob@example.test", "id1", "<b>\r\n\r\nhé", moment)
	for name, data := range map[string]string{
		"as written":   string(body),
		"LF alone":     strings.ReplaceAll(string(body), "\r\n", "\n"),
		"other prefix": strings.ReplaceAll(strings.ReplaceAll(string(body), "imdn.", "x."), "NS: imdn", "NS: x"),
		"other case":   strings.ReplaceAll(string(body), "imdn.Message-ID", "IMDN.message-id"),
	} {
		got, err := parse(kind, []byte(data))
		if err != nil || got.ID != "id1" || !got.WantDelivered || !got.WantDisplayed || !got.Wrapped ||
			strings.ReplaceAll(got.Text, "\r", "") != "<b>\n\nhé" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if !strings.Contains(string(body), "\r\nDateTime: 2026-11-21T10:00:00Z\r\n") {
		t.Errorf("no DateTime in\n%s", body)
	}
}

func TestCPIMThatCannotBeReadIsRefused(t *testing.T) {
	head := "From: <sip:a@b>\n\n"
	for name, c := range map[string]struct {
		body string
		err  error
	}{
		"empty":             {"", errBody},
		"no end of headers": {"From: <sip:a@b>\n", errBody},
		"no colon":          {"From\n\n\n", errBody},
		"many headers":      {strings.Repeat("A: b\n", maxHeaders+1) + "\n\n", errBody},
		"long header":       {"A: " + strings.Repeat("b", maxHeader) + "\n\n\n", errBody},
		"html inside":       {head + "Content-type: text/html\n\n<b>", errType},
		"CPIM inside":       {head + "Content-type: message/cpim\n\n" + head + "\nx", errType},
		"base64":            {head + "Content-Transfer-Encoding: base64\n\naGk=", errType},
		"bad XML inside":    {head + "Content-type: message/imdn+xml\n\n<imdn>", errBody},
	} {
		if _, err := parse(typeCPIM, []byte(c.body)); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := parse(typeCPIM, []byte(head+"\nplain by default"))
	if err != nil || got.Text != "plain by default" || got.ID != "" || got.WantDelivered {
		t.Errorf("without MIME headers: %+v, %v", got, err)
	}
}

func TestIdThatCannotBeSaidBackAsksNothing(t *testing.T) {
	for _, id := range []string{"", "a b", "<x>", "a&b", strings.Repeat("x", 201), "é"} {
		_, body := Wrap("sip:a@b", "sip:c@d", id, "hi", moment)
		if got, err := parse(typeCPIM, body); err != nil || got.ID != "" || got.WantDelivered || got.WantDisplayed {
			t.Errorf("%q: %+v, %v", id, got, err)
		}
	}
}

func TestNotificationsComeBackAndAskNothing(t *testing.T) {
	for _, d := range []Disposition{Delivered, Displayed} {
		kind, body := Notify("sip:a@b", "sip:c@d", "n1", Notification{ID: "m1", Disposition: d}, moment)
		got, err := parse(kind, body)
		if err != nil || got.Notification == nil || *got.Notification != (Notification{"m1", d}) || !got.Wrapped {
			t.Errorf("%s: %+v, %v", d, got, err)
		}
		// A notification that asks for one would make two phones talk for ever.
		asking := strings.Replace(string(body), "NS:", "imdn.Disposition-Notification: positive-delivery, display\r\nNS:", 1)
		if got, err := parse(kind, []byte(asking)); err != nil || got.WantDelivered || got.WantDisplayed {
			t.Errorf("%s that asks: %+v, %v", d, got, err)
		}
	}
}

func TestNotificationsOfOthersAreRead(t *testing.T) {
	const head, tail = `<?xml version="1.0"?><!-- x > y --><i:imdn xmlns:i="urn:x>y"><i:message-id> m1 </i:message-id>`, `</i:imdn>`
	for body, want := range map[string]Disposition{
		`<i:display-notification><i:status><i:displayed/></i:status></i:display-notification>`:       Displayed,
		`<i:display-notification><i:status><i:forbidden/></i:status></i:display-notification>`:       "",
		`<i:delivery-notification><i:status><i:failed /></i:status></i:delivery-notification>`:       Failed,
		`<i:delivery-notification><i:status><i:displayed/></i:status></i:delivery-notification>`:     "",
		`<i:processing-notification><i:status><i:processed/></i:status></i:processing-notification>`: "",
		``: "",
	} {
		got, err := parse(typeNotification, []byte(head+body+tail))
		if err != nil || got.Notification.ID != "m1" || got.Notification.Disposition != want {
			t.Errorf("%s: %+v, %v", body, got.Notification, err)
		}
	}
}

func TestComposingComesBack(t *testing.T) {
	for _, active := range []bool{true, false} {
		kind, body := Compose(active)
		got, err := parse(kind, body)
		if err != nil || *got.Composing != (Composing{active, ComposingRefresh}) || !got.Proves().Composing {
			t.Errorf("%v: %+v, %v", active, got, err)
		}
	}
	for body, want := range map[string]Composing{
		`<isComposing><state>active</state><refresh>90</refresh></isComposing>`:    {true, 90 * time.Second},
		`<isComposing><state>active</state><refresh>60000</refresh></isComposing>`: {true, maxRefresh},
		`<isComposing><state>active</state><refresh>-1</refresh></isComposing>`:    {true, ComposingRefresh},
		`<isComposing><state>thinking</state></isComposing>`:                       {false, ComposingRefresh},
		`<isComposing/>`: {false, ComposingRefresh},
	} {
		if got, err := parse(typeComposing, []byte(body)); err != nil || *got.Composing != want {
			t.Errorf("%s: %+v, %v", body, got.Composing, err)
		}
	}
}

func TestXMLThatIsNotSmallAndPlainIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"empty":           "",
		"text":            "active",
		"not closed":      "<isComposing>",
		"tag not closed":  "<isComposing",
		"crossing":        "<isComposing><a></isComposing></a>",
		"end alone":       "</isComposing>",
		"two roots":       "<isComposing/><isComposing/>",
		"document type":   `<!DOCTYPE x [<!ENTITY a "b">]><isComposing/>`,
		"CDATA":           "<isComposing><![CDATA[x]]></isComposing>",
		"other root":      "<imdn/>",
		"open comment":    "<isComposing/><!-- x",
		"deep":            strings.Repeat("<a>", 20+1) + strings.Repeat("</a>", 20),
		"many":            "<isComposing>" + strings.Repeat("<a/>", maxElements) + "</isComposing>",
		"long":            "<isComposing>" + strings.Repeat(" ", maxXML) + "</isComposing>",
		"name of nothing": "<isComposing><></isComposing>",
	} {
		if got, err := parseComposing([]byte(body)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got, err := parseNotification([]byte("<imdn/>")); err == nil {
		t.Errorf("a notification about nothing: %+v", got)
	}
}

func TestAcceptProvesOnlyWhatItNames(t *testing.T) {
	for _, c := range []struct {
		accept []string
		want   Formats
	}{
		{strings.Split(Accepted, ", "), Formats{true, true}},
		{[]string{"application/sdp", "Message/CPIM;q=0.5", "message/imdn+xml"}, Formats{CPIM: true}},
		{[]string{"message/cpim"}, Formats{}},
		{[]string{"application/im-iscomposing+xml"}, Formats{Composing: true}},
		{[]string{"*/*", "message/*"}, Formats{}},
		{nil, Formats{}},
	} {
		if got := formats(c.accept); got != c.want {
			t.Errorf("%v: %+v", c.accept, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	kind, body := Wrap("sip:a@b", "sip:c@d", "id", "text", moment)
	f.Add(kind, body)
	kind, body = Notify("sip:a@b", "sip:c@d", "id", Notification{"m", Displayed}, moment)
	f.Add(kind, body)
	kind, body = Compose(true)
	f.Add(kind, body)
	f.Add(typeNotification, []byte(`<a:imdn><a:message-id>&lt;&amp;</a:message-id></a:imdn>`))
	f.Add("text/plain;charset=latin1", []byte{0xff, 0})
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		c, err := parse(kind, body)
		if err != nil {
			if c != (Content{}) && !errors.Is(err, errBody) && !errors.Is(err, errType) {
				t.Errorf("%+v with %v", c, err)
			}
			return
		}
		if !utf8.ValidString(c.Text) {
			t.Errorf("text %q", c.Text)
		}
		if (c.WantDelivered || c.WantDisplayed) && (!isID(c.ID) || c.Notification != nil || c.Composing != nil) {
			t.Errorf("asks in vain: %+v", c)
		}
		if n := c.Notification; n != nil {
			k, b := Notify("sip:a@b", "sip:c@d", "n", Notification{n.ID, Displayed}, moment)
			if again, err := parse(k, b); err != nil || again.Notification.ID != n.ID {
				t.Errorf("%q is said back as %+v, %v", n.ID, again.Notification, err)
			}
		}
	})
}
