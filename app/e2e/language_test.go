//go:build linux

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
)

// esperanto is a message file in which every text is marked, so that what is not in it
// can be told on the screen.
func esperanto(t *testing.T) string {
	t.Helper()
	english, err := os.ReadFile(filepath.Join(need.Root(t), "app/i18n/en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(english, &texts); err != nil {
		t.Fatal(err)
	}
	mark(texts)
	marked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	return string(marked)
}

func mark(texts map[string]any) {
	for key, text := range texts {
		switch text := text.(type) {
		case string:
			texts[key] = "⟦" + text + "⟧"
		case map[string]any:
			mark(text)
		}
	}
}

// unmarked gives the page a function that lists what is to be seen and heard on it and
// is not marked: names, addresses, keys, what languages call themselves, and the browser's
// own words for days aside.
const unmarked = `window.unmarked = () => {
	const foreign = 'bdi, option[lang], .key, .avatar, .demo-names, [data-action=open-account], time, .day, .trace, kbd';
	const wrong = (text) => /\p{L}/u.test(text) && !text.includes('⟦');
	const found = wrong(document.title) ? [document.title] : [];
	for (const e of document.body.querySelectorAll('*')) {
		if (!e.checkVisibility({ visibilityProperty: true }) || e.closest(foreign)) continue;
		for (const node of e.childNodes) {
			if (node.nodeType === Node.TEXT_NODE && wrong(node.data)) found.push(e.outerHTML.slice(0, 200));
		}
		for (const name of ['aria-label', 'aria-description', 'title', 'placeholder', 'alt']) {
			const text = e.getAttribute(name) ?? '';
			if (wrong(text) && !e.closest('[data-region=status]')) found.push(name + ' ' + e.outerHTML.slice(0, 200));
		}
	}
	return found;
};`

// speaksOnly waits until nothing on the page is in another language than the marked one.
func speaksOnly(t *testing.T, page *browser.Page, where string) {
	t.Helper()
	page.Until(`document.body.innerText.includes('⟦')`)
	page.Until(`unmarked().length === 0 || (window.unmarkedSince ??= performance.now(), performance.now() - unmarkedSince > 1000)`)
	var found []string
	page.Evaluate(`(window.unmarkedSince = undefined, unmarked())`, &found)
	for _, text := range found {
		t.Errorf("%s: not in the language chosen: %s", where, text)
	}
}

const chooseEsperanto = `(() => {
	const menu = document.querySelector('[data-action=language]');
	menu.value = 'eo';
	menu.dispatchEvent(new Event('change', { bubbles: true }));
})()`

// panels goes through all that the tabs lead to.
func panels(page *browser.Page, look func(panel string)) {
	var tabs []string
	page.Evaluate(`[...document.querySelectorAll('.tabs [data-action]')].filter((b) => b.checkVisibility()).map((b) => b.dataset.action)`, &tabs)
	for _, tab := range tabs {
		page.Action(tab)
		look(tab)
	}
	var pages []string
	page.Evaluate(`[...document.querySelectorAll('button.page-link')].filter((b) => b.checkVisibility()).map((b) => b.dataset.action)`, &pages)
	for _, link := range pages {
		page.Action(link)
		page.Until(`[...document.querySelectorAll('[data-action=back]')].some((b) => b.checkVisibility())`)
		look(link)
		page.Action("back")
	}
}

func TestLanguageChangesEveryTextAtOnce(t *testing.T) {
	s := startSite(t, map[string]string{"locales/eo.json": esperanto(t)})
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { i18n: { languages: ['en', 'de', 'eo'] }, registration: { user_control: true } };` + unmarked)
	page.Open(s.URL())
	page.Action("tab-settings")
	page.Until(`/esperanto/i.test(document.querySelector('[data-action=language]').innerText)`)
	page.Evaluate(chooseEsperanto, nil)
	speaksOnly(t, page, "logged out")
	page.Until(`document.documentElement.lang === 'eo' && document.documentElement.dir === 'ltr'`)
	page.Action("login") // with nothing typed
	speaksOnly(t, page, "told to type")

	// It is remembered; and in a call it changes without a reload.
	alice := openPhone(t, page, s.URL()+"?account=alice&lang=en", "sip:alice@localhost", nil)
	alice.Evaluate(`void (window.same = true)`, nil)
	alice.Dial("echo", true)
	alice.Talks()
	alice.Action("dtmf-pad")
	alice.Action("key-5")
	alice.Until(`document.querySelector('.call-digits').innerText.includes('Received 5')`)
	alice.Publish("jsc/call/dial", map[string]any{"to": "sip:a b@"}) // which is told
	alice.Until(`document.querySelector('[data-notice]')`)
	alice.Until(`unmarked().length > 10`) // which is not blind
	alice.Evaluate(chooseEsperanto, nil)
	speaksOnly(t, alice.Page, "in a call")
	alice.Until(`window.same && document.querySelector('.call').dataset.state === 'active'`)
	panels(alice.Page, func(panel string) { speaksOnly(t, alice.Page, "in a call, "+panel) })
	alice.Hangup()
	alice.Idle()
	panels(alice.Page, func(panel string) { speaksOnly(t, alice.Page, "after a call, "+panel) })
	alice.Screenshot("marked")

	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	bob.Dial("alice", true)
	alice.Until(`document.querySelector('.sheet')`)
	speaksOnly(t, alice.Page, "while somebody calls")
	bob.Hangup()
	alice.Until(`!document.querySelector('.sheet')`)
	speaksOnly(t, alice.Page, "after a call that was missed")
}

func TestBrowsersLanguageComesFirst(t *testing.T) {
	s := startSite(t, map[string]string{"locales/eo.json": esperanto(t)})
	for name, test := range map[string]struct{ settings, query, browser, want string }{
		"the first that is there":   {`{}`, "", `['xx', 'de-AT', 'en']`, "de"},
		"Norwegian":                 {`{}`, "", `['no', 'en']`, "nb"},
		"from right to left":        {`{}`, "", `['he-IL', 'en']`, "he"},
		"none is there":             {`{}`, "", `['xx', 'tlh']`, "en"},
		"none is there on the list": {`{ i18n: { languages: ['eo', 'en'] } }`, "", `['de']`, "eo"},
		"default_lang":              {`{ i18n: { default_lang: 'en' } }`, "", `['de']`, "en"},
		"the address":               {`{ i18n: { default_lang: 'en' } }`, "?lang=de", `['en']`, "de"},
	} {
		t.Run(name, func(t *testing.T) {
			page := newPage(t, low, "alice")
			page.Before(`Object.defineProperty(navigator, 'languages', { get: () => ` + test.browser + ` });
				window.JSCommSettings = ` + test.settings)
			page.Open(s.URL() + test.query)
			said := map[string]string{"de": "Anmelden", "en": "Log in", "eo": "⟦Log in⟧", "nb": "Logg inn", "he": "כניסה"}[test.want]
			page.Until(`document.querySelector('[data-action=login]')?.innerText === ` + quote(said))
			page.Until(`document.documentElement.lang === ` + quote(test.want))
		})
	}
}

// English takes the place of texts that cannot be had, and the console says why.
func TestBrokenTextsAreEnglish(t *testing.T) {
	for name, test := range map[string]struct{ file, logs string }{
		"missing":    {"", "no such file"},
		"no JSON":    {`{"action_login": `, "unexpected end"},
		"no texts":   {`[1, 2]`, "cannot unmarshal"},
		"bad values": {`{"action_login": 5, "label_password": "P⟦", "label_settings": "{{if}}"}`, "action_login"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			if test.file != "" {
				files["locales/eo.json"] = test.file
			}
			s := startSite(t, files)
			page := newPage(t, low, "alice")
			page.Before(`window.JSCommSettings = { i18n: { languages: ['en', 'eo'], default_lang: 'eo' } };
				window.logged = [];
				for (const level of ['error', 'warn']) {
					const log = console[level].bind(console);
					console[level] = (...words) => { logged.push(words.join(' ')); log(...words); };
				}`)
			page.Open(s.URL())
			page.Until(`document.querySelector('[data-action=login]')?.innerText === 'Log in'`)
			page.Until(`logged.some((line) => line.includes('eo') && line.includes(` + quote(test.logs) + `))`)
			if name == "bad values" { // the rest of the file stands
				page.Until(`document.querySelector('label[for=password]').innerText === 'P⟦'`)
			}
		})
	}
}

// What the loader says before the program is there.
func TestLoaderSpeaksThePersonsLanguage(t *testing.T) {
	s := startSite(t, map[string]string{"app.wasm": "no program"})
	page := newPage(t, low, "alice")
	page.Before(`Object.defineProperty(navigator, 'languages', { get: () => ['de-AT', 'en'] })`)
	page.Open(s.URL())
	page.Until(`document.getElementById('start-words').innerText.startsWith('Das Telefon konnte nicht geladen werden')`)
	page.Until(`document.getElementById('start-retry').innerText === 'Noch einmal' && document.documentElement.lang === 'de'`)
}

// misfits gives the page a function that lists what does not fit into a phone: what
// stands out of it at the side, and controls whose words are cut.
const misfits = `window.misfits = (phone) => [...phone.document.querySelectorAll('button, input, select, textarea, label, h1, h2, p, summary, a')]
	.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.unseen, .printed'))
	.filter((e) => {
		const r = e.getBoundingClientRect();
		const cut = (s) => s.scrollWidth > s.clientWidth + 1 && !s.matches('[dir=auto], .unseen');
		return r.width > 0 && (r.left < -1 || r.right > phone.innerWidth + 1)
			|| e.matches('button, a, label, h1, h2') && [e, ...e.querySelectorAll('span')].some(cut);
	})
	.map((e) => e.outerHTML.slice(0, 120) + '… ' + e.innerText);`

// The words of every language fit into the smallest widget, and what is written from
// right to left begins on the right.
func TestEveryLanguageFitsIntoAWidget(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(need.File(t, "build/site", "make build"), "locales/*.json"))
	if err != nil || len(files) < 12 {
		t.Fatal(files, err)
	}
	s := startServer(t)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	page := newPage(t, low, "alice")
	page.Before(misfits)
	page.Open(s.URL() + "arbiter.js") // a page without anything of its own
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".json")
		page.Evaluate(`void (() => {
			const widget = document.createElement('iframe');
			widget.allow = 'microphone';
			widget.style.cssText = 'position: fixed; inset: 0 auto auto 0; border: 0; width: 320px; height: 480px';
			widget.src = '/?lang=`+lang+`';
			document.body.replaceChildren(widget);
		})()`, nil)
		// The loader names the language before the program has its words.
		page.Until(`frames[0].document.documentElement?.lang === ` + quote(lang) +
			` && !['Log in', undefined].includes(frames[0].document.querySelector("[data-action=login]")?.innerText.trim())`)
		fits(t, page, lang+", logged out")
		page.Evaluate(`void frames[0].document.querySelector('[data-action=login-demo][data-id=alice]').click()`, nil)
		page.Until(`frames[0].document.querySelector('.status-good')`)
		var tabs []string
		page.Evaluate(`[...frames[0].document.querySelectorAll('.tabs [data-action]')].map((b) => b.dataset.action)`, &tabs)
		for _, tab := range tabs {
			page.Evaluate(`void frames[0].document.querySelector('[data-action=`+tab+`]').click()`, nil)
			page.Until(`frames[0].document.querySelector('[data-action=` + tab + `]').ariaCurrent`)
			fits(t, page, lang+", "+tab)
		}
		page.Evaluate(`void frames[0].document.querySelector('[data-action=configuration]').click()`, nil)
		page.Until(`frames[0].document.querySelector('[data-action=settings-save]').checkVisibility()`)
		fits(t, page, lang+", account and connection")
		var links []string // to the pages of the settings, where the last tab leads
		page.Evaluate(`[...frames[0].document.querySelectorAll('button.page-link')].map((b) => b.dataset.action)`, &links)
		for _, link := range links {
			page.Evaluate(`void frames[0].document.querySelector('[data-action=`+link+`]').click()`, nil)
			page.Until(`frames[0].document.querySelector('[data-action=back]')`)
			fits(t, page, lang+", "+link)
			page.Evaluate(`void frames[0].document.querySelector('[data-action=back]').click()`, nil)
			page.Until(`!frames[0].document.querySelector('[data-action=back]')`)
		}
		bob.Publish("jsc/call/dial", map[string]any{"to": "alice", "video": true})
		page.Until(`frames[0].document.querySelector('[data-action=answer-video]')`)
		fits(t, page, lang+", somebody calls")
		bob.Publish("jsc/call/hangup", map[string]any{})
		page.Until(`!frames[0].document.querySelector('.sheet')`)

		rightToLeft := lang == "he"
		var at struct {
			Direction  string
			First      float64 // where the first tab stands
			Last       float64
			One, Three float64 // the keys of a telephone stand as everywhere
		}
		page.Evaluate(`(() => {
			const doc = frames[0].document, x = (e) => e.getBoundingClientRect().x, tabs = [...doc.querySelectorAll('.tabs button')];
			doc.querySelector('[data-action=tab-phone]').click();
			return {
				direction: doc.documentElement.dir, first: x(tabs[0]), last: x(tabs.at(-1)),
				one: x(doc.querySelector('[data-action=key-1]')), three: x(doc.querySelector('[data-action=key-3]')),
			};
		})()`, &at)
		if (at.Direction == "rtl") != rightToLeft || (at.First > at.Last) != rightToLeft || at.One > at.Three {
			t.Errorf("%s: %+v", lang, at)
		}
	}
}

func fits(t *testing.T, page *browser.Page, where string) {
	t.Helper()
	var found []string
	page.Evaluate(`misfits(frames[0])`, &found)
	for _, what := range found {
		t.Errorf("%s: does not fit: %s", where, what)
	}
}
