// Package ui draws the phone: go-app components, one per thing on the screen.
//
// It draws and does not decide. What happens comes as events of app/phone over the
// bus and is folded into a [View]; what the person does becomes a command of the
// [Phone]. The view belongs to go-app's UI goroutine: the bus only queues, and at
// most one dispatch to that goroutine is outstanding, however many events come.
//
// Every control carries data-action, every region data-region, every field
// data-input, every row data-id: these names are a contract, the words are not.
// What go-app cannot say (media elements, focus, sound, levels) is in ui/dom.
//
// Left out here: SIP, media and call logic, which no component may import.
package ui
