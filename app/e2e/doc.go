// Package e2e holds the tests that run whole: phones in real browsers, calling
// through real servers, with sound and picture measured at both ends.
//
// What they are built of lives in the packages below: browser (Chromium and
// Firefox, and what is measured in a page), server (Kamailio, coturn), peers (pages
// with SIP clients of others), sandbox (a network and a process space of their own)
// and wasmtest (a runner for tests compiled to js/wasm).
//
// A test whose browser, server or page is missing is skipped with the reason, unless
// E2E_REQUIRED is set, as `make test` does: then it fails.
package e2e
