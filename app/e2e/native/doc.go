//go:build linux

// Package native starts phones of others that are no page, each registered with
// Kamailio over UDP, and steers them, so that tests can call them and be called by them.
// What arrives at them is measured in what they recorded.
package native
