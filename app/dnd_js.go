package main

import (
	"syscall/js"

	"gocommunicator/app/phone"
)

// dndKey is where the browser keeps that the person is not to be disturbed, until the
// person says otherwise.
const dndKey = "gocommunicator.dnd"

func recallDND() bool { return js.Global().Get("localStorage").Call("getItem", dndKey).Truthy() }

func rememberDND(d phone.DoNotDisturb) {
	if storage := js.Global().Get("localStorage"); d.On {
		remember(storage, dndKey, "on")
	} else {
		storage.Call("removeItem", dndKey)
	}
}
