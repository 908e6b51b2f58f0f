//go:build !js

// Package devserver is the embedded server: the page, a SIP registrar and proxy
// over WebSocket, STUN and TURN, and two services to call, in one process. It is
// there so that the phone can be tried out within five minutes and used by a small
// team; what serves more than that is Kamailio, Asterisk or FreeSWITCH with coturn.
//
// # What it serves
//
//	/               the page, as built, from Config.Page
//	/config.json    settings for this server (see settings.go)
//	/sip            SIP over WebSocket (RFC 7118)
//	TURNPort        STUN (RFC 8489) and TURN (RFC 8656), udp and tcp
//	sip:echo@…      answers, sends sound and picture back, says digits back
//	sip:music@…     answers and plays tones
//
// # Accounts
//
// Without a file the accounts are alice, bob, carol and dave, whose passwords are
// their names; that is why the server then listens on the loopback interface only,
// and answers only to host names that mean this machine, lest a page from elsewhere
// reach it by rebinding its name. An accounts file is JSON:
//
//	{
//	  "accounts": [
//	    {"name": "erin", "display_name": "Erin", "password": "correct horse"},
//	    {"name": "frank", "password": "battery staple"}
//	  ]
//	}
//
// name is the user part of the address; echo and music are taken. Passwords stand
// in the file as they are, since the registrar offers MD5 and SHA-256 and needs
// what both are made from: keep the file readable by the server alone.
//
// # The demo login
//
// `/?account=alice` logs a demo account in. The address names the account and
// never a password, and neither does any file: while the demo accounts are in use,
// hence only on loopback, config.json lists their names under `demo`, and the page
// takes the name of a listed account as its password. With an accounts file there is
// no such list, and the page asks for the password.
package devserver
