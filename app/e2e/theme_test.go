//go:build linux

package e2e

import (
	"strings"
	"testing"
)

const rootStyle = `getComputedStyle(document.documentElement)`

// The site's own sheet comes after ours. One that is not there, or is none, changes nothing
// and is told of.
func TestStyleSheetOfTheSite(t *testing.T) {
	s := startSite(t, map[string]string{"own.css": ":root { --accent: rgb(1 2 3); }", "own.html": "<!doctype html><title>Not found</title>"})
	t.Run("there", func(t *testing.T) {
		alice := openSet(t, s, `{ appearance: { css: "/own.css" } }`, "")
		alice.Until(rootStyle + `.getPropertyValue('--accent') === 'rgb(1 2 3)'`)
		alice.Until(`[...document.querySelectorAll('head link[rel=stylesheet]')].at(-1).getAttribute('href') === '/own.css'`)
	})
	for name, address := range map[string]string{
		"a page": "/own.html", "of a host that the policy does not let": "https://styles.invalid/own.css",
	} {
		t.Run(name, func(t *testing.T) {
			page := newPage(t, low, "alice")
			page.Before(`window.JSCommSettings = { appearance: { css: ` + quote(address) + ` } }`)
			page.Open(s.URL())
			page.Topic("jsc/error", "d.code === 'error_stylesheet' && d.message.includes("+quote(address)+")", 0)
			page.Until(told + `.includes('The look of this site could not be loaded')`)
			page.Until(`document.querySelector('[data-action=login]').checkVisibility() && ` + rootStyle + `.getPropertyValue('--accent').startsWith('light-dark')`)
		})
	}
}

// The site's own texts take the place of ours key by key, in the language that is spoken; the
// keys that cannot be used are named.
func TestTextsOfTheSite(t *testing.T) {
	s := startSite(t, map[string]string{
		"own/en.json": `{"action_login": "Clock in", "action_loginn": "x", "state_call_trying": "Ringing {{.Title}}"}`,
		"own/de.json": `<!doctype html>`,
	})
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { i18n: { texts: '/own', default_lang: 'en' } }`)
	page.Open(s.URL())
	page.Until(`document.querySelector('[data-action=login]')?.innerText === 'Clock in'`)
	for _, key := range []string{"action_loginn", "state_call_trying"} {
		page.Topic("jsc/error", "d.code === 'error_config' && d.message.includes('/own/en.json') && d.message.includes("+quote(key)+")", 0)
	}
	// No file of the site's for a language, and one that is none.
	for lang, button := range map[string]string{"fr": "Se connecter", "de": "Anmelden"} {
		page.Evaluate(`(() => { const s = document.querySelector('[data-action=language]'); s.value = '`+lang+`'; s.dispatchEvent(new Event('change')); })()`, nil)
		page.Until(`document.querySelector('[data-action=login]')?.innerText === ` + quote(button))
	}
	page.Topic("jsc/error", "d.message.includes('/own/de.json')", 0)
	for _, r := range page.Topics() {
		if strings.Contains(string(r.Data), "/own/fr.json") {
			t.Errorf("told of a language that the site says nothing in: %s", r.Data)
		}
	}
}

// The theme of the settings holds until the person chooses, that of a page around the phone
// over the settings.
func TestThemeBeginsAsTheSettingsSay(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { appearance: { theme: 'contrast' } }`)
	s := startServer(t)
	page.Open(s.URL())
	page.Until(`document.documentElement.dataset.theme === 'contrast' && ` + rootStyle + `.getPropertyValue('--page').includes('#000000')`)
	page.Screenshot("contrast")
	page.Evaluate(`(() => { const s = document.querySelector('[data-action=theme]'); s.value = 'dark'; s.dispatchEvent(new Event('change')); })()`, nil)
	page.Until(rootStyle + `.colorScheme === 'dark'`)
	page.Open(s.URL())
	page.Until(`document.querySelector('[data-region=login]') && document.documentElement.dataset.theme === 'dark'`)
}
