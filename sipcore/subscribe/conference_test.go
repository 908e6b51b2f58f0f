package subscribe

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gocommunicator/sipcore"
)

// info is a document about a conference.
func info(state string, version int, users string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:room@example.test" state="%s" version="%d">
 <conference-description><subject>Monday</subject><users/></conference-description>
 %s
</conference-info>`, state, version, users)
}

// present is somebody in it.
func present(uri, name, status string) string {
	return `<user entity="` + uri + `" state="full"><display-text>` + name + `</display-text><endpoint entity='` + uri + `;gr=1'>` +
		`<status>` + status + `</status><media id="1"><display-text>main</display-text><status>sendrecv</status></media></endpoint></user>`
}

func users(state string, all ...string) string {
	return `<users state="` + state + `">` + strings.Join(all, "") + `</users>`
}

func TestConferenceIsFollowed(t *testing.T) {
	bob, carol := present("sip:bob@example.test", "Bob", "connected"), present("sip:carol@example.test", "Carol &amp; Co", "on-hold")
	type step struct {
		document string
		want     string // `name status` of all, joined by ", "
		err      error
	}
	first := step{info("full", 3, users("full", bob, carol)), "Bob connected, Carol & Co on-hold", nil}
	for name, steps := range map[string][]step{
		"whole documents":                {first, {info("full", 4, users("full", carol)), "Carol & Co on-hold", nil}, {info("full", 5, ""), "", nil}},
		"an older one":                   {first, {info("full", 2, ""), "Bob connected, Carol & Co on-hold", nil}},
		"one that is repeated":           {first, {info("partial", 3, users("full")), "Bob connected, Carol & Co on-hold", nil}},
		"a change before the whole":      {{info("partial", 1, users("partial", bob)), "", ErrPart}},
		"a change that was lost":         {first, {info("partial", 5, users("partial", bob)), "Bob connected, Carol & Co on-hold", ErrPart}},
		"somebody comes":                 {{info("full", 0, users("full", bob)), "Bob connected", nil}, {info("partial", 1, users("partial", carol)), "Bob connected, Carol & Co on-hold", nil}},
		"somebody goes":                  {first, {info("partial", 4, users("partial", `<user entity="sip:bob@example.test" state="deleted"/>`)), "Carol & Co on-hold", nil}},
		"somebody hangs up":              {first, {info("partial", 4, users("partial", present("sip:bob@example.test", "Bob", "disconnected"))), "Carol & Co on-hold", nil}},
		"a phone of somebody's goes":     {first, {info("partial", 4, users("partial", `<user entity="sip:bob@example.test" state="partial"><endpoint entity="sip:bob@example.test;gr=1" state="deleted"/></user>`)), "Bob , Carol & Co on-hold", nil}},
		"somebody is held":               {first, {info("partial", 4, users("partial", `<user entity="sip:bob@example.test" state="partial"><endpoint entity="sip:bob@example.test;gr=1"><status>on-hold</status></endpoint></user>`)), "Bob on-hold, Carol & Co on-hold", nil}},
		"two phones of one":              {{info("full", 1, users("full", `<user entity="a"><endpoint entity="1"><status>disconnected</status></endpoint><endpoint entity="2"><status>connected</status></endpoint></user>`)), " connected", nil}},
		"what changes is not the status": {first, {info("partial", 4, users("partial", `<user entity="sip:bob@example.test" state="partial"><endpoint entity="sip:bob@example.test;gr=1" state="partial"><media id="1"><status>inactive</status></media></endpoint></user>`)), "Bob connected, Carol & Co on-hold", nil}},
		"it ends":                        {first, {info("deleted", 4, ""), "", nil}, {info("partial", 5, ""), "", ErrPart}},
		"no users told":                  {first, {info("partial", 4, "<conference-state><user-count>2</user-count></conference-state>"), "Bob connected, Carol & Co on-hold", nil}},
		"without a name":                 {{info("full", 1, users("full", "<user/>", `<user entity=""/>`, `<user entity="x"/>`, "<other><display-text>y</display-text></other>")), " ", nil}},
		"wrong version":                  {first, {strings.Replace(info("full", 4, ""), `version="4"`, `version="-1"`, 1), "Bob connected, Carol & Co on-hold", sipcore.ErrBody}},
		"no XML":                         {first, {"users: none", "Bob connected, Carol & Co on-hold", sipcore.ErrBody}},
		"another document":               {first, {"<presence/>", "Bob connected, Carol & Co on-hold", sipcore.ErrBody}},
		"a document type":                {first, {"<!DOCTYPE a [<!ENTITY b 'c'>]>" + info("full", 4, ""), "Bob connected, Carol & Co on-hold", sipcore.ErrBody}},
	} {
		t.Run(name, func(t *testing.T) {
			var c Conference
			for i, s := range steps {
				if err := c.Apply([]byte(s.document)); !errors.Is(err, s.err) {
					t.Fatalf("step %d: %v", i, err)
				}
				var got []string
				for _, u := range c.Users() {
					got = append(got, u.Name+" "+u.Status)
				}
				if strings.Join(got, ", ") != s.want {
					t.Errorf("step %d: %q, want %q", i, got, s.want)
				}
			}
		})
	}
}

func TestConferenceOfManyIsBounded(t *testing.T) {
	var all []string
	for i := range 3000 {
		all = append(all, fmt.Sprintf(`<user entity="sip:%d@example.test"><endpoint entity="a"/></user>`, i))
	}
	var c Conference
	if err := c.Apply([]byte(info("full", 1, users("full", all...)))); err != nil {
		t.Fatal(err)
	}
	if n := len(c.Users()); n != maxUsers {
		t.Errorf("%d users", n)
	}
	gone := strings.ReplaceAll(strings.Join(all[:10], ""), `">`, `" state="deleted">`)
	if err := c.Apply([]byte(info("partial", 2, users("partial", gone, all[1000], all[1001])))); err != nil {
		t.Fatal(err)
	}
	if n := len(c.Users()); n != maxUsers-8 {
		t.Errorf("ten have gone, two have come: %d users", n)
	}
	if err := c.Apply([]byte(info("full", 3, users("full", slices.Repeat(all, 4)...)))); !errors.Is(err, sipcore.ErrBody) {
		t.Errorf("more elements than any conference has: %v", err)
	}
}

func FuzzConference(f *testing.F) {
	f.Add([]byte(info("full", 1, users("full", present("sip:bob@example.test", "Bob", "connected")))))
	f.Add([]byte(info("partial", 2, users("partial", `<user entity="a" state='deleted'/>`))))
	f.Add([]byte(`<a b = "c" d='"' e=f`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var c Conference
		_ = c.Apply([]byte(info("full", 1, users("full", present("sip:bob@example.test", "Bob", "connected")))))
		if err := c.Apply(body); err != nil && len(c.Users()) != 1 {
			t.Error("what is refused has changed something")
		}
	})
}
