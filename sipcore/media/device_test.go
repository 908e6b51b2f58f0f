package media

import "testing"

func TestPick(t *testing.T) {
	built := Device{ID: "b", Group: "g1", Name: "Built-in microphone"}
	headset := Device{ID: "h", Group: "g2", Name: "Headset"}
	desk := Device{ID: "d", Group: "g3", Name: "Desk (USB)"}
	usual := func(of Device) Device {
		return Device{ID: "default", Group: of.Group, Name: "Default - " + of.Name}
	}
	named := func(of Device) Device { return Device{ID: "default", Group: of.Group, Name: of.Name} }
	talking := Device{ID: "communications", Group: "g2", Name: "Communications - Headset"}
	for _, test := range []struct {
		name          string
		there, chosen []Device
		want          Device
		none          bool
	}{
		{name: "nothing there", none: true},
		{name: "nothing there but much chosen", chosen: []Device{headset, built}, none: true},
		{name: "nothing chosen, no default", there: []Device{built, headset}},
		{name: "before the browser may tell", there: []Device{{}}, chosen: []Device{headset}},
		{name: "system's default", there: []Device{usual(headset), talking, built, headset}, want: named(headset)},
		{name: "default of another group", there: []Device{{ID: "default", Group: "x", Name: "Default"}, built}, want: Device{ID: "default", Group: "x", Name: "Default"}},
		{name: "default of a group of two", there: []Device{usual(built), {ID: "1", Group: "g1", Name: "Line in"}, built}, want: named(built)},
		{name: "chosen", there: []Device{usual(built), built, headset}, chosen: []Device{headset}, want: headset},
		{name: "the latest choice", there: []Device{usual(built), built, headset, desk}, chosen: []Device{desk, headset}, want: desk},
		{name: "the choice before when the latest is gone", there: []Device{usual(built), built, headset}, chosen: []Device{desk, headset}, want: headset},
		{name: "all choices gone", there: []Device{usual(built), built}, chosen: []Device{desk, headset}, want: named(built)},
		{name: "all choices gone, no default", there: []Device{built}, chosen: []Device{desk, headset}},
		{name: "another id at each visit", there: []Device{built, {ID: "new", Group: "g9", Name: "Headset"}}, chosen: []Device{headset}, want: Device{ID: "new", Group: "g9", Name: "Headset"}},
		{name: "two of one name", there: []Device{{ID: "other", Name: "Headset"}, headset}, chosen: []Device{headset}, want: headset},
		{name: "an id without name", there: []Device{built, {ID: "h"}}, chosen: []Device{headset}, want: Device{ID: "h"}},
		{name: "the system's, chosen after another", there: []Device{usual(built), built, headset}, chosen: []Device{{}, headset}, want: named(built)},
		{name: "chosen, then the system's before", there: []Device{usual(built), built, headset}, chosen: []Device{desk, {}, headset}, want: named(built)},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Pick(test.there, test.chosen)
			if got != test.want || ok == test.none {
				t.Errorf("%+v, %v; want %+v, %v", got, ok, test.want, !test.none)
			}
		})
	}
}

func TestRolesHaveNames(t *testing.T) {
	for r := range Role(Roles) {
		if got, ok := ParseRole(r.String()); got != r || !ok {
			t.Errorf("%d is %q, and that %d, %v", r, r, got, ok)
		}
	}
	if _, ok := ParseRole("ear"); ok {
		t.Error("an ear is a device")
	}
}
