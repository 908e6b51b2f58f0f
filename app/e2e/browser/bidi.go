//go:build linux

package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
)

// bidi is a connection that speaks WebDriver BiDi (W3C): commands with ids, and
// events.
type bidi struct {
	conn  *websocket.Conn
	ended chan struct{}

	mu      sync.Mutex
	last    int
	waiting map[int]chan<- bidiMessage
	events  func(method string, params json.RawMessage)
}

type bidiMessage struct {
	ID      int             `json:"id"`
	Type    string          `json:"type"` // success, error or event
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
}

var errBidiEnded = errors.New("the connection to the browser has ended")

// dialBidi connects to a browser. events gets every event, in order.
func dialBidi(ctx context.Context, url string, events func(method string, params json.RawMessage)) (*bidi, error) {
	conn, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1) // screenshots
	b := &bidi{conn: conn, ended: make(chan struct{}), waiting: make(map[int]chan<- bidiMessage), events: events}
	go b.read()
	return b, nil
}

func (b *bidi) read() {
	defer close(b.ended)
	for {
		_, data, err := b.conn.Read(context.Background())
		if err != nil {
			return
		}
		var m bidiMessage
		if err := json.Unmarshal(data, &m); err != nil {
			continue // of no command that anybody waits for
		}
		if m.Type == "event" {
			b.events(m.Method, m.Params)
			continue
		}
		b.mu.Lock()
		answer := b.waiting[m.ID]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		if answer != nil {
			answer <- m
		}
	}
}

// call sends a command and decodes its result; into may be nil.
func (b *bidi) call(ctx context.Context, method string, params map[string]any, into any) error {
	answer := make(chan bidiMessage, 1)
	b.mu.Lock()
	b.last++
	id := b.last
	b.waiting[id] = answer
	b.mu.Unlock()
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	if err := b.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return err
	}
	select {
	case m := <-answer:
		if m.Type == "error" {
			return fmt.Errorf("%s: %s: %s", method, m.Error, m.Message)
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(m.Result, into)
	case <-b.ended:
		return errBidiEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bidi) close() {
	_ = b.conn.CloseNow() // the browser may have gone first
	<-b.ended
}
