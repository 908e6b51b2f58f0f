package config

import (
	"net/url"
	"slices"
	"strings"
)

// address takes over what the address of the page may set: whom to dial (dial, video),
// the language (lang), an account of the embedded server (account), and who the person
// is (displayname, username, domain, authname). Whoever sends somebody a link writes
// these, so they name no server and no password; and a password in the settings is not
// for another account than the one there.
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
	if dial := get("dial", "name"); dial != "" {
		c.Dialing.AutoDial.DefaultDestination = dial
		c.Dialing.AutoDial.FromAddress = true
	}
	switch video := query.Get("video"); strings.ToLower(video) {
	case "":
	case "true", "1":
		c.Dialing.AutoDial.UseVideo = true
	case "false", "0":
		c.Dialing.AutoDial.UseVideo = false
	default:
		r.report("address: video", "must be true or false")
	}
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
