package hostapi

import (
	"encoding/json"
	"fmt"
	"strings"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
)

// callSettings are the keys of the settings that say what is done with calls by itself.
var callSettings = []string{
	"dialing.anonymous", "session.call_waiting", "session.reject_anonymous",
	"session.forward_always", "session.forward_busy", "session.forward_no_answer", "session.forward_after",
	"session.auto_answer", "session.auto_answer_delay", "session.auto_answer_video", "session.auto_answer_in_call",
	"session.trusted_callers",
}

// settingsPayload is what is in force, as texts by key; null where nothing can be set.
func (b *Bridge) settingsPayload() any {
	if b.deps.Own == nil {
		return nil
	}
	values := map[string]any{}
	for _, path := range callSettings {
		_, key, _ := strings.Cut(path, ".")
		values[key] = b.deps.Own.Text(path)
	}
	return values
}

// set sets some of callSettings, or none of them.
func (b *Bridge) set(values map[string]json.RawMessage) error {
	if b.deps.Own == nil {
		return &payloadError{"this site lets nobody set anything"}
	}
	texts := map[string]string{}
	for _, path := range callSettings {
		_, key, _ := strings.Cut(path, ".")
		raw, there := values[key]
		if !there {
			continue
		}
		delete(values, key)
		var value any
		if err := decode(raw, &value); err != nil {
			return err
		}
		switch list := value.(type) {
		case nil:
			texts[path] = ""
		case []any:
			texts[path] = strings.Trim(fmt.Sprint(list), "[]")
		default:
			texts[path] = fmt.Sprint(value)
		}
		if strings.HasPrefix(key, "forward_") && key != "forward_after" {
			if err := b.deps.Phone.CheckForward(texts[path]); err != nil {
				return err
			}
		}
	}
	for key := range values {
		return &payloadError{key + " is unknown"}
	}
	for path, problem := range b.deps.Own.Set(texts) {
		bus.Publish(b.deps.Bus, phone.Notice{Code: "error_config", Params: map[string]string{"Path": path, "Problem": problem}})
	}
	return nil
}
