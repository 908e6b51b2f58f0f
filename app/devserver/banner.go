//go:build !js

package devserver

import (
	"fmt"
	"io"
	"strings"
)

// Banner writes for the person who started the server where it is, whom they can be,
// and what it is not. It is for a server that has started.
func (s *Server) Banner(w io.Writer) error {
	c := s.settings
	var b strings.Builder
	line := func(what, value string) { fmt.Fprintf(&b, "  %-10s %s\n", what, value) }
	b.WriteString("GoCommunicator is ready.\n\n")
	if c.Page != nil {
		line("page", s.URL())
	}
	line("SIP", "ws://"+s.Addr()+"/sip, domain "+c.Domain)
	if s.turn != nil {
		line("TURN", s.TURNAddr()+", udp and tcp")
	}
	if !c.NoServices {
		line("to call", fmt.Sprintf("sip:%s@%s (sends back what it hears and sees), sip:%s@%s (plays tones)",
			echoName, c.Domain, musicName, c.Domain))
	}
	if c.demo {
		var names []string
		for _, a := range c.accounts {
			names = append(names, a.Name)
		}
		line("accounts", strings.Join(names, ", ")+" (the password is the name)")
		if c.Page != nil {
			fmt.Fprintf(&b, "\nOpen these in two tabs and call each other:\n")
			for _, name := range names[:2] {
				fmt.Fprintf(&b, "  %s?account=%s\n", s.URL(), name)
			}
		}
	} else {
		line("accounts", fmt.Sprintf("%d from %s", len(c.accounts), c.AccountsFile))
	}
	b.WriteString("\nThis server is for trying out and for small teams. For more, put the page on any web\n" +
		"server and let it talk to Kamailio, Asterisk or FreeSWITCH, with coturn for TURN.\n")
	_, err := io.WriteString(w, b.String())
	return err
}
