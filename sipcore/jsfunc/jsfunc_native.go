//go:build !js

package jsfunc

// Live is 0: there is no JavaScript.
func Live() int { return 0 }
