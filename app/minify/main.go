//go:build !js

// Command minify takes out of the scripts and styles of a built page what only their
// authors need: comments, blanks, long names of what is local. Names that other files may
// use stay, as does the text of web/samples, which is there to be read.
//
//	minify build/site
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// loaders are the kinds of files that are minified, by the ends of their names.
var loaders = map[string]api.Loader{".js": api.LoaderJS, ".css": api.LoaderCSS}

// samples is the folder that is left alone.
const samples = "samples"

func main() {
	if len(os.Args) != 2 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: minify folder")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "minify:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == samples:
			return fs.SkipDir
		case entry.IsDir() || loaders[filepath.Ext(path)] == api.LoaderNone:
			return nil
		}
		return minifyFile(path)
	})
}

// minifyFile keeps the time of the file, by which others see whether it is a new one.
func minifyFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if text, err = minify(path, text); err != nil {
		return err
	}
	if err := os.WriteFile(path, text, info.Mode()); err != nil {
		return err
	}
	return os.Chtimes(path, info.ModTime(), info.ModTime())
}

// minify gives the short form of a script or a style. Names at the top of a script are
// kept: without a format esbuild takes it that another script may use them. No target
// either: what our authors wrote is what our browsers get.
func minify(path string, text []byte) ([]byte, error) {
	result := api.Transform(string(text), api.TransformOptions{
		Loader: loaders[filepath.Ext(path)], Sourcefile: path,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline,
	})
	var mistakes []error
	for _, m := range result.Errors {
		if m.Location == nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %s", path, m.Text))
			continue
		}
		mistakes = append(mistakes, fmt.Errorf("%s:%d:%d: %s", path, m.Location.Line, m.Location.Column+1, m.Text))
	}
	return append(copyright(text), result.Code...), errors.Join(mistakes...)
}

// copyright is the first line of a file that is somebody else's, whose licence wants it kept.
func copyright(text []byte) []byte {
	line, _, _ := strings.Cut(string(text), "\n")
	if !strings.HasPrefix(line, "// Copyright") {
		return nil
	}
	return []byte(line + "\n")
}
