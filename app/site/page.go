//go:build !js

package site

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// joined is what the names of joined styles begin with.
const joined = "style/all"

var (
	// run is style sheets one after the other.
	run = regexp.MustCompile(`(?:[ \t]*<link rel="stylesheet" href="style/[^"]+">\n)+`)
	// sheet is one of them.
	sheet = regexp.MustCompile(`href="(style/[^"]+)"`)
	// reference is an attribute that names a file.
	reference = regexp.MustCompile(`\b(href|src)="([^":?#]+)"`)
	head      = regexp.MustCompile(`<head>\n?`)
)

// joinStyles makes one sheet of those that stand one after the other in a page: one answer
// that comes before the first paint instead of twenty. It gives the pages as they are then.
func joinStyles(own, rest map[string][]byte) map[string][]byte {
	pages, known := map[string][]byte{}, map[string]string{}
	for name, text := range rest {
		if path.Ext(name) == ".html" {
			pages[name] = text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		pages[name] = run.ReplaceAllFunc(pages[name], func(links []byte) []byte {
			var all bytes.Buffer
			for _, m := range sheet.FindAllSubmatch(links, -1) {
				style := own[string(m[1])]
				if style == nil {
					return links // a page that names what is not there stays as it is
				}
				all.Write(style)
			}
			file := known[all.String()]
			if file == "" {
				file = fmt.Sprintf("%s%d.css", joined, len(known))
				known[all.String()], own[file] = file, all.Bytes()
			}
			return fmt.Appendf(nil, "  <link rel=\"stylesheet\" href=\"%s\">\n", file)
		})
	}
	return pages
}

// address puts the folder before the names of the files that are in it, and says which
// address the others are relative to.
func address(page []byte, own map[string][]byte, folder, base string) []byte {
	page = reference.ReplaceAllFunc(page, func(attribute []byte) []byte {
		name, file, _ := strings.Cut(string(attribute), `="`)
		file = strings.TrimSuffix(file, `"`)
		if own[file] == nil {
			return attribute
		}
		return fmt.Appendf(nil, `%s="%s"`, name, path.Join(folder, file))
	})
	if base == "" {
		return page
	}
	return head.ReplaceAllLiteral(page, fmt.Appendf(nil, "<head>\n  <base href=\"%s\">\n", html.EscapeString(base)))
}
