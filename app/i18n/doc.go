// Package i18n holds the texts of the phone in the person's language.
//
// Texts stand in message files of go-i18n, one a language: English in en.json beside
// this package, because it is part of the program as the fallback, the others in
// web/locales/<language>.json, from where the page fetches the one it needs. A key is
// a group and a name: action_ what a control does, state_ what is so, cause_ how a call
// ended, error_ what the person has to be told, label_ what something is, hint_ what
// to do next. Values stand in a text as {{.Name}}; text that has a number in it has a
// form for each plural category of its language.
//
// The program does not contain go-i18n: its Localizer works by text/template, which
// makes the linker keep every exported method of every type, and even its reader brings
// that package's start-up with it (30 kB of the page). Nor does it contain the tables of
// x/text: the browser knows tags and plural rules itself, natively they are x/text's. A test compares what is here with
// go-i18n for every text, language and plural form.
package i18n
