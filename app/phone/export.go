package phone

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"gocommunicator/app/store"
)

// File is something for the person to save.
type File struct {
	Name string // "calls-2026-01-31.csv"
	Type string // "text/csv"
	Data []byte
}

// Format is how the history is written into a file.
type Format string

// The formats.
const (
	CSV  Format = "csv"  // RFC 4180, with a header
	JSON Format = "json" // an array of objects
)

// ExportHistory makes a File of all calls of the account that were, newest first. save
// is given it later, on another goroutine.
func (p *Phone) ExportHistory(f Format, save func(File)) {
	p.keeper.Post(func() {
		records := p.history.table().Read(context.Background(), store.Query{Account: p.history.account, Limit: maxHistory})
		file := File{Name: "calls-" + now().Format(time.DateOnly) + "." + string(f)}
		switch f {
		case CSV:
			file.Type, file.Data = "text/csv", csvOf(records)
		case JSON:
			file.Type, file.Data = "application/json", jsonOf(records)
		default:
			return
		}
		save(file)
	})
}

// jsonOf puts together what is JSON already.
func jsonOf(records []store.Record) []byte {
	all := []byte("[")
	for i, r := range records {
		if i > 0 {
			all = append(all, ",\n"...)
		}
		all = append(all, r.Data...)
	}
	return append(all, "]\n"...)
}

// csvOf writes a line for each call. Times are UTC (RFC 3339), the duration is that of
// the talk in seconds; loss is percent, jitter and rtt are ms.
func csvOf(records []store.Record) []byte {
	var b bytes.Buffer
	writeLine(&b, "started", "answered", "ended", "duration", "direction", "name", "address", "video", "missed", "code", "reason",
		"mos", "worst", "loss", "jitter", "rtt", "codec", "route", "note")
	for _, r := range records {
		var e historyEntry
		if json.Unmarshal(r.Data, &e) != nil {
			continue
		}
		answered, seconds, code, reason := "", "", "", ""
		if !e.Answered.IsZero() {
			answered = e.Answered.Format(time.RFC3339)
			seconds = strconv.Itoa(int(e.Ended.Sub(e.Answered) / time.Second))
		}
		if e.Cause != nil {
			code, reason = strconv.Itoa(e.Cause.Code), e.Cause.Reason
		}
		var mos, worst, loss, jitter, rtt, codec, route string
		if q := e.Quality; q != nil {
			number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
			mos, worst, loss, jitter, rtt = number(q.MOS), number(q.Worst), number(q.Loss), number(q.Jitter), number(q.RTT)
			codec, route = q.Codec, q.Route
		}
		writeLine(&b, e.Started.Format(time.RFC3339), answered, e.Ended.Format(time.RFC3339), seconds, string(e.Direction),
			e.Name, e.URI, strconv.FormatBool(e.Video), strconv.FormatBool(e.Missed), code, reason,
			mos, worst, loss, jitter, rtt, codec, route, e.Note)
	}
	return b.Bytes()
}

// writeLine writes the cells of a line (RFC 4180 §2). A spreadsheet would run what looks
// like a formula, and names come from strangers: it becomes text by an apostrophe.
func writeLine(b *bytes.Buffer, cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cell = "'" + cell
		}
		b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
}
