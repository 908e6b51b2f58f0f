package config

import (
	"net/url"
	"reflect"
	"time"
)

// Enrolment is an account that a server has made for a guest, as its answer has it. It may
// have more keys, which are passed over.
type Enrolment struct {
	URI      string        `json:"uri" check:"uri"`        // never empty
	AuthUser string        `json:"auth_user" check:"name"` // see Name
	Password Secret        `json:"password"`
	Servers  []Server      `json:"servers"`                                 // empty: those of the settings
	Expires  time.Duration `json:"expires" unit:"s" min:"0" max:"31536000"` // 0: not known
}

// Name is the name for authentication.
func (e Enrolment) Name() string { return User{SIPAuthUser: e.AuthUser}.AuthUser(e.URI) }

// ParseEnrolment reads the answer to a page of that address, nil outside a browser. The error
// is a *ConfigError.
func ParseEnrolment(page *url.URL, data []byte) (e Enrolment, err error) {
	const name = "enrolment"
	layer, err := ParseLayer(name, data)
	if err != nil {
		return e, err
	}
	r := &reader{}
	r.group(name, layer, reflect.ValueOf(&e).Elem())
	if page != nil {
		ws := WebSocket{Servers: e.Servers}
		r.resolve(&ws, page)
		e.Servers = ws.Servers
	}
	if e.URI == "" {
		r.report(name+".uri", "is missing")
	}
	return e, r.wrong()
}
