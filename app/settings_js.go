package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"syscall/js"
	"time"

	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/promise"
)

// fetchTimeout is how long the page's own server may take for a small file.
const fetchTimeout = 10 * time.Second

// errNoFile says that the page's server does not have a file.
var errNoFile = errors.New("no such file")

// readSettings reads config.json, window.JSCommSettings, the tag of a page that holds this
// one, and what the person has set, and gives what is good in them, with a notice for each
// mistake.
func readSettings(ctx context.Context) (*ownSettings, []phone.Notice) {
	var layers []config.Layer
	var errs []error
	add := func(name string, data []byte) {
		layer, err := config.ParseLayer(name, data)
		if err != nil {
			errs = append(errs, err)
		}
		layers = append(layers, layer)
	}
	data, err := fetch(ctx, "config.json")
	page := js.Global().Get("JSCommSettings")
	switch {
	case err == nil:
		add("config.json", data)
	case page.Type() != js.TypeObject:
		errs = append(errs, err)
	}
	if page.Type() == js.TypeObject {
		text, err := promise.Try(func() js.Value { return js.Global().Get("JSON").Call("stringify", page) })
		if err != nil {
			errs = append(errs, &config.ConfigError{Path: "JSCommSettings", Problem: "cannot be read: " + err.Error()})
		} else {
			add("JSCommSettings", []byte(text.String()))
		}
	}
	tag, err := joinHost(ctx, layers)
	if tag != "" {
		add("config", []byte(tag))
	}
	location, notices := pageAddress()
	framed := !js.Global().Get("parent").Equal(js.Global())
	switch {
	case err != nil && framed:
		notices = append(notices, phone.Notice{Code: "error_embed_origin", Params: map[string]string{"Problem": err.Error()}})
	case err != nil: // in a window of its own nobody lays anything over it
		notices = append(notices, phone.Notice{Code: "error_window"})
	}
	set := &ownSettings{page: location, site: layers, unwelcome: err != nil && framed}
	problems := set.recall()
	// The last ones stand on top: what is merely unknown comes first.
	for _, unknown := range []bool{true, false} {
		for _, err := range append(errs, problems...) {
			if config.IsUnknown(err) == unknown {
				notices = append(notices, configNotice(err))
			}
		}
	}
	return set, notices
}

// joinHost joins the page that holds this one in a frame, if one does: see web/frame.js. It
// gives the settings of that page's tag. The error says that it may not hold the phone.
func joinHost(ctx context.Context, layers []config.Layer) (settings string, err error) {
	window := js.Global()
	if window.Get("joinHost").Type() != js.TypeFunction {
		return "", nil // nobody holds or has opened it, or it is a page without web/frame.js
	}
	site, _ := config.Load(nil, layers...) // mistakes are told of later
	origins := make([]any, len(site.Embed.AllowedOrigins))
	for i, origin := range site.Embed.AllowedOrigins {
		origins[i] = origin
	}
	text, err := promise.Await(ctx, func() js.Value { return window.Call("joinHost", origins) }, nil)
	if err != nil {
		return "", err
	}
	return text.String(), nil
}

// pageAddress is the address of the page, nil where it has none that can be read. A
// password is taken out of it, and out of the address bar.
func pageAddress() (*url.URL, []phone.Notice) {
	location, err := url.Parse(js.Global().Get("location").Get("href").String())
	if err != nil {
		return nil, nil
	}
	rest, found := config.WithoutPassword(location.RawQuery)
	if !found {
		return location, nil
	}
	location.RawQuery = rest
	_, _ = promise.Try(func() js.Value { // which a page in a sandbox may not
		history := js.Global().Get("history")
		return history.Call("replaceState", history.Get("state"), "", location.String())
	})
	return location, []phone.Notice{{Code: "error_address_password"}}
}

func configNotice(err error) phone.Notice {
	var mistake *config.ConfigError
	if errors.As(err, &mistake) {
		return phone.Notice{Code: "error_config", Params: map[string]string{"Path": mistake.Path, "Problem": mistake.Problem}}
	}
	return phone.Notice{Code: "error_config_missing"}
}

// fetch reads a file beside the page.
func fetch(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	res, err := promise.Await(ctx, func() js.Value {
		return js.Global().Call("fetch", path, map[string]any{"cache": "no-cache"})
	}, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !res.Get("ok").Bool() {
		return nil, fmt.Errorf("%s: %w (%d)", path, errNoFile, res.Get("status").Int())
	}
	text, err := promise.Await(ctx, func() js.Value { return res.Call("text") }, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return []byte(text.String()), nil
}
