// Package dom says to the browser what go-app cannot: streams on media elements,
// focus, the level of sound, tones, the text in a field, the page's language and look.
//
// Everything is for the UI goroutine unless it says otherwise. Elements are named by
// their id; one that is not in the page is passed over. Natively, where there is no
// page, nothing happens.
package dom
