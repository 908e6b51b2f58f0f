//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
	"gocommunicator/app/site"
)

// noting has whatever frame the phone is in tell its page when something of it is to be seen.
const noting = `
	if (top === window) {
		window.shown = 0;
		addEventListener('message', ({ data }) => { if (data?.shown) shown ||= data.shown - performance.timeOrigin; });
	}
	new MutationObserver((_, watch) => {
		if (!document.querySelector('[data-region]')) return;
		watch.disconnect();
		requestAnimationFrame(() => top.postMessage({ shown: performance.timeOrigin + performance.now() }, '*'));
	}).observe(document, { subtree: true, childList: true });`

// visit is what a visit costs: times in ms since the page was asked for, bytes as the
// server has sent them, with their headers.
type visit struct{ Paint, Before, Shown, registered, bytes, answers float64 }

// What the first visit costs and the next one, of the page and of a host page with the
// phone in it, from nginx as it is set up by the sample. Nothing is asserted: the figures
// are for who reads them. E2E_LONG takes the median of more visits, of the best compression.
func TestWhatAVisitCosts(t *testing.T) {
	k := server.StartKamailio(t)
	dist := t.TempDir()
	settings, err := json.Marshal(map[string]any{
		"websocket": map[string]any{"servers": k.WS},
		"user":      map[string]any{"uri": "sip:alice@" + server.Domain, "sip_auth_password": server.Password("alice")},
		"embed":     map[string]any{"allowed_origins": []string{"http://127.0.0.1:*"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dist, "config.json"), settings, 0o600); err != nil {
		t.Fatal(err)
	}
	built, remembered := need.File(t, "build/site", "make build"), filepath.Join(need.Root(t), "build", "packed")
	times, quality := 1, 5 // best takes most of a minute, for a fifth less
	if os.Getenv("E2E_LONG") != "" {
		times, quality = 9, 0
	}
	if _, err := site.Write(t.Context(), site.Config{Page: os.DirFS(built), Dist: dist, Quality: quality, Cache: remembered}); err != nil {
		t.Fatal(err)
	}
	nginx := server.StartNginx(t, filepath.Join(dist, "nginx.conf.sample"), true)
	around := host(t, nil, map[string]string{"/": "<!doctype html><title>Host</title><p>Host</p><script src=" +
		nginx.URL + "embed.js defer></script><sip-phone load=now></sip-phone>"})

	for _, place := range []struct{ name, url string }{{"page", nginx.URL}, {"widget", around + "/"}} {
		var cold, warm []visit
		for range times {
			page := newPage(t, low, place.name)
			page.Before(noting)
			cold = append(cold, measure(t, page, place.url, nginx))
			if place.name == "page" {
				page.Until(`(async () => await caches.match('/') !== undefined)()`)
			}
			warm = append(warm, measure(t, page, place.url, nginx))
			page.Close()
		}
		t.Logf("%s\n  cold: %s\n  warm: %s", place.name, median(cold), median(warm))
	}
}

func measure(t *testing.T, page *browser.Page, url string, nginx *server.Nginx) visit {
	t.Helper()
	bytes, answers := nginx.Sent(t)
	page.Open(url)
	registered := page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	page.Until(`shown > 0 && performance.getEntriesByName('first-contentful-paint').length > 0`)
	var v visit
	page.Evaluate(`(() => {
		const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
		const got = performance.getEntries().filter((e) => e.responseEnd <= paint);
		return { Paint: paint, Before: got.reduce((sum, e) => sum + e.transferSize, 0), Shown: shown };
	})()`, &v)
	after, more := nginx.Sent(t)
	v.registered, v.bytes, v.answers = registered.Time, float64(after-bytes), float64(more-answers)
	return v
}

// median is that of each figure, as a line.
func median(visits []visit) string {
	var all []string
	for _, f := range []struct {
		format string
		of     func(visit) float64
	}{
		{"first paint %.0f ms", func(v visit) float64 { return v.Paint }},
		{"%.0f bytes before it", func(v visit) float64 { return v.Before }},
		{"phone shown %.0f ms", func(v visit) float64 { return v.Shown }},
		{"registered %.0f ms", func(v visit) float64 { return v.registered }},
		{"%.0f bytes", func(v visit) float64 { return v.bytes }},
		{"%.0f answers until then", func(v visit) float64 { return v.answers }},
	} {
		var values []float64
		for _, v := range visits {
			values = append(values, f.of(v))
		}
		slices.Sort(values)
		all = append(all, fmt.Sprintf(f.format, values[len(values)/2]))
	}
	return strings.Join(all, ", ")
}
