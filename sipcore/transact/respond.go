package transact

import (
	"log/slog"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Respond answers a request without body. A response that cannot be sent is logged:
// the end of the transaction tells the rest.
func Respond(log *slog.Logger, tx sipcore.ServerTransaction, code int, reason string, headers ...sip.Header) {
	res := NewResponse(tx.Request(), code, reason)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	if err := tx.Respond(res); err != nil {
		log.Warn("response not sent", "method", tx.Request().Method, "code", code, "err", err)
	}
}
