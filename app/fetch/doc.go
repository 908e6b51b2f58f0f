// Package fetch asks servers of the web for small JSON files: an account for a guest, the
// settings of a domain. Whoever answers may be anybody, so what comes is bounded in size and
// time, must say that it is JSON, and must have come on a way that nobody reads or changes.
//
// No cookie and no referrer goes along, and nothing is kept by the browser.
package fetch
