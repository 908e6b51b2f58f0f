//go:build !js

// Command size prints what the page weighs: every file of a built page as it is and
// compressed, and the sum of what a person downloads to make a call, which it holds to
// a budget: every file but the schema, the parts that are loaded when they are opened and what
// comes with no call, and of the texts the language that weighs most. Some files have a limit of their own.
//
//	size build/site
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"gocommunicator/app/site"
)

// budget is what the page may weigh in bytes, brotli-compressed.
const budget = 2_000_000

// limits are what single files may weigh, brotli-compressed: embed.js comes with every
// page of a site that has the phone in it, whether anybody calls or not.
var limits = map[string]int{"embed.js": 5_000}

// cache is where what is compressed is remembered, as by `make site`.
const cache = "build/packed"

// schema is for the editor of whoever writes a config.json. No page asks for it.
const schema = "config-schema.json"

// apart are folders of what comes with no call: what other pages load when their tag asks,
// icons of an installed page, samples.
var apart = []string{"embed", "icons", "samples"}

// desk are the parts that every page loads; the others are loaded when they are opened.
var desk = []string{"desk.js", "element.js", "hints.js", "incall.js", "notify.js"}

func main() {
	if len(os.Args) != 2 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: size folder")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "size:", err)
		os.Exit(1)
	}
}

// weight is what a file weighs in bytes.
type weight struct{ raw, gzip, brotli int }

func (w weight) plus(o weight) weight {
	return weight{w.raw + o.raw, w.gzip + o.gzip, w.brotli + o.brotli}
}

func run(dir string, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "raw\tgzip\tbrotli\t file")
	var sum, texts weight
	var heavy []error
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		w, err := weigh(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if limit := limits[name]; limit > 0 && w.brotli > limit {
			heavy = append(heavy, fmt.Errorf("%s weighs %d bytes, of at most %d", name, w.brotli, limit))
		}
		switch {
		case name == schema, slices.Contains(apart, strings.Split(name, "/")[0]), filepath.Dir(name) == "parts" && !slices.Contains(desk, filepath.Base(name)):
		case filepath.Dir(name) != "locales":
			sum = sum.plus(w)
		case w.brotli > texts.brotli:
			texts = w
		}
		_, _ = fmt.Fprintf(table, "%d\t%d\t%d\t %s\n", w.raw, w.gzip, w.brotli, name)
		return nil
	})
	if err != nil {
		return err
	}
	sum = sum.plus(texts)
	_, _ = fmt.Fprintf(table, "%d\t%d\t%d\t sum, of at most %d\n", sum.raw, sum.gzip, sum.brotli, budget)
	if err := table.Flush(); err != nil {
		return err
	}
	if sum.raw == 0 {
		return errors.New("there is no page")
	}
	if sum.brotli > budget {
		heavy = append(heavy, fmt.Errorf("the page weighs %d bytes, %d too many", sum.brotli, sum.brotli-budget))
	}
	return errors.Join(heavy...)
}

func weigh(path string) (weight, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return weight{}, err
	}
	zipped, err := site.Compressed(raw, ".gz", 0, cache)
	if err != nil {
		return weight{}, err
	}
	packed, err := site.Compressed(raw, ".br", 0, cache)
	return weight{len(raw), len(zipped), len(packed)}, err
}
