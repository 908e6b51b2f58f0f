//go:build !js

package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/andybalholm/brotli"
)

// writer writes files until the first error, which stays.
type writer struct {
	ctx   context.Context //nolint:containedctx // it lives as long as one call
	cfg   Config
	bytes int64
	err   error
}

// compressible are the kinds of files that get smaller.
var compressible = map[string]bool{
	".html": true, ".js": true, ".css": true, ".json": true, ".svg": true, ".wasm": true, ".webmanifest": true, ".ts": true,
}

// suffixes are what servers look for beside a file.
var suffixes = []string{".br", ".gz"}

// write writes a file and, beside it, what it is compressed, if that is smaller.
func (w *writer) write(name string, data []byte) {
	if w.err == nil {
		w.err = w.ctx.Err()
	}
	file := filepath.Join(w.cfg.Dist, filepath.FromSlash(name))
	w.put(file, data)
	w.bytes += int64(len(data))
	if !compressible[path.Ext(name)] {
		return
	}
	for _, suffix := range suffixes {
		if w.err != nil {
			return
		}
		packed, err := Compressed(data, suffix, w.cfg.Quality, w.cfg.Cache)
		switch {
		case err != nil:
			w.err = fmt.Errorf("%s%s: %w", name, suffix, err)
		case len(packed) < len(data):
			w.put(file+suffix, packed)
		default:
			if err := os.Remove(file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				w.err = err
			}
		}
	}
}

// put writes a file unless there has been an error.
func (w *writer) put(file string, data []byte) {
	if w.err == nil {
		w.err = put(file, data)
	}
}

// put makes a file appear as a whole. One that is the same already stays.
func put(file string, data []byte) error {
	if was, err := os.ReadFile(filepath.Clean(file)); err == nil && bytes.Equal(was, data) {
		return nil
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // for everybody to see
		return err
	}
	half, err := os.CreateTemp(dir, ".new-*") // several may write at once
	if err != nil {
		return err
	}
	_, err = half.Write(data)
	err = errors.Join(err, half.Chmod(0o644), half.Close())
	if err == nil {
		err = os.Rename(half.Name(), file)
	}
	if err != nil {
		_ = os.Remove(half.Name()) // the error says more
	}
	return err
}

// unused is how long something compressed is remembered after it was of use.
const unused = 7 * 24 * time.Hour

// Compressed gives what data is compressed for a file of that suffix, .br or .gz: by brotli
// of that quality, 1 to 11 and 0 for the best, or likewise gzip. It is remembered in the
// folder, if one is named: the program takes most of a minute.
func Compressed(data []byte, suffix string, quality int, cache string) ([]byte, error) {
	if quality == 0 {
		quality = brotli.BestCompression
	}
	pack := packGzip
	if suffix == ".br" {
		pack = packBrotli
	}
	if cache == "" {
		return pack(data, quality)
	}
	now := time.Now()
	sum := sha256.Sum256(data)
	file := filepath.Join(cache, fmt.Sprintf("%s-%d%s", hex.EncodeToString(sum[:16]), quality, suffix))
	if packed, err := os.ReadFile(filepath.Clean(file)); err == nil {
		return packed, os.Chtimes(file, now, now)
	}
	packed, err := pack(data, quality)
	if err != nil {
		return nil, err
	}
	entries, _ := os.ReadDir(cache) // it may not be there yet
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > unused {
			_ = os.Remove(filepath.Join(cache, entry.Name())) // or another time
		}
	}
	return packed, put(file, packed)
}

func packBrotli(data []byte, quality int) ([]byte, error) {
	var packed bytes.Buffer
	w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: quality, LGWin: 24})
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return packed.Bytes(), err
}

func packGzip(data []byte, quality int) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, min(quality, gzip.BestCompression))
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}
