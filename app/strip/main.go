//go:build !js

// Command strip takes out of a built page what tells lines of source: about a thirtieth
// of what everybody downloads, of use only in the trace of a crash, where the names of
// the functions stay.
//
//	strip app.wasm
//
// The runtime then says `?:0` instead of a file and a line. What it needs itself, to walk
// a stack and to collect garbage, is left alone. The tables are those of
// internal/runtime/pclntab, as Go 1.26 links them; what looks otherwise is not touched.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: strip app.wasm")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "strip:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := strip(program); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, program, 0o644)
}

var errProgram = errors.New("no program that Go 1.26 linked for js/wasm")

// header is what the table of functions begins with: magic, the smallest instruction and
// the size of a pointer.
var header = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// Sizes and places in the tables, in bytes.
const (
	funcSize    = 44 // of runtime._func, before its variable part
	fieldPcsp   = 16
	fieldPcfile = 20
	fieldPcln   = 24
	fieldNpc    = 28 // how many further tables of the kind follow
)

// strip clears the tables of files and lines in a program, in place: zeros weigh nothing.
func strip(program []byte) error {
	m, err := load(program)
	if err != nil {
		return err
	}
	start := m.find(header)
	if start < 0 {
		return errProgram
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(m.image[start+8+8*i:])) }
	if start+8+8*8 > len(m.image) {
		return errProgram
	}
	count, files, pcs, funcs := word(0), start+word(5), start+word(6), start+word(7)
	if files >= pcs || pcs >= funcs || funcs+8*count > len(m.image) {
		return errProgram
	}
	// A table may serve several functions, and as something else too.
	kept, lines := map[int]bool{}, map[int]bool{}
	for i := range count {
		f := funcs + m.uint32(funcs+8*i+4)
		if f+funcSize > len(m.image) {
			return errProgram
		}
		kept[m.uint32(f+fieldPcsp)] = true
		for j := range m.uint32(f + fieldNpc) {
			kept[m.uint32(f+funcSize+4*j)] = true
		}
		for _, field := range []int{fieldPcfile, fieldPcln} {
			lines[m.uint32(f+field)] = true
			m.clear(f+field, f+field+4) // "there is none"
		}
	}
	for table := range lines {
		if from := pcs + table; !kept[table] && from < funcs {
			m.clear(from, m.end(from))
		}
	}
	m.clear(files, pcs)
	return nil
}

// memory is that of a program when it starts, and where in the file each part stands.
type memory struct {
	image    []byte
	program  []byte
	segments []segment
}

// segment is a stretch of memory that the file fills.
type segment struct{ address, offset, size int }

func (m *memory) uint32(at int) int { return int(binary.LittleEndian.Uint32(m.image[at:])) }

// find is where something stands, -1 for nowhere or in several places.
func (m *memory) find(what []byte) int {
	at := bytes.Index(m.image, what)
	if at < 0 || bytes.Contains(m.image[at+1:], what) {
		return -1
	}
	return at
}

// end is where a table of values by program counter ends: it is a list of pairs of
// varints, up to a pair whose first is 0.
func (m *memory) end(at int) int {
	for first := true; ; first = false {
		value, n := binary.Uvarint(m.image[at:])
		at += max(n, 1)
		if value == 0 && !first || n <= 0 {
			return at
		}
		_, n = binary.Uvarint(m.image[at:])
		at += max(n, 1)
	}
}

// clear fills a stretch of memory with zeros. What the file does not fill is zero already.
func (m *memory) clear(from, to int) {
	for _, s := range m.segments {
		low, high := max(from, s.address), min(to, s.address+s.size)
		if low < high {
			clear(m.program[s.offset+low-s.address : s.offset+high-s.address])
		}
	}
}

// dataSection is the number of the section that fills the memory (WebAssembly §5.5.14).
const dataSection = 11

// load reads what a program fills its memory with.
func load(program []byte) (*memory, error) {
	r := &reader{data: program, at: 8}
	if !bytes.HasPrefix(program, []byte("\x00asm")) {
		return nil, errProgram
	}
	for r.at < len(program) {
		kind := r.byte()
		size := r.uint()
		if kind != dataSection {
			r.at += size
			continue
		}
		m := &memory{program: program}
		for range r.uint() {
			if r.byte() != 0 || r.byte() != 0x41 { // of memory 0, at an i32.const
				return nil, errProgram
			}
			s := segment{address: r.int()}
			if r.byte() != 0x0b {
				return nil, errProgram
			}
			s.size = r.uint()
			s.offset = r.at
			r.at += s.size
			if r.bad || r.at > len(program) || s.address < 0 || s.address+s.size > 1<<28 {
				return nil, errProgram
			}
			m.segments = append(m.segments, s)
			if end := s.address + s.size; end > len(m.image) {
				m.image = append(m.image, make([]byte, end-len(m.image))...)
			}
			copy(m.image[s.address:], program[s.offset:r.at])
		}
		return m, nil
	}
	return nil, errProgram
}

// reader reads numbers as WebAssembly writes them (§5.2.2: LEB128).
type reader struct {
	data []byte
	at   int
	bad  bool
}

func (r *reader) byte() byte {
	if r.at < 0 || r.at >= len(r.data) {
		r.bad = true
		return 0
	}
	r.at++
	return r.data[r.at-1]
}

func (r *reader) uint() int {
	n, _ := r.bits()
	return n
}

func (r *reader) int() int {
	n, width := r.bits()
	if width < 64 && n>>(width-1) != 0 { // the highest bit is the sign
		n -= 1 << width
	}
	return n
}

func (r *reader) bits() (n, width int) {
	for width < 63 {
		b := r.byte()
		n |= int(b&0x7f) << width
		width += 7
		if b < 0x80 {
			break
		}
	}
	return n, width
}
