package phone

import (
	"errors"

	"gocommunicator/app/store"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

var (
	// ErrNotLoggedIn says that the command needs an account.
	ErrNotLoggedIn = errors.New("nobody is logged in")
	// ErrNoCall says that there is no call of that id, or none at all.
	ErrNoCall = errors.New("there is no such call")
	// ErrWhichCall says that a command without id found more than one call that it
	// could mean.
	ErrWhichCall = errors.New("there is more than one call")
	// ErrBusy says that no further call can be made before one has ended, or been answered.
	ErrBusy = errors.New("there is a call already")
	// ErrNoServer says that the settings name no server.
	ErrNoServer = errors.New("no server to connect to")
	// ErrForwardSelf says that calls cannot be forwarded to the address they come to.
	ErrForwardSelf = errors.New("calls cannot be forwarded to the own address")
	// ErrMessageSize says that a message is empty or too long to be sent.
	ErrMessageSize = errors.New("the message is empty or too long")
)

// addressCodes are the texts for what is wrong with an address.
var addressCodes = map[sipcore.AddressReason]string{
	sipcore.AddressEmpty:     "error_address_empty",
	sipcore.AddressTooLong:   "error_address_too_long",
	sipcore.AddressBadChar:   "error_address_character",
	sipcore.AddressBadScheme: "error_address_scheme",
	sipcore.AddressNoDomain:  "error_address_no_domain",
	sipcore.AddressBadDomain: "error_address_domain",
	sipcore.AddressBadPort:   "error_address_port",
	sipcore.AddressBadForm:   "error_address_form",
}

// deviceCodes are the ends of the texts for what is wrong with a device.
var deviceCodes = map[media.Reason]string{
	media.NotAllowed:  "_blocked",
	media.NotFound:    "_missing",
	media.NotReadable: "_busy",
	media.Timeout:     "_timeout",
}

// storageCodes are the texts for why nothing is remembered.
var storageCodes = map[store.Reason]string{
	store.Forbidden: "error_storage",
	store.Full:      "error_storage_full",
	store.Version:   "error_storage_version",
}

// Explain says what the person is to be told of an error of a command or a call.
func Explain(err error) Notice {
	var (
		address *sipcore.AddressError
		device  *media.MediaError
		storage *store.StorageError
	)
	switch {
	case errors.As(err, &address):
		return Notice{Code: addressCodes[address.Reason], Params: map[string]string{"Address": address.Input}}
	case errors.As(err, &device):
		return Notice{Code: deviceCode(device)}
	case errors.As(err, &storage):
		return Notice{Code: storageCodes[storage.Reason]}
	case errors.Is(err, ErrNoGuests):
		return Notice{Code: "error_guest_off"}
	case errors.Is(err, ErrNoAccount):
		return Notice{Code: "error_guest_account"}
	case errors.Is(err, ErrNotLoggedIn):
		return Notice{Code: "error_not_logged_in"}
	case errors.Is(err, ErrNoCall):
		return Notice{Code: "error_no_call"}
	case errors.Is(err, ErrWhichCall):
		return Notice{Code: "error_which_call"}
	case errors.Is(err, ErrBusy):
		return Notice{Code: "error_busy"}
	case errors.Is(err, ErrRecordingOff):
		return Notice{Code: "error_recording_off"}
	case errors.Is(err, ErrJoin):
		return Notice{Code: "error_join"}
	case errors.Is(err, ErrNoConference):
		return Notice{Code: "error_no_conference"}
	case errors.Is(err, ErrNoDevice):
		return Notice{Code: "error_no_device"}
	case errors.Is(err, ErrPushToTalk):
		return Notice{Code: "error_push_to_talk"}
	case errors.Is(err, ErrNoPushToTalk):
		return Notice{Code: "error_push_to_talk_off"}
	case errors.Is(err, ErrNoServer):
		return Notice{Code: "error_config_server"}
	case errors.Is(err, ErrChatDisabled):
		return Notice{Code: "error_chat_disabled"}
	case errors.Is(err, ErrForwardSelf):
		return Notice{Code: "error_forward_self"}
	case errors.Is(err, ErrContactAddress):
		return Notice{Code: "error_contact_address"}
	case errors.Is(err, ErrMessageSize):
		return Notice{Code: "error_message_size"}
	case errors.Is(err, sipcore.ErrDigits):
		return Notice{Code: "error_digits"}
	case errors.Is(err, ErrDigitRefused):
		return Notice{Code: "error_digits_refused"}
	case errors.Is(err, session.ErrTarget):
		return Notice{Code: "error_transfer_target"}
	case errors.Is(err, session.ErrState):
		return Notice{Code: "error_call_state"}
	case errors.Is(err, media.ErrNoRelay):
		return Notice{Code: "error_relay_missing"}
	case errors.Is(err, session.ErrBadDescription):
		return Notice{Code: "error_description"}
	case errors.Is(err, session.ErrMediaFailed):
		return Notice{Code: "error_media_failed"}
	case errors.Is(err, sipcore.ErrLinkDown):
		return Notice{Code: "error_link_down"}
	default:
		return Notice{Code: "error_internal"}
	}
}

func deviceCode(e *media.MediaError) string {
	switch {
	case e.Reason == media.InsecureContext:
		return "error_insecure_context"
	case e.Reason == media.Unsupported && e.Kind == media.Screen:
		return "error_screen_unsupported"
	case e.Reason == media.Unsupported:
		return "error_webrtc_unavailable"
	}
	if e.Kind == media.Screen {
		return "error_screen_failed"
	}
	device := "error_microphone"
	if e.Kind == media.Video {
		device = "error_camera"
	}
	if end, ok := deviceCodes[e.Reason]; ok {
		return device + end
	}
	return device + "_failed"
}

// unproven tells what was refused because who asks has not proved who it is, by a registrar
// or UAS (RFC 3261 §21.4.2) or by a proxy (§21.4.8).
func unproven(c *Cause) bool { return c != nil && (c.Code == 401 || c.Code == 407) }

// Explain says what the person is told of a registration that failed.
func (r Registration) Explain() Notice {
	if r.Cause == nil {
		return Notice{Code: "error_registration_failed"}
	}
	switch code := r.Cause.Code; {
	case unproven(r.Cause):
		return Notice{Code: "error_registration_password"}
	case code == 403:
		return Notice{Code: "error_registration_forbidden"}
	case code == 404:
		return Notice{Code: "error_registration_not_found"}
	case code == 408:
		return Notice{Code: "error_registration_timeout"}
	case code >= 500 && code < 600:
		return Notice{Code: "error_registration_unavailable"}
	default:
		return Notice{Code: "error_registration_failed"}
	}
}
