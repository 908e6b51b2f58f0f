//go:build !js

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"

	"gocommunicator/app/config"
)

// errMistakes says that settings have mistakes, which have been told.
var errMistakes = errors.New("these keys have no effect as they are")

// check tells the mistakes in a file of settings, a line each with the path of the key.
func check(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.Usage = func() {
		_, _ = fmt.Fprintln(flags.Output(), "usage: app check [FLAGS] config.json")
		flags.PrintDefaults()
	}
	address := flags.String("page", "", "address of the page, e.g. https://example.org/phone/: a server may be right for one and wrong for another")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return flag.ErrHelp
	}
	var page *url.URL
	if *address != "" {
		u, err := url.Parse(*address)
		if err != nil {
			return fmt.Errorf("-page: %w", err)
		}
		page = u
	}
	data, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return err
	}
	var mistakes []error
	layer, err := config.ParseLayer(flags.Arg(0), data)
	if err != nil {
		mistakes = []error{err}
	} else {
		_, mistakes = config.Load(page, layer)
	}
	if len(mistakes) == 0 {
		_, err := fmt.Fprintln(out, "no mistakes")
		return err
	}
	for _, mistake := range mistakes {
		if _, err := fmt.Fprintln(out, mistake); err != nil {
			return err
		}
	}
	return errMistakes
}
