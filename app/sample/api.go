//go:build !js

package sample

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// rowsPerPage is how many rows a list has at once.
const rowsPerPage = 25

// page is some rows of a list.
type page[T any] struct {
	Rows  []T `json:"rows"`
	Total int `json:"total"` // rows on all pages
	Page  int `json:"page"`  // from 1
	Pages int `json:"pages"` // at least 1
}

// list answers with a page of the rows that have all words of ?q=.
func list[T any](find func(ctx context.Context, words string, offset int) (rows []T, total int, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		number, err := strconv.Atoi(query.Get("page"))
		if err != nil || number < 1 || number > 1e6 {
			number = 1
		}
		rows, total, err := find(r.Context(), words(query.Get("q")), (number-1)*rowsPerPage)
		if err != nil {
			fail(w, err)
			return
		}
		answer(w, page[T]{Rows: rows, Total: total, Page: number, Pages: max(1, (total+rowsPerPage-1)/rowsPerPage)})
	}
}

// one answers with what has the id in the path.
func one[T any](find func(ctx context.Context, id int64) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			fail(w, sql.ErrNoRows)
			return
		}
		found, err := find(r.Context(), id)
		if err != nil {
			fail(w, err)
			return
		}
		answer(w, found)
	}
}

func answer(w http.ResponseWriter, what any) {
	data, err := json.Marshal(what)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // who has gone needs no answer
}

// fail says in words what is wrong; of what is this server's fault, no more than that.
func fail(w http.ResponseWriter, err error) {
	status, problem := http.StatusInternalServerError, "the database does not answer"
	var bad *badRequestError
	switch {
	case errors.As(err, &bad):
		status, problem = bad.status, bad.problem
	case errors.Is(err, sql.ErrNoRows):
		status, problem = http.StatusNotFound, "there is no such record"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": problem})
}

// badRequestError says what is wrong with what came.
type badRequestError struct {
	status  int
	problem string
}

func (e *badRequestError) Error() string { return e.problem }
