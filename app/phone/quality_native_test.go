//go:build !js

package phone_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
)

func TestQualityOfACallIsPublishedAndKept(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	watch[*phone.Quality](alice)
	id, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	q := await(alice, func(q *phone.Quality) bool { return q.In.Audio > 50_000 && q.RTT > 0 })
	if q.CallID != id || q.Grade != phone.QualityGood || q.In.MOS < 4.3 || q.In.Loss != 0 || q.Codec != "pcmu/8000" ||
		q.Pair.Local != "host" || q.Pair.Protocol != "udp" || q.Out.Audio < 50_000 {
		t.Errorf("%+v", q)
	}
	alice.must(alice.Hangup(""))
	await(alice, state(phone.Ended))
	kept := make(chan phone.History, 10)
	bus.Subscribe(alice.bus, func(h phone.History) { kept <- h })
	for h := range kept {
		if len(h.Calls) == 0 {
			continue
		}
		sum := h.Calls[0].Quality
		if sum == nil || sum.MOS < 4.3 || sum.Codec != "pcmu/8000" || sum.Route != "host" {
			t.Errorf("the history has %+v", sum)
		}
		break
	}
	files := make(chan phone.File, 1)
	for _, f := range []phone.Format{phone.JSON, phone.CSV} {
		alice.ExportHistory(f, func(f phone.File) { files <- f })
		if data := string((<-files).Data); !strings.Contains(data, "pcmu/8000") || !strings.Contains(data, "mos") {
			t.Errorf("%s: %s", f, data)
		}
	}
	plain, err := json.Marshal(q.Plain())
	if err != nil || !strings.Contains(string(plain), `"loss_out":0`) || q.Plain()["time"].(int64) > time.Now().UnixMilli() {
		t.Errorf("%s, %v", plain, err)
	}
}
