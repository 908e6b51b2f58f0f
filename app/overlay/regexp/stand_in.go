// Package regexp stands in for regexp in the page's program, where nobody matches anything:
// go-app has routes by patterns, and this program one route, for every path. With the real
// one comes all that Unicode says of every script.
package regexp

// Regexp stands for the pattern that matches everything.
type Regexp struct{}

// MustCompile makes one of the pattern `.*`, and of no other.
func MustCompile(pattern string) *Regexp {
	if pattern != ".*" {
		panic("regexp: not in a page: " + pattern) //nolint:forbidigo // as the real one does
	}
	return &Regexp{}
}

// MatchString reports true.
func (*Regexp) MatchString(string) bool { return true }
