//go:build !js

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"gocommunicator/app/site"
)

// writeSite writes the built page as a static host serves it.
func writeSite(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("site", flag.ContinueOnError)
	page := flags.String("page", "build/site", "folder of the built page")
	sample := flags.String("sample", "config-sample.json", "settings to go with it as an example")
	var cfg site.Config
	flags.StringVar(&cfg.Dist, "dist", "", "folder to write to")
	flags.StringVar(&cfg.Base, "base", "", "path that the site will have, such as /phone/ (default: any)")
	flags.StringVar(&cfg.Place, "place", "", "folder as the web server will know it (default that of -dist)")
	flags.IntVar(&cfg.Quality, "quality", 0, "how hard brotli tries, 1 to 11 (default 11)")
	flags.StringVar(&cfg.Cache, "cache", "", "folder where compressed files are remembered")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg.Page = os.DirFS(*page)
	var err error
	if cfg.Sample, err = os.ReadFile(*sample); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	result, err := site.Write(ctx, cfg)
	if err != nil {
		return err
	}
	for _, version := range result.Removed {
		if _, err := fmt.Fprintln(out, "removed version", version); err != nil {
			return err
		}
	}
	for _, note := range result.Notes {
		if _, err := fmt.Fprintln(out, "note:", note); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "version %s is in %s: %d files, %.1f MB before compression\n", result.Version, cfg.Dist, result.Files, float64(result.Bytes)/1e6)
	return err
}
