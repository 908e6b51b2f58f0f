package sipcore

import "strings"

// blank stands where a secret was.
const blank = "•••"

// Blank returns a message, or a part of one, without its secrets, to be logged and
// shown: credentials (RFC 3261 §20.7, RFC 8898), the proof of a password, tokens and
// passwords in header fields, URIs and URLs, the keys of a session description
// (RFC 4568, RFC 8839 §5.4). It keeps to lines and not to the grammar, so that it holds
// for what is malformed too; when in doubt more is blanked than need be.
func Blank(message []byte) string {
	var b strings.Builder
	whole := false // a header field is blanked with its continuation lines
	for rest := string(message); rest != ""; {
		end := strings.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		line := rest[:end]
		rest = rest[end:]
		next := len(rest) - len(strings.TrimLeft(rest, "\r\n"))
		switch {
		case line != "" && (line[0] == ' ' || line[0] == '\t') && whole:
			b.WriteString(" " + blank)
		default:
			line, whole = blankLine(line)
			b.WriteString(line)
		}
		b.WriteString(rest[:next])
		rest = rest[next:]
	}
	return b.String()
}

// blankLine blanks one line. whole says that lines which continue it are secret.
func blankLine(line string) (blanked string, whole bool) {
	name, value, found := strings.Cut(line, ":")
	switch lower := strings.ToLower(strings.TrimSpace(name)); {
	case !found:
	case strings.HasSuffix(lower, "authorization"):
		scheme, params, _ := strings.Cut(strings.TrimSpace(value), " ")
		if !strings.EqualFold(scheme, "Digest") || strings.Count(params, `"`)%2 > 0 {
			return name + ": " + blank, true
		}
	case lower == "identity", lower == "y", strings.HasSuffix(lower, "cookie"), strings.HasPrefix(lower, "x-ws-session"):
		return name + ": " + blank, true
	}
	return blankUserInfo(blankValues(line)), false
}

// secrets are the ends of names whose value is one: `ice-pwd:…`, `access_token=…`.
var secrets = []string{
	"response", "cnonce", "rspauth", "password", "passwd", "pwd", "token", "secret", "inline", "mac", "credential", "prid", "apikey", "api-key", "api_key",
}

// blankValues blanks what follows a secret's name and `=` or `:`, and a bearer token.
func blankValues(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		b.WriteByte(line[i])
		if !namesSecret(line, i) {
			continue
		}
		begin := len(line) - len(strings.TrimLeft(line[i+1:], " \t"))
		end := len(line)
		if n := strings.IndexAny(line[begin:], " \t;,>&|\""); n > 0 {
			end = begin + n
		} else if n == 0 && line[begin] == '"' {
			end = closing(line, begin)
		} else if n == 0 {
			end = begin
		}
		if end > begin {
			b.WriteString(line[i+1:begin] + blank)
			i = end - 1
		}
	}
	return b.String()
}

// namesSecret reports whether a secret follows the character at i.
func namesSecret(line string, i int) bool {
	before := line[:i]
	if line[i] == '=' || line[i] == ':' {
		before = strings.TrimRight(before, " \t")
	}
	const longest = 16
	before = strings.ToLower(before[max(0, len(before)-longest):])
	switch line[i] {
	case ' ':
		return strings.HasSuffix(before, "bearer")
	case '=', ':':
		for _, s := range secrets {
			if strings.HasSuffix(before, s) {
				return true
			}
		}
	}
	return false
}

// closing is where the quoted-string that begins at i has ended.
func closing(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// blankUserInfo blanks the password in `sip:user:password@host` and its like.
func blankUserInfo(line string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(line, "@")
		if !found {
			return b.String() + line
		}
		begin := len(before)
		for begin > 0 && strings.IndexByte(" \t<\"", before[begin-1]) < 0 {
			begin--
		}
		if parts := strings.SplitN(before[begin:], ":", 3); len(parts) == 3 {
			before = before[:len(before)-len(parts[2])] + blank
		}
		b.WriteString(before + "@")
		line = after
	}
}

// BlankURL is the URL of a server as it may be shown: without what identifies the
// person to it.
func BlankURL(url string) string {
	if end := strings.IndexAny(url, "?;#"); end >= 0 {
		url = url[:end]
	}
	return blankUserInfo(url)
}
