//go:build !js

package sample

import (
	"bytes"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// servePage answers with a file of the pages, index.html for the root. In pages {{phone}}
// becomes the phone's address, and {{account}} the attribute that names the account, if any.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	data, err := fs.ReadFile(s.cfg.Pages, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if path.Ext(name) == ".html" {
		account := ""
		if s.cfg.Account != "" {
			account = `account="` + html.EscapeString(s.cfg.Account) + `"`
		}
		data = []byte(strings.NewReplacer(
			"{{phone}}", html.EscapeString(strings.TrimSuffix(s.phone.String(), "/")),
			"{{account}}", account,
		).Replace(string(data)))
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}
