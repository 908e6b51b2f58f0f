//go:build linux

package e2e

import "testing"

// What a headset says and is told is where its own descriptor has it, and what it was told
// is no wish of the person's.
func TestHeadsetReportsAreReadByTheirDescriptors(t *testing.T) {
	page := newPage(t, low, "headset")
	page.Before(string(readFile(t, "app/e2e/testdata/hid.js", "")))
	page.Open(startServer(t).URL() + "arbiter.js")
	page.Evaluate(`(async () => { window.h = await import('/parts/headset.js'); })()`, nil)

	// Of the keypad, whose zero is a key, the others.
	for _, test := range []struct{ device, report, want string }{
		{"jabra", `2, [0x00, 0x00]`, ``},
		{"jabra", `2, [0x01, 0x00]`, `b0020`},
		{"jabra", `2, [0x09, 0x00]`, `b0020 b002f`},
		{"jabra", `2, [0x10, 0x00]`, `b0021`},
		{"jabra", `2, [0x80, 0x02]`, `b00b5`},
		{"jabra", `2, [0x00, 0x08]`, `b0007`},
		{"jabra", `2, [0x80, 0x07]`, ``}, // the keypad's null: no key
		{"jabra", `2, [0x01]`, `b0020`},  // too short for the rest
		{"jabra", `2, []`, ``},
		{"jabra", `7, [0xff, 0xff]`, ``},
		{"plantronics", `8, [0x11]`, `b0020 b002f`},
		{"plantronics", `8, [0x80]`, `b0007`},
		{"keyboard", `0, [0xff]`, ``},
	} {
		var got string
		page.Evaluate(`(() => {
			const [id, data] = [`+test.report+`];
			const said = h.decode(h.layout(fakeHID.collections('`+test.device+`'), 'inputReports'), id, new DataView(Uint8Array.from(data).buffer));
			return [...said].filter(([u, { value }]) => value === 1 && u !== 0x0b00b0).map(([u]) => u.toString(16)).sort().join(' ');
		})()`, &got)
		if got != test.want {
			t.Errorf("%s says %s: %q, want %q", test.device, test.report, got, test.want)
		}
	}

	const idle, rings, talks, muted, held = `{}`, `{ rings: true }`, `{ offHook: true }`, `{ offHook: true, muted: true }`, `{ offHook: true, held: true }`
	for _, test := range []struct{ device, line, want string }{
		{"jabra", idle, `[[2,0,0]]`},
		{"jabra", rings, `[[2,136,0]]`},
		{"jabra", talks, `[[2,1,0]]`},
		{"jabra", muted, `[[2,5,0]]`},
		{"jabra", held, `[[2,17,0]]`},
		{"plantronics", rings, `[[9,0],[23,0],[24,1],[32,0]]`},
		{"plantronics", muted, `[[9,1],[23,1],[24,0],[32,0]]`},
		{"plantronics", held, `[[9,0],[23,1],[24,0],[32,1]]`},
		{"keyboard", talks, `[]`},
	} {
		var got string
		page.Evaluate(`JSON.stringify([...h.encode(h.layout(fakeHID.collections('`+test.device+`'), 'outputReports'), h.lights(`+test.line+`))].map(([id, data]) => [id, ...data]))`, &got)
		if got != test.want {
			t.Errorf("%s is told of %s: %s, want %s", test.device, test.line, got, test.want)
		}
	}

	// said, what was said before and whether the value is a state, the line; what is wished.
	for _, test := range []struct{ said, before, line, want string }{
		{`hook: [1, true]`, `hook: 0`, rings, "answer"},
		{`hook: [1, true]`, `hook: 0`, talks, ""}, // it was told so
		{`hook: [1, true]`, `hook: 0`, idle, ""},
		{`hook: [0, true]`, `hook: 1`, talks, "hangup"},
		{`hook: [0, true]`, `hook: 0`, talks, ""}, // another button, of a device that does not follow
		{`hook: [0, true]`, `hook: 1`, idle, ""},
		{`hook: [0, true]`, `hook: 1`, rings, ""},
		{`hook: [0, true]`, `hook: 1`, `{ rings: true, offHook: true }`, "hangup"},
		{`hook: [1, false]`, ``, rings, "answer"},
		{`hook: [1, false]`, ``, talks, "hangup"},
		{`hook: [0, false]`, ``, talks, ""},
		{`mute: [1, false]`, ``, talks, "mute"},
		{`mute: [1, false]`, `mute: 1`, muted, "unmute"},
		{`mute: [1, true]`, `mute: 0`, talks, "mute"},
		{`mute: [1, true]`, `mute: 1`, talks, ""},
		{`mute: [1, false]`, ``, rings, ""},
		{`reject: [1, true]`, ``, rings, "reject"},
		{`reject: [1, true]`, ``, talks, ""},
		{`flash: [1, false]`, ``, talks, "hold"},
		{`flash: [1, false]`, ``, held, "resume"},
		{`flash: [1, false]`, ``, `{ rings: true, offHook: true }`, "answer"},
		{`hook: [1, true], mute: [1, false]`, `hook: 1`, talks, "mute"},
	} {
		var got string
		page.Evaluate(`(() => {
			const by = (o, f) => new Map(Object.entries(o).map(([name, v]) => [h.USAGE[name], f(v)]));
			return h.wishes(by({ `+test.said+` }, ([value, state]) => ({ value, state })), by({ `+test.before+` }, (v) => v), `+test.line+`).join(' ');
		})()`, &got)
		if got != test.want {
			t.Errorf("%s after %q at %s: %q, want %q", test.said, test.before, test.line, got, test.want)
		}
	}
}

