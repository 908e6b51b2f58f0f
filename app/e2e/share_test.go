//go:build linux

package e2e

import (
	"image"
	"image/color"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// read is the text of a code given as rows of 0 and 1.
func read(t *testing.T, rows []string) string {
	t.Helper()
	const scale, quiet = 4, 4
	size := (len(rows) + 2*quiet) * scale
	picture := image.NewGray(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			row, column := y/scale-quiet, x/scale-quiet
			if row < 0 || row >= len(rows) || column < 0 || column >= len(rows) || rows[row][column] == '0' {
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		t.Errorf("a code of %d rows cannot be read: %v", len(rows), err)
		return ""
	}
	return result.GetText()
}

// The own address is passed on as a link and as a code, which a decoder of others reads; the
// link fills the address field of whoever opens it, and does not call.
func TestOwnAddressIsShared(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`navigator.share = async (what) => { window.shared = what; };
		Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });`)
	alice := openDemo(t, s, page, "alice")
	alice.Action("tab-settings")
	alice.Action("open-share")
	link := s.URL() + "?dial=alice%40localhost"
	const text = `document.querySelector('[data-input=share]')?.value`
	alice.Until(text + ` === ` + quote(link))
	const drawn = `(() => {
		const svg = document.querySelector('.share-code svg'), size = svg.viewBox.baseVal.width - 8;
		const rows = Array.from({ length: size }, () => Array(size).fill(0));
		for (const [, x, y] of svg.querySelector('path').getAttribute('d').matchAll(/M(\d+) (\d+)/g)) rows[y - 4][x - 4] = 1;
		return rows.map((row) => row.join(''));
	})()`
	var rows []string
	alice.Evaluate(drawn, &rows)
	if got := read(t, rows); got != link {
		t.Errorf("the code says %q", got)
	}
	alice.Screenshot("link")
	alice.Action("share-copy")
	alice.Until(`copied === ` + quote(link))
	alice.Action("share-send")
	alice.Until(`shared.url === ` + quote(link))
	alice.Click(`[data-input=share-address]`)
	alice.Until(text + ` === 'sip:alice@localhost'`)
	alice.Evaluate(drawn, &rows)
	if got := read(t, rows); got != "sip:alice@localhost" {
		t.Errorf("the code says %q", got)
	}

	// Codes of every size.
	var codes map[string][]string
	alice.Evaluate(`import('./parts/qr.js').then(({ qr }) => Object.fromEntries([1, 14, 15, 40, 85, 107, 122, 153, 180, 213, 214, 260, 300, 340, 370, 420, 460, 510, 570, 620, 666].map((n) => {
		const text = 'sip:é@localhost?'.padEnd(n - 1, 'x7').slice(0, n - 1) + (n > 6 ? '' : 'x');
		return [text, qr(text).map((row) => row.map(Number).join(''))];
	})))`, &codes)
	sizes := map[int]bool{}
	for text, rows := range codes {
		sizes[len(rows)] = true
		if got := read(t, rows); got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	if len(sizes) < 15 {
		t.Errorf("only %d sizes", len(sizes))
	}
	alice.Until(`import('./parts/qr.js').then(({ qr }) => qr('x'.repeat(667)) === null)`)

	bob := openPhone(t, newPage(t, high, "bob"), link+"&account=bob", "sip:bob@localhost", nil)
	bob.Until(addressIs + `'alice@localhost'`)
	bob.calledNobody()
}
