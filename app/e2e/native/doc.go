//go:build linux

// Package native starts phones of others that are no page, each registered with
// Kamailio over UDP, and steers them, so that tests can call them and be called by them.
// What arrives at them is measured in what they recorded. SIPp says what its scenarios have
// it say, to the letter, and fails when the other side does otherwise.
package native