// A headset is chosen once, then rings, answers, mutes and hangs up with the phone, and the
// phone with it.
func TestHeadsetAnswersMutesAndHangsUp(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(string(readFile(t, "app/e2e/testdata/hid.js", "")) + `
		window.jabra = fakeHID.headset('jabra');
		let hook = 0;
		jabra.answer = (_, [lights]) => { if ((lights & 1) !== hook) { hook = lights & 1; jabra.press(2, hook, 0); } }; // it says what it was told
		window.button = () => { hook = 1 - hook; jabra.press(2, hook, 0); };
		window.muteButton = () => { jabra.press(2, hook | 8, 0); jabra.press(2, hook, 0); };
		window.lit = (n) => jabra.told.at(-1)?.[1] === n;
		navigator.hid.offered = [fakeHID.headset('keyboard'), jabra];`)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Action("tab-settings")
	alice.Action("open-desktop")
	alice.Action("headset-connect")
	alice.Until(`document.querySelector('.desktop-headsets').innerText.trim() === 'jabra' && jabra.opened`)
	alice.Screenshot("connected")
	alice.Action("back")

	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.Rung()
	alice.Until(`lit(0x88)`)
	alice.Evaluate(`button()`, nil)
	alice.Talks()
	alice.Until(`lit(1)`)
	alice.Hears(highTone)
	alice.Evaluate(`muteButton()`, nil)
	alice.Topic("jsc/call/state", "d.muted", alice.since)
	alice.Until(`lit(5)`)
	alice.Action("unmute")
	alice.Until(`lit(1)`)
	alice.Evaluate(`button()`, nil)
	bob.Idle()
	alice.Idle()
	alice.Until(`lit(0)`)

	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.Answer(false)
	alice.Talks()
	alice.Until(`lit(1)`)
	alice.Hangup()
	bob.Idle()
	alice.Until(`lit(0)`)
	alice.Idle()

	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.Rung()
	alice.Evaluate(`jabra.press(2, 0, 8)`, nil)
	bob.state("failed")

	alice.Evaluate(`navigator.hid.dispatchEvent(Object.assign(new Event('disconnect'), { device: jabra }))`, nil)
	alice.Action("tab-settings")
	alice.Action("open-desktop")
	alice.Until(`document.querySelector('.desktop-headsets')?.innerText.trim() === ''`)
	alice.Evaluate(`jabra.opened = false, navigator.hid.dispatchEvent(Object.assign(new Event('connect'), { device: jabra }))`, nil)
	alice.Action("headset-forget")
	alice.Until(`!jabra.opened && fakeHID.granted.size === 0`)
	alice.Evaluate(`void (jabra.busy = true)`, nil)
	alice.Action("headset-connect")
	alice.Until(`document.querySelector('.part-desktop').innerText.includes('Another program is using this headset')`)
}
