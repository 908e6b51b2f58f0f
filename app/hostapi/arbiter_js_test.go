package hostapi

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
)

// An Arbiter that the page brought: the least that New relies on. Everything published
// is in log, as [topic, JSON, async], and logged is called. (web/arbiter.js has its own
// tests.)
const ownArbiter = `({
	log: [],
	logged() {},
	subscriptions: [],
	subscribe(topic, options, context, call) { return this.subscriptions.push({ topic, call }); },
	unsubscribe(id) { this.subscriptions[id - 1].topic = null; return true; },
	publish(topic, data, options) {
		this.log.push([topic, JSON.stringify(data), options?.async]);
		this.logged();
		for (const s of this.subscriptions) if (s.topic === topic) s.call(data, topic, {});
		return true;
	},
})`

// page puts an Arbiter, and commands published before, into this page.
func page(t *testing.T, arbiter, early string) js.Value {
	t.Helper()
	global := js.Global()
	global.Set("Arbiter", global.Call("eval", arbiter))
	global.Get("Reflect").Call("set", global, earlyCommands(), global.Call("eval", early))
	t.Cleanup(func() {
		global.Delete("Arbiter")
		global.Get("Reflect").Call("deleteProperty", global, earlyCommands())
	})
	return global.Get("Arbiter")
}

func start(t *testing.T) (*bus.Bus, *recorder) {
	t.Helper()
	b, p := bus.New(nil), &recorder{}
	bridge, err := New(Deps{Bus: b, Phone: p, Texts: keys{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		bridge.Close()
		<-bridge.commands.Done()
		b.Close()
		<-b.Done()
	})
	return b, p
}

// logged waits for n messages and returns them.
func logged(t *testing.T, arbiter js.Value, n int) []string {
	t.Helper()
	more := make(chan struct{}, 1)
	tell := js.FuncOf(func(js.Value, []js.Value) any {
		select {
		case more <- struct{}{}:
		default:
		}
		return nil
	})
	defer tell.Release()
	silent := arbiter.Get("logged")
	arbiter.Set("logged", tell)
	defer arbiter.Set("logged", silent)
	log := arbiter.Get("log")
	for log.Length() < n {
		select {
		case <-more:
		case <-time.After(5 * time.Second):
			t.Fatalf("%d of %d messages", log.Length(), n)
		}
	}
	var all []string
	for i := range log.Length() {
		all = append(all, log.Index(i).Index(0).String()+" "+log.Index(i).Index(1).String())
	}
	return all
}

func TestPhoneNeedsAnArbiter(t *testing.T) {
	for _, arbiter := range []string{"undefined", "null", "1", "'x'", "({})", "({publish() {}, subscribe: 1})"} {
		page(t, arbiter, "undefined")
		if _, err := New(Deps{}); !errors.Is(err, ErrNoArbiter) {
			t.Errorf("Arbiter = %s: %v", arbiter, err)
		}
	}
}

func TestTopicsArriveAsObjects(t *testing.T) {
	arbiter := page(t, ownArbiter, "undefined")
	b, _ := start(t)
	bus.Publish(b, phone.Link{State: phone.LinkUp, Server: "wss://ö"})
	bus.Publish(b, phone.Call{ID: "1", Direction: phone.In, Peer: phone.Peer{URI: "sip:bob@example.org"}, State: phone.Incoming, Started: time.UnixMilli(5)})
	got := logged(t, arbiter, 5)
	var call struct {
		State    string
		Started  float64
		Answered *float64
		Peer     struct{ URI string }
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(got[2], "jsc/call/state ")), &call); err != nil {
		t.Fatal(err)
	}
	if call.State != "incoming" || call.Started != 5 || call.Answered != nil || call.Peer.URI != "sip:bob@example.org" {
		t.Errorf("got %s", got[2])
	}
	if !strings.HasPrefix(got[0], "jsc/link/state {") || !strings.Contains(got[0], `"server":"wss://ö"`) {
		t.Errorf("got %s", got[0])
	}
	got[0], got[2] = "", "" // objects, in whatever order
	want := []string{"", "jsc/ua/idle null", "", "jsc/ua/incall null", `jsc/call/incoming "sip:bob@example.org"`}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if !arbiter.Get("log").Index(0).Index(2).Bool() {
		t.Error("published as if the page had to answer at once")
	}
}

func TestEarlyCommandsComeFirst(t *testing.T) {
	arbiter := page(t, ownArbiter, `(() => [['jsc/destination/set', 'early'], ['jsc/unknown', {}], ['jsc/ua/logout', undefined]])`)
	_, p := start(t)
	arbiter.Call("publish", "jsc/destination/set", "late")
	arbiter.Call("publish", "jsc/call/hangup", map[string]any{"id": "7"})
	arbiter.Call("publish", "jsc/ua/state")
	logged(t, arbiter, 4) // the snapshot comes after all of them
	want := []string{`destination "early"`, "logout", `destination "late"`, `hangup "7"`}
	if !slices.Equal(p.told, want) {
		t.Errorf("got  %v\nwant %v", p.told, want)
	}
}

func TestHostileDataIsRefused(t *testing.T) {
	for _, data := range []string{
		"(() => { const a = {}; a.a = a; return a; })()",
		"({ get to() { throw new Error('ouch'); } })",
		"({ toJSON() { throw 1; } })",
		"({ to: Symbol.iterator, video: 'yes' })",
		"({ to: {} })",
		"10n",
		"new Proxy({}, { ownKeys() { throw null; } })",
	} {
		arbiter := page(t, ownArbiter, "undefined")
		_, p := start(t)
		value := js.Global().Call("eval", data)
		for i := range arbiter.Get("subscriptions").Length() {
			if sub := arbiter.Get("subscriptions").Index(i); sub.Get("topic").String() == "jsc/call/dial" {
				sub.Get("call").Invoke(value, "jsc/call/dial", nil)
			}
		}
		if got := logged(t, arbiter, 1); len(p.told) > 0 || !strings.HasPrefix(got[0], "jsc/error {") || !strings.Contains(got[0], `"code":"error_command"`) {
			t.Errorf("%s: told %v, published %v", data, p.told, got)
		}
	}
}

func TestThrowingArbiterHurtsNobody(t *testing.T) {
	page(t, `({ publish() { throw new Error('ouch'); }, subscribe() { return 1; }, unsubscribe() { throw 1; } })`, "undefined")
	b, _ := start(t)
	after := make(chan struct{})
	bus.Publish(b, phone.Link{State: phone.LinkUp})
	bus.Subscribe(b, func(struct{}) { close(after) })
	bus.Publish(b, struct{}{})
	<-after

	page(t, `({ publish() {}, subscribe() { throw new Error('ouch'); }, unsubscribe() {} })`, "undefined")
	if _, err := New(Deps{Bus: b, Phone: &recorder{}}); err == nil {
		t.Error("no error although the page does not let us subscribe")
	}
}

func TestCloseLeavesThePage(t *testing.T) {
	arbiter := page(t, ownArbiter, "undefined")
	b := bus.New(nil)
	bridge, err := New(Deps{Bus: b, Phone: &recorder{}})
	if err != nil {
		t.Fatal(err)
	}
	bridge.Close()
	<-bridge.commands.Done()
	b.Close()
	<-b.Done()
	for i := range arbiter.Get("subscriptions").Length() {
		if topic := arbiter.Get("subscriptions").Index(i).Get("topic"); !topic.IsNull() {
			t.Errorf("still subscribed to %v", topic)
		}
	}
}
