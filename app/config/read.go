package config

import (
	"fmt"
	"log/slog"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reader brings a tree of JSON into a Config and gathers what is wrong with it.
type reader struct {
	errs []error
}

func (r *reader) report(path, format string, args ...any) {
	r.errs = append(r.errs, &ConfigError{Path: path, Problem: fmt.Sprintf(format, args...)})
}

// wrong is the first mistake; what is merely unknown is passed over.
func (r *reader) wrong() error {
	for _, err := range r.errs {
		if !IsUnknown(err) {
			return err
		}
	}
	return nil
}

// group reads an object into a struct, in the order of its fields.
func (r *reader) group(path string, tree map[string]any, into reflect.Value) {
	var known []string
	for i, field := range slices.Collect(into.Type().Fields()) {
		key := field.Tag.Get("json")
		if key == "-" {
			continue
		}
		known = append(known, key)
		if value, there := tree[key]; there && value != nil {
			r.value(join(path, key), value, field.Tag, into.Field(i))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		if slices.Contains(known, key) || isComment(path, key) {
			continue
		}
		problem := "is unknown"
		if meant := nearest(key, known); meant != "" {
			problem += "; did you mean " + meant + "?"
		}
		r.errs = append(r.errs, &ConfigError{Path: join(path, key), Problem: problem, Unknown: true})
	}
}

// join puts a key behind the path of its group. What does not look like a key is quoted
// and cut.
func join(path, key string) string {
	if key == "" || len(key) > 64 || strings.ContainsFunc(key, func(r rune) bool { return isNotAlphanumeric(r) && r != '_' }) {
		return path + "[" + strconv.Quote(strings.ToValidUTF8(key[:min(len(key), 64)], "")) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// value reads what is not null.
func (r *reader) value(path string, value any, tag reflect.StructTag, into reflect.Value) {
	switch target := into.Addr().Interface().(type) {
	case *bool:
		take(r, path, value, "true or false", target)
	case *string:
		var text string
		if take(r, path, value, "a text", &text) {
			r.text(path, text, tag, target)
		}
	case *Secret:
		take(r, path, value, "a text", (*string)(target))
	case **Secret:
		var text string
		if take(r, path, value, "a text", &text) {
			*target = new(Secret(text))
		}
	case *time.Duration:
		var number float64
		unit := units[tag.Get("unit")]
		if take(r, path, value, "a number of "+unit.name, &number) && r.within(path, number, tag, " "+unit.name) {
			*target = time.Duration(number * float64(unit.of))
		}
	case *int:
		var number float64
		switch {
		case !take(r, path, value, "a number", &number) || !r.within(path, number, tag, ""):
		case number != math.Trunc(number):
			r.report(path, "must be a whole number, not %v", number)
		default:
			*target = int(number)
		}
	case *slog.Level:
		r.level(path, value, target)
	default:
		if into.Kind() == reflect.Slice {
			r.list(path, value, tag, into)
			return
		}
		var tree map[string]any
		if take(r, path, value, "a group in {}", &tree) {
			r.group(path, tree, into)
		}
	}
}

// take stores a value of the kind wanted, or reports that it is of another.
func take[T any](r *reader, path string, value any, wanted string, into *T) bool {
	v, ok := value.(T)
	if !ok {
		r.report(path, "must be %s, not %s", wanted, kindOf(value))
		return false
	}
	*into = v
	return true
}

func (r *reader) text(path, text string, tag reflect.StructTag, into *string) {
	checked, problem := checks[tag.Get("check")](text)
	if problem != "" {
		r.report(path, "%s", problem)
		return
	}
	*into = checked
}

// list reads a list, or a single item that stands for a list of one. Where groups are
// wanted a text stands for a group with only its first key. What is null, comes out empty
// or is incomplete is left out.
func (r *reader) list(path string, value any, tag reflect.StructTag, into reflect.Value) {
	items, isList := value.([]any)
	if !isList {
		items = []any{value}
	}
	all := reflect.MakeSlice(into.Type(), 0, len(items))
	for i, item := range items {
		if item == nil {
			continue
		}
		at := path
		if isList {
			at = fmt.Sprintf("%s[%d]", path, i)
		}
		element := reflect.New(into.Type().Elem()).Elem()
		first := element
		if element.Kind() == reflect.Struct {
			first = element.Field(0)
			if text, ok := item.(string); ok {
				r.value(at, text, element.Type().Field(0).Tag, first)
				item = map[string]any{}
			}
		}
		before := len(r.errs)
		r.value(at, item, tag, element)
		if entry, ok := element.Addr().Interface().(interface{ complete() (problem string) }); ok {
			if problem := entry.complete(); problem != "" {
				if len(r.errs) == before { // else the reason has been given
					r.report(at, "%s", problem)
				}
				continue
			}
		}
		if !first.IsZero() {
			all = reflect.Append(all, element)
		}
	}
	into.Set(all)
}

// units are those of the tag unit.
var units = map[string]struct {
	name string
	of   time.Duration
}{
	"s":  {"seconds", time.Second},
	"ms": {"milliseconds", time.Millisecond},
}

// within holds a number to the tags min and max.
func (r *reader) within(path string, number float64, tag reflect.StructTag, unit string) bool {
	low, _ := strconv.ParseFloat(tag.Get("min"), 64)
	high, _ := strconv.ParseFloat(tag.Get("max"), 64)
	if number < low || number > high {
		r.report(path, "must be from %s to %s%s, not %v", tag.Get("min"), tag.Get("max"), unit, number)
		return false
	}
	return true
}

func (r *reader) level(path string, value any, target *slog.Level) {
	levels := map[any]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	name, _ := value.(string)
	level, known := levels[name]
	if !known {
		r.report(path, "must be debug, info, warn or error")
		return
	}
	*target = level
}

// kindOf names the kind of a JSON value in a person's words.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case float64:
		return "a number"
	case string:
		return "a text"
	case []any:
		return "a list in []"
	default:
		return "a group in {}"
	}
}

// nearest is the known key that an unknown one was probably meant to be: the same but
// for signs and capitals, or at most two slips away. Empty when there is none.
func nearest(key string, known []string) string {
	if len(key) > 64 {
		return ""
	}
	best, least := "", 3
	for _, k := range known {
		d := slips(plain(key), plain(k))
		if d < least && 2*d < len(k) {
			best, least = k, d
		}
	}
	return best
}

func plain(key string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(key))
}

// slips is the Levenshtein distance.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
