package phone

import (
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/siptest"
)

// dialTwice makes a call before another one has begun.
func (o *office) dialTwice(to, other string) (first, second string) {
	o.t.Helper()
	var err, later error
	if do := o.loop.Do(o.t.Context(), func() { // the calls begin after that
		first, err = o.Dial(Dial{To: to})
		second, later = o.Dial(Dial{To: other})
	}); do != nil || err != nil || later != nil {
		o.t.Fatal(do, err, later)
	}
	synctest.Wait()
	return first, second
}

func TestCallOvertakenBeforeItBeganIsTold(t *testing.T) {
	inOffice(t, `{}`, func(o *office) {
		_, second := o.dialTwice("bob", "carol")
		if c := o.call(second); c.State != Failed || c.Cause == nil || c.Cause.Code != 486 {
			t.Errorf("%+v", c)
		}
		o.peer.Reply(o.newCall(0), 486, siptest.ToTag("b"))
		o.peer.Expect(sip.ACK)
		o.left(0)
	})
}
