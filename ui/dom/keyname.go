package dom

import "strings"

// KeyName is what a key pressed with others is called, as in aria-keyshortcuts: "m",
// "Shift+m", "Control+Alt+F2", "?". It is empty for keys that are nothing by themselves.
// key and code are those of the KeyboardEvent: where letters are not Latin ones, the place
// of the key tells which it would be.
func KeyName(key, code string, ctrl, alt, meta, shift bool) string {
	switch key {
	case "", "Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Process", "Unidentified":
		return ""
	case " ":
		key = "Space"
	case "+":
		key, shift = "Plus", false
	}
	if letter, found := strings.CutPrefix(code, "Key"); found && key[0] >= 0x80 {
		key = letter
	}
	if len(key) == 1 || key[0] >= 0x80 {
		lower := strings.ToLower(key)
		shift = shift && lower != strings.ToUpper(key) // of "?" it is part
		key = lower
	}
	name := ""
	for i, with := range [...]bool{ctrl, alt, meta, shift} {
		if with {
			name += [...]string{"Control+", "Alt+", "Meta+", "Shift+"}[i]
		}
	}
	return name + key
}
