package config

import (
	"net/url"
	"reflect"
)

// Domain is what a domain says of its phones in /.well-known/gocommunicator.json: some of the
// keys of config.json, under their names. It may have more, which are passed over.
type Domain struct {
	WebSocket struct {
		Servers []Server `json:"servers"`
	} `json:"websocket"`
	STUNServers  []STUNServer `json:"stun_servers"`
	TURNServers  []TURNServer `json:"turn_servers"`
	Registration struct {
		Server string `json:"server" check:"registrar"`
	} `json:"registration"`
	User struct {
		SIPAuthUserFullURI bool `json:"sip_auth_user_full_uri"`
	} `json:"user"`
	Guest Guest `json:"guest"`
}

// ParseDomain reads what was found at an address, which relative ones in it are of. The
// error is a *ConfigError: what is wrong in one place is not believed in others. The servers
// are such that nobody on the way can listen.
func ParseDomain(from *url.URL, data []byte) (d Domain, err error) {
	layer, err := ParseLayer(from.Host, data)
	if err != nil {
		return d, err
	}
	r := &reader{}
	r.group(from.Host, layer, reflect.ValueOf(&d).Elem())
	ws := WebSocket{Servers: d.WebSocket.Servers}
	r.resolve(&ws, from)
	d.WebSocket.Servers = ws.Servers
	for _, s := range ws.Servers {
		if u, err := url.Parse(s.URL); err != nil || u.Scheme != "wss" && !IsLoopback(u.Hostname()) {
			r.report(from.Host+".websocket.servers", "%s must begin with wss:", s.URL)
		}
	}
	if enrol := d.Guest.EnrolURL; enrol != "" {
		if u, err := from.Parse(enrol); err == nil {
			d.Guest.EnrolURL = u.String()
		}
	}
	if err := r.wrong(); err != nil {
		return Domain{}, err
	}
	return d, nil
}

// Over gives settings with those of the domain, as far as the site says nothing.
func (d Domain) Over(c Config) Config {
	if len(c.WebSocket.Servers) > 0 || len(d.WebSocket.Servers) == 0 {
		return c
	}
	c.WebSocket.Servers = d.WebSocket.Servers
	c.Registration.Server = d.Registration.Server
	c.User.SIPAuthUserFullURI = d.User.SIPAuthUserFullURI
	if len(c.STUNServers)+len(c.TURNServers) == 0 {
		c.STUNServers, c.TURNServers = d.STUNServers, d.TURNServers
	}
	if c.Guest == (Guest{}) {
		c.Guest = d.Guest
	}
	return c
}
