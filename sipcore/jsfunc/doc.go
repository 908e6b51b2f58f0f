// Package jsfunc gives functions to JavaScript and knows how many it has not got back. A
// js.Func is never collected: it has an owner, who releases it.
package jsfunc
