//go:build !js

package media

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// loggers lets pion write to slog. Its errors are mostly about the network and its
// warnings about the other side: none is a fault of ours, so all come one level lower.
type loggers struct{ log *slog.Logger }

// NewLogger is pion's.
func (l loggers) NewLogger(scope string) logging.LeveledLogger {
	return logger{l.log.With("scope", scope)}
}

type logger struct{ log *slog.Logger }

func (l logger) say(level slog.Level, format string, args ...any) {
	if l.log.Enabled(context.Background(), level) {
		l.log.Log(context.Background(), level, fmt.Sprintf(format, args...))
	}
}

func (l logger) Trace(string)                 {}
func (l logger) Tracef(string, ...any)        {}
func (l logger) Debug(string)                 {}
func (l logger) Debugf(string, ...any)        {}
func (l logger) Info(msg string)              { l.say(slog.LevelDebug, "%s", msg) }
func (l logger) Infof(f string, args ...any)  { l.say(slog.LevelDebug, f, args...) }
func (l logger) Warn(msg string)              { l.say(slog.LevelDebug, "%s", msg) }
func (l logger) Warnf(f string, args ...any)  { l.say(slog.LevelDebug, f, args...) }
func (l logger) Error(msg string)             { l.say(slog.LevelInfo, "%s", msg) }
func (l logger) Errorf(f string, args ...any) { l.say(slog.LevelInfo, f, args...) }
