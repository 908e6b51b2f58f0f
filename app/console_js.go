package main

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"syscall/js"
)

// console is a slog.Handler that writes to the browser's console, each level by its own
// function, so that the console can filter. What the toolchain's loader makes of
// stderr takes a round trip through an emulated file for each line.
type console struct {
	slog.Handler
	out *consoleLine
}

// consoleLine takes a formatted line at a time.
type consoleLine struct {
	sync.Mutex
	bytes.Buffer
}

func newConsole(level slog.Leveler) *console {
	out := &consoleLine{}
	return &console{out: out, Handler: slog.NewTextHandler(out, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
				return slog.Attr{} // the console has both
			}
			return a
		},
	})}
}

// Handle writes a record.
func (c *console) Handle(ctx context.Context, r slog.Record) error {
	line, err := c.line(ctx, r)
	if err != nil {
		return err
	}
	js.Global().Get("console").Call(consoleFunction(r.Level), line)
	return nil
}

func (c *console) line(ctx context.Context, r slog.Record) (string, error) {
	c.out.Lock()
	defer c.out.Unlock()
	c.out.Reset()
	err := c.Handler.Handle(ctx, r)
	return string(bytes.TrimSpace(c.out.Bytes())), err
}

// WithAttrs keeps the console below.
func (c *console) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &console{Handler: c.Handler.WithAttrs(attrs), out: c.out}
}

// WithGroup keeps the console below.
func (c *console) WithGroup(name string) slog.Handler {
	return &console{Handler: c.Handler.WithGroup(name), out: c.out}
}

func consoleFunction(level slog.Level) string {
	switch {
	case level < slog.LevelInfo:
		return "debug"
	case level < slog.LevelWarn:
		return "info"
	case level < slog.LevelError:
		return "warn"
	default:
		return "error"
	}
}
