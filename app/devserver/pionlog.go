//go:build !js

package devserver

import (
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLog has pion's TURN server write to slog. Its errors are faults of clients,
// so they are warnings here; what it calls information is for debugging.
type pionLog struct{ log *slog.Logger }

// NewLogger implements logging.LoggerFactory.
func (l pionLog) NewLogger(scope string) logging.LeveledLogger {
	return pionLog{l.log.With("scope", scope)}
}

func (pionLog) Trace(string)          {}
func (pionLog) Tracef(string, ...any) {}

func (l pionLog) Debug(msg string)               { l.log.Debug(msg) }
func (l pionLog) Debugf(format string, a ...any) { l.log.Debug(fmt.Sprintf(format, a...)) }
func (l pionLog) Info(msg string)                { l.log.Debug(msg) }
func (l pionLog) Infof(format string, a ...any)  { l.log.Debug(fmt.Sprintf(format, a...)) }
func (l pionLog) Warn(msg string)                { l.log.Warn(msg) }
func (l pionLog) Warnf(format string, a ...any)  { l.log.Warn(fmt.Sprintf(format, a...)) }
func (l pionLog) Error(msg string)               { l.log.Warn(msg) }
func (l pionLog) Errorf(format string, a ...any) { l.log.Warn(fmt.Sprintf(format, a...)) }
