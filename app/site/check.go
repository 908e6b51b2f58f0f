//go:build !js

package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
)

// basePath is what a path may be made of.
var basePath = regexp.MustCompile(`^/([A-Za-z0-9._~%@+-]+/)*$`)

// checkBase says what is wrong with the path of a site.
func checkBase(base string) error {
	if base == "" || basePath.MatchString(base) && path.Clean(base)+"/" == base || base == "/" {
		return nil
	}
	return fmt.Errorf("BASE=%s is no path of a site: it is what stands behind the host in its address, with a slash before and behind, such as /phone/", base)
}

// mark is in every page of ours.
const mark = "GoCommunicator"

// checkDist says why a folder is not for a site.
func checkDist(dist string) error {
	if dist == "" {
		return errors.New("DIST says no folder: name the one to write to, such as DIST=/var/www/phone")
	}
	info, err := os.Stat(dist)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("DIST=%s: %w", dist, err)
	case !info.IsDir():
		return fmt.Errorf("DIST=%s is a file: name a folder", dist)
	}
	// Whatever is in the folder may be served beside the phone, but not be overwritten.
	page, err := os.ReadFile(filepath.Clean(filepath.Join(dist, "index.html")))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("DIST=%s: %w", dist, err)
	case !bytes.Contains(page, []byte(mark)):
		return fmt.Errorf("DIST=%s has another page (index.html), which would be lost: name a folder of its own", dist)
	}
	if _, err := os.Stat(filepath.Join(dist, "app.wasm")); err == nil {
		return fmt.Errorf("DIST=%s is where a page was built, or written by an older version: name another folder, or empty it but for config.json", dist)
	}
	return nil
}
