// Package bus carries what happens in the phone to whoever wants to know.
//
// The topic is a Go type: Publish(b, phone.Call{…}) reaches everybody who called
// Subscribe with a func(phone.Call). Events of all types stand in one queue and are
// delivered in the order of publishing by one goroutine, the timeline: never inside
// the publisher's call, and one subscriber after the other in the order of
// subscribing. A subscriber gets what is published after it subscribed.
//
// State is sticky: a late subscriber first gets the last event of each key that is
// still standing ([Sticky]). Meters and statistics are latest-wins: an event that has
// not been delivered yet is replaced by its successor ([Latest]).
//
// A subscriber may publish, subscribe, cancel and close. It must not wait: it holds
// up everybody. One that takes long is reported, one that panics is logged, and the
// rest go on.
//
// The bus carries events, not commands: those are methods of package phone. Topics
// that are strings exist only in package hostapi.
package bus
