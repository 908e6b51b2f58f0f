//go:build !js

package site

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gocommunicator/app/config"
)

// header is one that a server should send. The page works without; with them it is
// quicker, and nobody's script gets in.
type header struct{ name, value string }

// types are those that a browser insists on, and servers do not always know.
var types = []struct{ suffix, mime string }{
	{"html", "text/html; charset=utf-8"},
	{"js", "text/javascript; charset=utf-8"},
	{"css", "text/css; charset=utf-8"},
	{"json", "application/json"},
	{"webmanifest", "application/manifest+json"},
	{"wasm", "application/wasm"},
	{"svg", "image/svg+xml"},
	{"png", "image/png"},
}

// How long browsers may keep what they have got.
const (
	cacheLoose = "no-cache" // as long as they like, but they ask each time whether it is still so
	cacheFixed = "public, max-age=31536000, immutable"
)

// everywhere are the headers of all files. A page may be held by those that the settings
// allow; Cross-Origin-Opener-Policy is left out, which would part a host page from the
// phone in its pop-up window.
func everywhere(cfg config.Config) []header {
	policy := []string{
		"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
		"img-src 'self' data: blob:", "media-src 'self' data: blob: mediastream:",
		strings.Join(append([]string{"connect-src 'self' https: wss:"}, plain(cfg)...), " "),
		"worker-src 'self'", "manifest-src 'self'", "form-action 'none'", "base-uri 'self'",
		strings.Join(append([]string{"frame-ancestors 'self'"}, cfg.Embed.AllowedOrigins...), " "),
	}
	return []header{
		{"Content-Security-Policy", strings.Join(policy, "; ")},
		{"Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=(self)"},
		{"Referrer-Policy", "no-referrer"},
		{"X-Content-Type-Options", "nosniff"},
	}
}

// plain are the servers of the settings that are reached without encryption, which a
// policy does not let pass with the others.
func plain(cfg config.Config) []string {
	var origins []string
	for _, s := range cfg.WebSocket.Servers {
		if host, ok := strings.CutPrefix(s.URL, "ws://"); ok {
			host, _, _ = strings.Cut(host, "/")
			origins = append(origins, "ws://"+host)
		}
	}
	return origins
}

// written says of a file that it may be replaced; who changes it takes the line away.
const written = "# Written anew by each `make site`, as long as this line is here.\n"

// serverFiles are what servers are set up by, made for the settings that the site has.
func serverFiles(cfg Config) (files map[string][]byte, notes []string) {
	settings, notes := readConfig(filepath.Join(cfg.Dist, "config.json"))
	headers := everywhere(settings)
	all := map[string]string{
		".htaccess":         apache(headers),
		"nginx.conf.sample": nginx(headers, cfg),
		"_headers":          listing(headers, cfg.Base),
	}
	files = map[string][]byte{}
	for name, text := range all {
		was, err := os.ReadFile(filepath.Clean(filepath.Join(cfg.Dist, name)))
		if err == nil && !bytes.HasPrefix(was, []byte(written)) {
			notes = append(notes, name+" is the site's own and was left as it is")
			continue
		}
		files[name] = []byte(written + text)
	}
	slices.Sort(notes)
	return files, notes
}

// readConfig reads the settings that are there, and says what is wrong with them.
func readConfig(file string) (config.Config, []string) {
	data, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return config.Default(), []string{"your settings are missing: write them to " + file + "; config-sample.json shows what there is"}
	}
	cfg, mistakes := config.Parse(data)
	var notes []string
	for _, mistake := range mistakes {
		notes = append(notes, mistake.Error())
	}
	return cfg, notes
}

