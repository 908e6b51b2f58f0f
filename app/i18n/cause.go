package i18n

// CauseKey returns the key of the text that says how a call ended, for the SIP status
// code of its end (RFC 3261 §21; 0 for an ordinary end). Most of these texts have the
// peer's Name in them.
func CauseKey(code int) string {
	switch code {
	case 0, 200:
		return "cause_ended"
	case 401, 407:
		return "cause_credentials"
	case 403:
		return "cause_forbidden"
	case 404, 410, 484, 604:
		return "cause_not_found"
	case 408:
		return "cause_no_answer"
	case 480:
		return "cause_unavailable"
	case 415, 488, 606:
		return "cause_incompatible"
	case 433:
		return "cause_anonymous"
	case 486, 600:
		return "cause_busy"
	case 487:
		return "cause_cancelled"
	case 502, 503, 504:
		return "cause_not_reachable"
	case 603, 607, 608:
		return "cause_declined"
	}
	if code >= 500 && code < 600 {
		return "cause_server_error"
	}
	return "cause_failed"
}
