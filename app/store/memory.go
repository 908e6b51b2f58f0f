package store

import (
	"slices"
	"strings"
	"sync"
)

// memory holds records and values as a database does. Its zero value is empty.
type memory struct {
	mu     sync.Mutex
	tables map[string][]Record // newest first
	values map[string]any
}

// put adds a record that is not there.
func (m *memory) put(table string, r Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tables == nil {
		m.tables = map[string][]Record{}
	}
	i, _ := slices.BinarySearchFunc(m.tables[table], r, newer)
	m.tables[table] = slices.Insert(m.tables[table], i, r)
}

func (m *memory) find(table, account, id string) *Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.tables[table] {
		if r.ID == id && r.Account == account {
			return &r
		}
	}
	return nil
}

func (m *memory) read(table string, q Query) (found []Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.tables[table] {
		if r.Account == q.Account && (q.Peer == "" || r.Peer == q.Peer) &&
			(q.After == nil || newer(*q.After, r) < 0) &&
			strings.Contains(folded(r.Text), q.Search) && len(found) < q.Limit {
			found = append(found, r)
		}
	}
	return found
}

func (m *memory) count(table, account string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.tables[table] {
		if r.Account == account {
			n++
		}
	}
	return n
}

func (m *memory) drop(table string, which func(Record) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.tables[table]) > 0 {
		m.tables[table] = slices.DeleteFunc(m.tables[table], which)
	}
}

func (m *memory) remove(table, account, id string) {
	m.drop(table, func(r Record) bool { return r.ID == id && r.Account == account })
}

func (m *memory) clear(table, account, peer string) {
	m.drop(table, func(r Record) bool { return r.Account == account && (peer == "" || r.Peer == peer) })
}

func (m *memory) trim(table, account string, keep int) {
	m.drop(table, func(r Record) bool {
		if r.Account == account {
			keep--
		}
		return r.Account == account && keep < 0
	})
}

func (m *memory) set(name string, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]any{}
	}
	m.values[name] = value
}

func (m *memory) get(name string) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[name]
}

func (m *memory) unset(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, name)
}
