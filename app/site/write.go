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

// compressors are looked for by servers as files of these names.
var compressors = []struct {
	suffix string
	pack   func(data []byte, quality int) ([]byte, error)
}{
	{".br", packBrotli},
	{".gz", packGzip},
}

// write writes a file and, beside it, what it is compressed, if that is smaller.
func (w *writer) write(name string, data []byte) {
	if w.err == nil {
		w.err = w.ctx.Err()
	}
	file := filepath.Join(w.cfg.Dist, filepath.FromSlash(name))
	w.put(file, data)
	w.bytes += int64(len(data))
	for _, c := range compressors {
		if w.err != nil {
			return
		}
		if !compressible[path.Ext(name)] {
			continue
		}
		packed, err := w.remembered(c.suffix, data, c.pack)
		switch {
		case err != nil:
			w.err = fmt.Errorf("%s%s: %w", name, c.suffix, err)
		case len(packed) < len(data):
			w.put(file+c.suffix, packed)
		default:
			if err := os.Remove(file + c.suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				w.err = err
			}
		}
	}
}

// put makes the file appear as a whole. One that is the same already stays.
func (w *writer) put(file string, data []byte) {
	if w.err != nil {
		return
	}
	if was, err := os.ReadFile(filepath.Clean(file)); err == nil && bytes.Equal(was, data) {
		return
	}
	if w.err = os.MkdirAll(filepath.Dir(file), 0o755); w.err != nil { //nolint:gosec // for everybody to see
		return
	}
	half := file + ".new"
	if w.err = os.WriteFile(half, data, 0o644); w.err == nil { //nolint:gosec // for everybody to see
		w.err = os.Rename(half, file)
	}
}

// remembered compresses, unless that has been done before: the program takes a minute.
func (w *writer) remembered(suffix string, data []byte, pack func([]byte, int) ([]byte, error)) ([]byte, error) {
	quality := w.cfg.Quality
	if quality == 0 {
		quality = brotli.BestCompression
	}
	sum := sha256.Sum256(data)
	file := filepath.Join(w.cfg.Cache, fmt.Sprintf("%s-%d%s", hex.EncodeToString(sum[:16]), quality, suffix))
	if w.cfg.Cache != "" {
		if packed, err := os.ReadFile(filepath.Clean(file)); err == nil {
			return packed, nil
		}
	}
	packed, err := pack(data, quality)
	if err == nil && w.cfg.Cache != "" {
		w.put(file, packed)
	}
	return packed, err
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
