// Package auth is digest authentication for SIP, both sides of it: a [Client] answers
// the challenges of registrars and proxies, a [Verifier] makes them and checks the
// answers.
//
// It does MD5, SHA-256 and SHA-512-256 with their -sess forms and the qualities of
// protection auth, auth-int and none. A Client belongs to the loop of its user agent
// and keeps the nonces it was given; a Verifier may be used from any goroutine.
//
// RFC 3261 §22, RFC 7616, RFC 8760, RFC 2617 and RFC 2069 for servers of that age.
// Left out: userhash, username*, the server's proof of itself (rspauth) and schemes
// other than Digest.
package auth
