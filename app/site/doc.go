// Package site writes the built page as any static host serves it, from file listing alone:
// no rule of the server is needed, those it has samples for only make it quicker and stricter.
//
//	index.html config.json embed.js …   looked at anew each time
//	locales/                            too: a site may add some, or change them
//	v/<version>/                        everything else, which never changes
//
// The version is made of what is in the folder, so that browsers may keep it for good, and a
// page that was opened before an update finds what it loads later. Beside each file is what
// it is compressed, for servers that look for that.
package site
