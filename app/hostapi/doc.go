// Package hostapi is the face of the phone towards the page around it: topics that are
// strings, with data that is plain objects.
//
// A [Bridge] publishes what happens on the bus under the topics of the host API and does
// what the page asks for under its commands. What it publishes it publishes from the
// timeline of the bus, in the order of the events; commands are done one after the other
// on a goroutine of their own, so that a callback of the page never waits. A command that
// fails, or that cannot be understood, becomes a phone.Notice on the bus: the person is
// shown it and the page gets jsc/error.
//
// In the page, [New] binds a Bridge to window.Arbiter: the page's own, or that of
// web/arbiter.js, which also keeps the commands published before the phone was there.
//
// The topics of JSCommunicator, whose names and payloads are kept, are in legacy.go, the
// others in payload.go, the commands in command.go.
package hostapi
