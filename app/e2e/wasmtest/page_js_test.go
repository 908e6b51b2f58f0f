package main

import (
	"syscall/js"
	"testing"
	"time"
)

// The page which runs the other tests runs these: what they rely on is there.

func TestPageHasDevicesAndPeerConnections(t *testing.T) {
	for _, path := range [][]string{{"RTCPeerConnection"}, {"navigator", "mediaDevices", "getUserMedia"}} {
		v := js.Global()
		for _, name := range path {
			v = v.Get(name)
		}
		if v.Type() != js.TypeFunction {
			t.Errorf("%v is %v", path, v.Type())
		}
	}
}

func TestEndpointsSpeakAsTheySay(t *testing.T) {
	for _, test := range []struct {
		path, send string
		want       []string // what comes: length and kind of large and binary messages
		code       int      // with which the server closes
	}{
		{path: "echo", send: "hello", want: []string{"hello"}},
		{path: "close", code: 4000},
		{path: "flood", want: []string{"1048576 characters", "after"}},
		{path: "garbage", want: []string{"512 bytes", "after"}},
	} {
		t.Run(test.path, func(t *testing.T) {
			events := make(chan any, 8)
			listen := js.Global().Call("eval", `(path, send, on) => {
				const socket = new WebSocket('ws://' + location.host + '/ws/' + path, 'sip');
				socket.binaryType = 'arraybuffer';
				socket.onopen = () => { if (send) socket.send(send); };
				socket.onmessage = ({ data }) => on(typeof data !== 'string' ? data.byteLength + ' bytes'
					: data.length > 100 ? data.length + ' characters' : data);
				socket.onclose = ({ code }) => on(code);
				return socket;
			}`)
			on := js.FuncOf(func(_ js.Value, args []js.Value) any {
				if args[0].Type() == js.TypeNumber {
					events <- args[0].Int()
					return nil
				}
				events <- args[0].String()
				return nil
			})
			socket := listen.Invoke(test.path, test.send, on)
			wait := func() any {
				select {
				case e := <-events:
					return e
				case <-time.After(10 * time.Second):
					t.Fatal("nothing comes")
					return nil
				}
			}
			for _, want := range test.want {
				if got := wait(); got != want {
					t.Fatalf("came %v, want %v", got, want)
				}
			}
			code := test.code
			if code == 0 {
				code = 1000
				socket.Call("close", code)
			}
			if got := wait(); got != code {
				t.Fatalf("closed with %v, want %v", got, code)
			}
			on.Release()
		})
	}
}
