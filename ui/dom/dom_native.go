//go:build !js

package dom

import "time"

// Audio plays streams and tones and measures levels; natively it is silent.
type Audio struct{}

// NewAudio makes the page's sound.
func NewAudio(func(bool)) *Audio { return &Audio{} }

// Close ends the tones and lets go of the page.
func (*Audio) Close() {}

// Play puts a stream on a media element and starts it.
func (*Audio) Play(string, any) {}

// Stop takes the stream off a media element.
func (*Audio) Stop(string) {}

// Loop has these tones go on, each until a call without it.
func (*Audio) Loop(Tone) {}

// Once plays tones once, to their end.
func (*Audio) Once(Tone) {}

// Volume is how loud the tones of a channel are.
func (*Audio) Volume(Channel, float64) {}

// Speakers has calls come out of one device and the ring out of another.
func (*Audio) Speakers(_, _ string) {}

// SharesScreen tells whether the browser can show the screen to others.
func SharesScreen() bool { return false }

// HasPictureInPicture tells whether a picture can stand in a window of its own.
func HasPictureInPicture() bool { return false }

// EndPictureInPicture takes the picture of an element back from a window of its own.
func EndPictureInPicture(string) {}

// PictureInPicture has the picture of an element stand in a window of its own, or no longer.
func PictureInPicture(string) {}

// Digit plays the tone of a telephone's key once.
func (*Audio) Digit(string) {}

// Meter shows the level of a stream on an element until stop is called.
func (*Audio) Meter(string, func() any) (stop func()) { return func() {} }

// TakeWindowBack undoes what go-app does to the window.
func TakeWindowBack() {}

// Title is the title of the page.
func Title(string) {}

// Language tells the page its language.
func Language(string, bool) {}

// Theme sets the look of the page.
func Theme(string) {}

// ThemeAtFirst sets it where nothing else has.
func ThemeAtFirst(string) {}

// Remember keeps a value for the next visit; an empty one is forgotten.
func Remember(string, string) {}

// Recall returns what was remembered.
func Recall(string) string { return "" }

// Say puts a text into a live region.
func Say(string, string) {}

// ScrollUp shows the beginning of an element that scrolls.
func ScrollUp(string) {}

// OnKey has f called with each key that is pressed.
func OnKey(func(string) bool) (release func()) { return func() {} }

// Press clicks a control.
func Press(string) {}

// Value is what stands in a field.
func Value(string) string { return "" }

// SetValue replaces what stands in a field.
func SetValue(string, string) {}

// Checked reports whether a box is ticked.
func Checked(string) bool { return false }

// Check ticks a box.
func Check(string, bool) {}

// Insert puts a text where the caret is.
func Insert(string, string) {}

// Erase takes away the character before the caret.
func Erase(string) {}

// Focus moves the keyboard to an element.
func Focus(string) {}

// Reveal scrolls an element into what can be seen.
func Reveal(string) {}

// Focused is the id of what has the keyboard.
func Focused() string { return "" }

// FocusField moves the keyboard to a field.
func FocusField(string, string) {}

// FocusText moves the keyboard to a field, and selects nothing.
func FocusText(string, string) bool { return false }

// FocusUnlessTyping moves the keyboard, but not away from somebody who types.
func FocusUnlessTyping(string) {}

// FocusIfLost moves the keyboard when what had it is gone.
func FocusIfLost(string) {}

// NewPart puts a part of the phone into an element.
func NewPart(_, _ string, _ map[string]any, _ map[string]func(args []any) any) *Part { return nil }

// Part is a part of the phone that JavaScript draws.
type Part struct{}

// Release takes it away.
func (*Part) Release() {}

// OnSight has f called when an element comes into sight and when it goes.
func OnSight(string, func(bool)) (release func()) { return func() {} }

// OnEnter has f called when Enter is pressed in a field of several lines.
func OnEnter(string, func()) (release func()) { return func() {} }

// OnReturn has f called when the person comes back to the page.
func OnReturn(func()) (release func()) { return func() {} }

// Visible reports whether the page can be seen.
func Visible() bool { return true }

// Day is a date in words.
func Day(t time.Time, _ string) string { return t.Local().Format("2006-01-02") }

// WatchPlace tells where the person is.
func WatchPlace(func(latitude, longitude, radius float64), func()) (release func()) {
	return func() {}
}

// Drag lets an element be pulled to another corner.
func Drag(string) (release func()) { return func() {} }

// Menu moves the keyboard through a menu.
func Menu(string) (release func()) { return func() {} }

// FullScreen has the page fill the screen, or no longer.
func FullScreen(bool) {}

// OnFullScreenLeft has f called when the page no longer fills the screen.
func OnFullScreenLeft(func()) (release func()) { return func() {} }

// Clock is the time of the day.
func Clock(t time.Time, _ string) string { return t.Local().Format("15:04") }

// Save gives the person a file.
func Save(_, _ string, _ []byte) {}

// Sight tells which elements come near the visible part of one that scrolls.
type Sight struct{}

// NewSight watches elements.
func NewSight(string, int, func(string, bool, float64)) *Sight { return &Sight{} }

// Add begins to watch an element.
func (*Sight) Add(string) {}

// Remove ends it.
func (*Sight) Remove(string) {}

// Close ends all of it.
func (*Sight) Close() {}
