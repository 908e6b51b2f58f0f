package main

import (
	"log/slog"
	"syscall/js"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/jsfunc"
)

// applyStyle loads the style sheet of the site's own behind ours. One that cannot be loaded
// changes nothing but what is said.
func applyStyle(log *slog.Logger, events *bus.Bus, address string) {
	if address == "" {
		return
	}
	link := js.Global().Get("document").Call("createElement", "link")
	link.Set("rel", "stylesheet")
	link.Set("href", address)
	failed := make(chan struct{}, 1)
	failure, _ := jsfunc.Of(func(js.Value, []js.Value) any { failed <- struct{}{}; return nil }) // for the life of the page
	link.Set("onerror", failure)
	js.Global().Get("document").Get("head").Call("append", link)
	go func() {
		<-failed
		log.Warn("style sheet of the site", "address", address)
		bus.Publish(events, phone.Notice{Code: "error_stylesheet", Params: map[string]string{"Address": address}})
	}()
}
