package media

import "testing"

func TestCallThatMayGoAnyWayNeedsNoRelay(t *testing.T) {
	e := &Engine{cfg: Config{RelayOnly: true, RequireRelay: true}, conns: map[*Conn]struct{}{}}
	for anyWay := range map[bool]struct{}{true: {}, false: {}} {
		c := e.Open(Want{Audio: true, AnyWay: anyWay}, Events{})
		if c.cfg.RelayOnly == anyWay || c.cfg.RequireRelay == anyWay || c.Want().AnyWay {
			t.Errorf("any way %v: %+v", anyWay, c.cfg)
		}
	}
}
