package dom

import "unicode/utf16"

// before is the place of the character before a caret. Places are counted as browsers
// count them, in UTF-16 units, of which a character may have two.
func before(text string, caret int) int {
	units := utf16.Encode([]rune(text))
	caret = min(caret, len(units))
	if caret >= 2 && utf16.DecodeRune(rune(units[caret-2]), rune(units[caret-1])) != '\uFFFD' {
		return caret - 2
	}
	return max(0, caret-1)
}
