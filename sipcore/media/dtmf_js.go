package media

import (
	"strings"
	"syscall/js"
	"time"

	"gocommunicator/sipcore/promise"
)

// sendDigit has the sender of sound insert a telephone event, behind those that it has
// not begun yet: inserting drops them, and a busy browser is later than it was told.
func (p *peer) sendDigit(digit string, duration time.Duration) bool {
	all := p.value.Call("getTransceivers")
	for i := range all.Length() {
		t := all.Index(i)
		direction, dtmf := t.Get("currentDirection"), t.Get("sender").Get("dtmf")
		if direction.IsNull() || !strings.Contains(direction.String(), "send") ||
			!dtmf.Truthy() || !dtmf.Get("canInsertDTMF").Truthy() {
			continue
		}
		_, err := promise.Try(func() js.Value {
			return dtmf.Call("insertDTMF", dtmf.Get("toneBuffer").String()+digit, duration.Milliseconds(), ToneGap.Milliseconds())
		})
		return err == nil
	}
	return false
}
