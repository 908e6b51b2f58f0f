//go:build !js

package sample

import (
	"encoding/json"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestQuery is how many characters of a query are looked at.
const longestQuery = 200

// plain are letters that are no others with a mark, as people write them who lack them.
var plain = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i", "þ", "th")

// fold makes text that is found however it is written: small letters, without accents.
func fold(text ...string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.Join(text, " ")) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.Fields(plain.Replace(b.String())), " ")
}

// words are those of a query, folded, as a JSON list for the database.
func words(query string) string {
	if runes := []rune(query); len(runes) > longestQuery {
		query = string(runes[:longestQuery])
	}
	list, _ := json.Marshal(strings.Fields(fold(query))) // texts can always be written
	return string(list)
}
