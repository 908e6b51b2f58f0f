// Package subscribe asks to be told of the state of something and is told: SUBSCRIBE and
// NOTIFY as the subscriber has them (RFC 6665), for any event package.
//
// A [Set] holds the subscriptions of one user agent and gives each NOTIFY to the one that
// it is for. Everything runs on the agent's loop. [Conference] is what the event package
// of that name tells (RFC 4575).
//
// Left out: the notifier's side, several notifiers that answer one SUBSCRIBE (the first is
// kept, the others get 481), and the subscriptions that REFER makes (package session).
package subscribe
