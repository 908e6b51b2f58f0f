package ui

import (
	"gocommunicator/app/bus"
	"gocommunicator/app/i18n"
	"gocommunicator/app/phone"
)

// Phone is what the screen asks of the phone. Every method returns without waiting
// for the network; what comes of it is told by events. *phone.Phone is one.
type Phone interface {
	Login(phone.Login) error
	Logout()
	Register() error
	Unregister() error
	Dial(phone.Dial) (id string, err error)
	Answer(id string, video bool) error
	Reject(id string, code int) error
	Hangup(id string) error
	Mute(id string, audio, video *bool) error
	// Local and Remote are the sound and picture of a call. Both give the same
	// stream for the same call as long as it lasts.
	Local(id string) phone.Stream
	Remote(id string) phone.Stream
}

// Deps is what the screen needs. Bus, Phone and Texts must be set.
type Deps struct {
	Bus   *bus.Bus
	Phone Phone
	Texts *i18n.Localizer // to begin with; SetTexts changes it
	// Languages are those to choose from; with fewer than two there is no choice.
	Languages []i18n.Language
	// SetLanguage is called on the UI goroutine with the tag of the language
	// chosen. It must not wait: the texts follow by SetTexts.
	SetLanguage func(tag string)
	// Demo is the accounts for trying out, the zero value where there are none.
	Demo Demo
	// Echo is the address of a service that sends sound back, offered to whoever
	// has no call yet; empty when there is none.
	Echo string
}

// Demo is the accounts of the embedded server, whose password is their name.
type Demo struct {
	Domain string
	Names  []string
}
