// Package promise waits for the browser. Promises are awaited with a context, since
// some never settle, and exceptions become errors. It exists only in the page.
package promise
