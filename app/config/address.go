package config

import (
	"net/url"
	"slices"
	"strings"
)

// address takes over what the address of the page may set: whom to dial (dial, video), the
// language (lang), that there is only the button of the settings (button), an account of the
// embedded server (account), and, under the names of the sip-js phone, who the person is
// (displayname, username, domain, authname) and whom to dial (target_scheme, target_value,
// has_video). Whoever sends somebody a link writes these, so they name no server, no password
// and nothing of how the phone works; and a password in the settings is not for another
// account than the one there.
func (r *reader) address(c *Config, query url.Values) {
	get := func(name, check string) string {
		value, problem := checks[check](query.Get(name))
		if problem != "" {
			r.report("address: "+name, "%s", problem)
		}
		return value
	}
	if account := get("account", "name"); account != "" {
		r.demoAccount(c, account)
	}
	r.identity(&c.User, get("username", "name"), get("domain", "name"), get("authname", "name"))
	if name := get("displayname", "name"); name != "" {
		c.User.DisplayName = name
	}
	if lang := get("lang", "language"); lang != "" {
		c.I18N.DefaultLang = lang
	}
	dial := get("dial", "name")
	if dial == "" {
		dial = r.target(get("target_scheme", "name"), get("target_value", "name"))
	}
	if dial != "" {
		c.Dialing.AutoDial.DefaultDestination = dial
		c.Dialing.AutoDial.FromAddress = true
	}
	switch {
	case !query.Has("button"):
	case c.Button.To == "":
		r.report("address: button", "needs button.to in the settings")
	default:
		c.Button.Shown = true
	}
	for _, name := range []string{"has_video", "video"} {
		switch strings.ToLower(query.Get(name)) {
		case "":
		case "true", "1":
			c.Dialing.AutoDial.UseVideo = true
		case "false", "0":
			c.Dialing.AutoDial.UseVideo = false
		default:
			r.report("address: "+name, "must be true or false")
		}
	}
}

// target makes a URI of its parts.
func (r *reader) target(scheme, value string) string {
	scheme = strings.ToLower(scheme)
	switch {
	case scheme == "" || value == "" || strings.HasPrefix(strings.ToLower(value), scheme+":"):
		return value
	case scheme != "sip" && scheme != "sips" && scheme != "tel" && scheme != "urn":
		r.report("address: target_scheme", "must be sip, sips, tel or urn")
		return ""
	}
	return scheme + ":" + value
}

// WithoutPassword takes what is named password out of the query of an address, in which
// it must not stand: addresses are logged, remembered and passed on. The rest stays as
// it is.
func WithoutPassword(query string) (rest string, found bool) {
	var kept []string
	for parameter := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if plain, err := url.QueryUnescape(name); err == nil && strings.EqualFold(plain, "password") {
			found = true
			continue
		}
		kept = append(kept, parameter)
	}
	return strings.Join(kept, "&"), found
}

// demoAccount logs in an account of the embedded server, whose password is its name.
func (r *reader) demoAccount(c *Config, account string) {
	if !slices.Contains(c.Demo.Accounts, account) || c.Demo.Domain == "" {
		r.report("address: account", "is no account for trying out on this server")
		return
	}
	c.User.URI = "sip:" + account + "@" + c.Demo.Domain
	c.User.SIPAuthUser = account
	c.User.SIPAuthPassword = new(Secret(account))
}

// identity changes who the person is, as far as it is given.
func (r *reader) identity(u *User, username, domain, authname string) {
	if username == "" && domain == "" && authname == "" {
		return
	}
	before := *u
	scheme, rest, _ := strings.Cut(u.URI, ":")
	user, host, _ := strings.Cut(rest, "@")
	if scheme == "" {
		scheme = "sip"
	}
	if username != "" {
		user = username
	}
	if domain != "" {
		host = domain
	}
	if username != "" || domain != "" {
		uri, problem := checkURI(scheme + ":" + user + "@" + host)
		if problem != "" {
			r.report("address: username, domain", "%s", problem)
			return
		}
		u.URI = uri
	}
	if u.URI != before.URI {
		u.SIPAuthUser = ""
	}
	if authname != "" {
		u.SIPAuthUser = authname
	}
	if u.URI != before.URI || u.AuthUser(u.URI) != before.AuthUser(before.URI) {
		u.SIPAuthPassword = nil
	}
}