// listing is the file of headers that hosts of static pages read (`_headers`), and a list
// for everybody else.
func listing(headers []header, base string) string {
	base = "/" + strings.TrimPrefix(base, "/")
	var b strings.Builder
	section := func(path string, headers ...header) {
		fmt.Fprintf(&b, "%s\n", path)
		for _, h := range headers {
			fmt.Fprintf(&b, "  %s: %s\n", h.name, h.value)
		}
	}
	// Nothing about caches here: such hosts have them ask each time, and would put both
	// values into one header.
	section(base+"*", headers...)
	section(base+versions+"/*", header{"Cache-Control", cacheFixed})
	for _, t := range types {
		if t.suffix == "wasm" || t.suffix == "webmanifest" {
			section(base+"*."+t.suffix, header{"Content-Type", t.mime})
		}
	}
	return b.String()
}

// apache is what mod_mime, mod_headers and mod_rewrite do, where they are there.
func apache(headers []header) string {
	var b strings.Builder
	for _, t := range types {
		kind, _, _ := strings.Cut(t.mime, ";")
		fmt.Fprintf(&b, "AddType %s .%s\n", kind, t.suffix)
	}
	b.WriteString("AddDefaultCharset utf-8\n<IfModule mod_headers.c>\n")
	for _, h := range headers {
		fmt.Fprintf(&b, "  Header set %s \"%s\"\n", h.name, h.value)
	}
	fmt.Fprintf(&b, "  Header set Cache-Control \"%s\"\n", cacheLoose)
	fmt.Fprintf(&b, "  Header set Cache-Control \"%s\" \"expr=%%{REQUEST_URI} =~ m#/%s/[0-9a-f]{12}/#\"\n", cacheFixed, versions)
	b.WriteString("  Header append Vary Accept-Encoding\n</IfModule>\n")
	b.WriteString(`# What is compressed already is sent as it is.
<IfModule mod_rewrite.c>
  RewriteEngine On
  RewriteCond %{HTTP:Accept-Encoding} \bbr\b
  RewriteCond %{REQUEST_FILENAME}.br -f
  RewriteRule ^(.+)$ $1.br [L,E=no-gzip:1,E=no-brotli:1]
  RewriteCond %{HTTP:Accept-Encoding} \bgzip\b
  RewriteCond %{REQUEST_FILENAME}.gz -f
  RewriteRule ^(.+)$ $1.gz [L,E=no-gzip:1,E=no-brotli:1]
</IfModule>
RemoveType .gz
RemoveLanguage .br
AddEncoding br .br
AddEncoding gzip .gz
`)
	return b.String()
}

// nginx is a piece of a server's block.
func nginx(headers []header, cfg Config) string {
	base, place := cfg.Base, cfg.Place
	if base == "" {
		base = "/"
	}
	if whole, err := filepath.Abs(cfg.Dist); err == nil && place == "" {
		place = whole
	}
	var kinds strings.Builder
	for _, t := range types {
		kind, _, _ := strings.Cut(t.mime, ";")
		fmt.Fprintf(&kinds, "        %s %s;\n", kind, t.suffix)
	}
	location := func(b *strings.Builder, path, folder, cache string) {
		fmt.Fprintf(b, "location ^~ %s {\n    alias \"%s/\";\n    index index.html;\n    types {\n%s    }\n    charset utf-8;\n    gzip_static on;\n", path, folder, kinds.String())
		b.WriteString("    # brotli_static on; # with the module ngx_brotli (Debian: libnginx-mod-http-brotli-static)\n")
		for _, h := range append(slices.Clone(headers), header{"Cache-Control", cache}) {
			fmt.Fprintf(b, "    add_header %s \"%s\" always;\n", h.name, h.value)
		}
		b.WriteString("}\n")
	}
	var b strings.Builder
	b.WriteString("# Goes into a server { … } of nginx.\n")
	if base != "/" {
		fmt.Fprintf(&b, "location = %s { return 301 %s; }\n", strings.TrimSuffix(base, "/"), base)
	}
	location(&b, base, place, cacheLoose)
	location(&b, base+versions+"/", place+"/"+versions, cacheFixed)
	return b.String()
}
