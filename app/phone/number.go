package phone

import (
	"net/url"
	"strings"

	"gocommunicator/sipcore"
)

// numbering is how telephone numbers are dialled, by the settings.
func (p *Phone) numbering() sipcore.Numbering {
	d := p.settings().Dialing
	return sipcore.Numbering{
		Country: d.CountryCode, International: d.InternationalPrefix, National: d.NationalPrefix,
		Outside: d.OutsideLine, Internal: d.InternalDigits, Untouched: d.EmergencyNumbers,
	}
}

// address reads whom a person means. A number that is dialled in another way than it was
// written is called what was written. The error is an *sipcore.AddressError.
func (p *Phone) address(typed string) (sipcore.Address, error) {
	domain := p.domain()
	switch domain {
	case "":
		domain = "example.invalid" // of whoever logs in
	case anonymous:
		domain = p.settings().Guest.Domain
	}
	asWritten, err := sipcore.ParseAddress(typed, domain)
	dialled := p.numbering().Dial(typed)
	if dialled == typed {
		return asWritten, err
	}
	a, err := sipcore.ParseAddress(dialled, domain)
	if err == nil && a.Name == "" && a.URI.User != asWritten.URI.User {
		a.Name = strings.TrimSpace(typed)
		if number, isURI := strings.CutPrefix(a.Name, "tel:"); isURI {
			number, _, _ = strings.Cut(number, ";")
			a.Name, _ = url.PathUnescape(number) // Dial has read it
		}
	}
	return a, err
}
