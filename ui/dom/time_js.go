package dom

import (
	"syscall/js"
	"time"
)

// formats are the browser's ways to write times (Intl), by name and language. They
// belong to the UI goroutine.
var formats = map[string]js.Value{}

func format(name, lang, kind string, options map[string]any) js.Value {
	f, ok := formats[name+lang]
	if !ok {
		f = js.Global().Get("Intl").Get(kind).New(lang, options)
		formats[name+lang] = f
	}
	return f
}

// Clock is the time of the day as people write it in a language (BCP 47).
func Clock(t time.Time, lang string) string {
	f := format("clock", lang, "DateTimeFormat", map[string]any{"hour": "numeric", "minute": "2-digit"})
	return f.Call("format", t.UnixMilli()).String()
}

// Day is the day as people write it in a language: today, yesterday, or with its date.
func Day(t time.Time, lang string) string {
	f := format("day", lang, "DateTimeFormat",
		map[string]any{"weekday": "short", "day": "numeric", "month": "short", "year": "numeric"})
	date := func(t time.Time) string { return f.Call("format", t.UnixMilli()).String() }
	day, now := date(t), time.Now()
	for back := range 2 {
		if day == date(now.Add(time.Duration(-24*back)*time.Hour)) {
			return format("ago", lang, "RelativeTimeFormat", map[string]any{"numeric": "auto"}).
				Call("format", -back, "day").String()
		}
	}
	return day
}
