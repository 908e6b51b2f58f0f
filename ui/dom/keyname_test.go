package dom

import "testing"

func TestKeysAreCalledByWhatTheyAre(t *testing.T) {
	const ctrl, alt, meta, shift = 1, 2, 4, 8
	for _, tt := range []struct {
		key, code string
		with      int
		want      string
	}{
		{"m", "KeyM", 0, "m"},
		{"M", "KeyM", shift, "Shift+m"},
		{"M", "KeyM", 0, "m"}, // caps lock
		{"?", "Slash", shift, "?"},
		{"/", "Digit7", shift, "/"},
		{"ь", "KeyM", 0, "m"}, // the same key of a Russian keyboard
		{"Ь", "KeyM", shift, "Shift+m"},
		{"µ", "KeyM", alt, "Alt+m"}, // of a Mac
		{"ß", "Minus", 0, "ß"},
		{"F2", "F2", ctrl | alt, "Control+Alt+F2"},
		{"k", "KeyK", meta, "Meta+k"},
		{"ArrowUp", "ArrowUp", shift, "Shift+ArrowUp"},
		{" ", "Space", 0, "Space"},
		{"+", "Equal", shift, "Plus"},
		{"Shift", "ShiftLeft", shift, ""},
		{"Dead", "Quote", 0, ""},
		{"", "", 0, ""},
	} {
		got := KeyName(tt.key, tt.code, tt.with&ctrl != 0, tt.with&alt != 0, tt.with&meta != 0, tt.with&shift != 0)
		if got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}
