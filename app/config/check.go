package config

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many bytes a text may have that goes into a SIP message.
const longest = 512

// checks are those of the tag check: each returns the text as it is to be used, or what
// is wrong with it.
var checks = map[string]func(string) (checked, problem string){
	"name":      checkName,
	"uri":       checkURI,
	"registrar": checkRegistrar,
	"language":  checkLanguage,
	"prefix":    checkPrefix,
	"header":    CheckHeader,
	"websocket": checkWebSocket,
	"recording": oneOf(RecordingOff, RecordingAllowed),
	"dialled":   checkDialled,
	"dtmf":      oneOf(DTMFAuto, DTMFSound, DTMFInfo),

	"incoming_video": oneOf(VideoAsk, VideoShow, VideoRefuse),
	"audio_codec":    oneOf("opus", "G722", "PCMU", "PCMA"),
	"video_codec":    oneOf("VP8", "VP9", "H264", "AV1"),
	"transfer":       oneOf(TransferAsk, TransferAllow, TransferRefuse),
	"auto_answer":    oneOf(AutoAnswerOff, AutoAnswerTrusted, AutoAnswerAlways),
	"stun":           checkSTUN,
	"turn":           checkTURN,
	"origin":         checkOrigin,
	"panel":          oneOf(panels...),
	"theme":          oneOf(ThemeSystem, ThemeLight, ThemeDark, ThemeContrast),
	"web":            checkWeb,
}

func checkName(s string) (checked, problem string) {
	switch {
	case len(s) > longest:
		return "", "is too long"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", "has a character in it that cannot be shown"
	}
	return strings.TrimSpace(s), ""
}

// checkURI completes `user@host` to a URI. What the parts hold the phone itself checks.
func checkURI(s string) (checked, problem string) {
	s, problem = checkName(s)
	if s == "" || problem != "" {
		return s, problem
	}
	scheme, address, found := strings.Cut(s, ":")
	if !found || strings.Contains(scheme, "@") { // user@host:port
		scheme, address = "sip", s
	}
	user, host, _ := strings.Cut(address, "@")
	scheme = strings.ToLower(scheme)
	if scheme != "sip" && scheme != "sips" || user == "" || host == "" || strings.ContainsAny(address, " \"<>") {
		return "", "must be an address like sip:bob@example.org"
	}
	return scheme + ":" + address, ""
}

func checkRegistrar(s string) (checked, problem string) {
	s, problem = checkName(s)
	if s == "" || problem != "" {
		return s, problem
	}
	scheme, host, found := strings.Cut(s, ":")
	if lower := strings.ToLower(scheme); !found || lower != "sip" && lower != "sips" {
		scheme, host = "sip", s // host, or host:port
	}
	name, params, _ := strings.Cut(host, ";")
	if !isHostPort(name) || strings.ContainsAny(params, " \"<>@/") {
		return "", "must be a server like sip:example.org"
	}
	return strings.ToLower(scheme) + ":" + host, ""
}

// checkLanguage holds to the form of a tag (BCP 47), not to the list of them.
func checkLanguage(s string) (checked, problem string) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if s == "" {
		return "", ""
	}
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 || i == 0 && len(part) < 2 || strings.ContainsFunc(part, isNotAlphanumeric) {
			return "", "must be a language like en or pt-BR"
		}
	}
	return s, ""
}

func isNotAlphanumeric(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
}

// oneOf takes one of these words, in capitals or not.
func oneOf(words ...string) func(string) (checked, problem string) {
	return func(s string) (checked, problem string) {
		if i := slices.IndexFunc(words, func(word string) bool { return strings.EqualFold(word, s) }); i >= 0 {
			return words[i], ""
		}
		last := len(words) - 1
		return "", "must be " + strings.Join(words[:last], ", ") + " or " + words[last]
	}
}

// checkDialled takes what is dialled before a number; a + in front says only that more
// follows.
func checkDialled(s string) (checked, problem string) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	if len(s) > 8 || strings.Trim(s, "0123456789*#") != "" {
		return "", "must be digits as they are dialled, like 49"
	}
	return s, ""
}

// checkPrefix gives the prefix the slash that it needs at its end.
func checkPrefix(s string) (checked, problem string) {
	if s == "" {
		return "", ""
	}
	if u, err := url.Parse(s); err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" ||
		u.RawQuery != "" || u.Fragment != "" {
		return "", "must be the address of a folder like /phone/"
	}
	if !strings.HasSuffix(s, "/") {
		s += "/"
	}
	return s, ""
}

// checkWeb takes the address of what is fetched: of this site, of this machine, or one on
// the way from which nobody reads or changes it.
func checkWeb(s string) (checked, problem string) {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	switch {
	case err == nil && u.Scheme == "" && u.Host == "":
	case err != nil, u.User != nil, u.Hostname() == "", u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())):
		return "", "must be the address of something on this site, or begin with https:"
	}
	return s, ""
}

// IsLoopback tells the names of the machine itself.
func IsLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// checkOrigin takes an origin as browsers write it (RFC 6454 §6.1), or one with any port.
func checkOrigin(s string) (checked, problem string) {
	const want = "must be an origin like https://erp.example.org"
	s = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), "/"))
	u, err := url.Parse(strings.TrimSuffix(s, ":*"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Scheme+"://"+u.Host != strings.TrimSuffix(s, ":*") ||
		strings.HasSuffix(s, ":*") && u.Port() != "" {
		return "", want
	}
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		return u.Scheme + "://" + strings.TrimSuffix(u.Host, ":"+u.Port()), ""
	}
	return s, ""
}

// ours are the header fields that the phone itself writes (RFC 3261 §20).
var ours = []string{
	"authorization", "c", "call-id", "contact", "content-length", "content-type", "cseq", "f", "from", "i", "l", "m",
	"max-forwards", "proxy-authorization", "record-route", "route", "t", "to", "v", "via",
}

// CheckHeader reads `Name: value` for a header field that somebody else than the phone
// wants in its requests. It returns it in that form, or what is wrong with it.
func CheckHeader(s string) (checked, problem string) {
	s, problem = checkName(s)
	if problem != "" {
		return "", problem
	}
	name, value, found := strings.Cut(s, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !found || name == "" || strings.ContainsFunc(name, isNoToken):
		return "", `must have the form "Name: value"`
	case slices.Contains(ours, strings.ToLower(name)):
		return "", name + " is written by the phone itself"
	}
	return name + ": " + value, ""
}

// isNoToken tells what cannot stand in the name of a header field (RFC 3261 §25.1).
func isNoToken(r rune) bool {
	return isNotAlphanumeric(r) && !strings.ContainsRune("-.!%*_+`'~", r)
}
