package sipcore_test

import (
	"math"
	"strings"
	"testing"

	"gocommunicator/sipcore"
)

func TestLocationOfAPresenceDocument(t *testing.T) {
	for name, test := range map[string]struct {
		pidf string
		want sipcore.Location
		ok   bool
	}{
		"point":             {`<gp:location-info><gml:Point srsName="x"><gml:pos>42.5463 -73.2512</gml:pos></gml:Point></gp:location-info>`, sipcore.Location{Latitude: 42.5463, Longitude: -73.2512}, true},
		"circle":            {`<gs:Circle><pos xmlns="x"> 42.5 -73.25 </pos><gs:radius uom="m">850.24</gs:radius></gs:Circle>`, sipcore.Location{Latitude: 42.5, Longitude: -73.25, Radius: 850.24}, true},
		"with height":       {"<gml:pos>1\t2\n3</gml:pos>", sipcore.Location{Latitude: 1, Longitude: 2}, true},
		"street":            {`<ca:civicAddress><ca:country>DE</ca:country><ca:A1>pos</ca:A1></ca:civicAddress>`, sipcore.Location{}, false},
		"polygon":           {`<gml:posList>1 2 3 4</gml:posList>`, sipcore.Location{}, false},
		"no place on earth": {`<gml:pos>91 0</gml:pos>`, sipcore.Location{}, false},
		"no numbers":        {`<gml:pos>NaN "><script></gml:pos>`, sipcore.Location{}, false},
		"nothing":           {"", sipcore.Location{}, false},
		"odd radius":        {`<gml:pos>1 2</gml:pos><gs:radius>-5</gs:radius>`, sipcore.Location{Latitude: 1, Longitude: 2}, true},
	} {
		if got, ok := sipcore.ParseLocation([]byte(test.pidf)); ok != test.ok || ok && got != test.want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

func FuzzLocation(f *testing.F) {
	f.Add("<gml:pos>42.5463 -73.2512</gml:pos><gs:radius>1</gs:radius>")
	f.Add(strings.Repeat("<pos", 1000))
	f.Fuzz(func(t *testing.T, pidf string) {
		l, ok := sipcore.ParseLocation([]byte(pidf))
		if ok && (math.IsNaN(l.Latitude+l.Longitude+l.Radius) || math.Abs(l.Latitude) > 90 || math.Abs(l.Longitude) > 180 || l.Radius < 0) {
			t.Errorf("%+v", l)
		}
	})
}
