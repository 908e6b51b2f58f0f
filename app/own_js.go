package main

import (
	"encoding/json"
	"errors"
	"net/url"
	"syscall/js"

	"gocommunicator/app/config"
)

// ownKey is where the browser keeps what the person has set. No password is among it.
const ownKey = "gocommunicator.settings"

// ownSettings is what the person has set over the site's settings.
type ownSettings struct {
	page  *url.URL
	site  []config.Layer
	set   config.Layer
	cfg   config.Config // in force
	apply func(config.Config)
	// unwelcome says that a page holds this one which may not.
	unwelcome bool
}

// recall reads what was set at an earlier visit.
func (o *ownSettings) recall() []error {
	if text := js.Global().Get("localStorage").Call("getItem", ownKey); text.Type() == js.TypeString {
		o.set, _ = config.ParseLayer(ownKey, []byte(text.String())) // what is spoilt is as good as nothing
	}
	var errs []error
	o.cfg, errs = config.LoadOwn(o.page, o.set, o.site...)
	return errs
}

// Text is the value in force.
func (o *ownSettings) Text(path string) string { return o.cfg.Text(path) }

// Changed tells whether anything is not as the site has it.
func (o *ownSettings) Changed() bool { return len(o.set) > 0 }

// Set takes the person's values, or says what is wrong with them.
func (o *ownSettings) Set(texts map[string]string) map[string]string {
	set, cfg, wrong := config.SetOwn(o.page, o.set, texts, o.site...)
	problems := map[string]string{}
	for _, err := range wrong {
		var mistake *config.ConfigError
		if errors.As(err, &mistake) {
			problems[mistake.Path] = mistake.Problem
		}
	}
	if len(wrong) == 0 {
		o.keep(set, cfg)
	}
	return problems
}

// Reset makes everything as the site has it.
func (o *ownSettings) Reset() {
	cfg, _ := config.LoadOwn(o.page, nil, o.site...)
	o.keep(nil, cfg)
}

func (o *ownSettings) keep(set config.Layer, cfg config.Config) {
	o.set, o.cfg = set, cfg
	if text, err := json.Marshal(set); err == nil {
		remember(js.Global().Get("localStorage"), ownKey, string(text))
	}
	o.apply(cfg)
}
