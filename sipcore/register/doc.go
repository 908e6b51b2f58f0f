// Package register keeps one binding of an address of record alive at a registrar:
// it registers, refreshes before the binding expires, tries again when the registrar
// is in trouble, and removes the binding when asked.
//
// A [Registration] and all that it holds belong to the loop of its user agent.
//
// RFC 3261 §10, RFC 5626 §4.1 for the instance id. Left out: flows (reg-id), GRUU,
// redirection to another registrar, and removing the bindings of other devices.
package register
