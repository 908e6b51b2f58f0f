// Package siptest is the other side in tests: a scripted peer at the server's end
// of an in-memory link, which a test steers line by line.
//
//	p := siptest.NewPeer(t)
//	phone := start(t, p.Dialer())
//	invite := p.Expect("INVITE")
//	p.Reply(invite, 180)
//	p.Reply(invite, 200, siptest.Body("application/sdp", answer))
//	p.Expect("ACK")
//	p.ExpectNone()
//
// It checks that what the phone sends is well-formed, sends what is malformed when
// it is told to, loses, repeats and delays messages, cuts the connection, and
// records the conversation for comparison with a golden file.
//
// Everything works in real time and in a bubble of testing/synctest alike. The
// methods are for the test's own goroutine; those that fail end the test.
package siptest
