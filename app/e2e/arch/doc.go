// Package arch holds the tests of how the project's packages depend on one another
// and of what may not be in the program that runs in the page.
package arch
