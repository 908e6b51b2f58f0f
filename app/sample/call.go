//go:build !js

package sample

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"
	"unicode/utf8"
)

const (
	longestSummary = 64 << 10 // bytes
	longestNote    = 10_000   // characters
	longestName    = 500      // characters, of all the other texts
)

// call is an entry of the log of calls. Times are ms since 1970.
type call struct {
	ID        string   `json:"id"`
	Direction string   `json:"direction"` // in or out
	URI       string   `json:"uri"`
	Name      string   `json:"name"` // as the other side calls itself
	Started   int64    `json:"started"`
	Answered  *int64   `json:"answered"`
	Ended     *int64   `json:"ended"`
	Duration  float64  `json:"duration"` // seconds
	MOS       *float64 `json:"mos"`
	Cause     string   `json:"cause"`
	Note      string   `json:"note"`
	Account   *link    `json:"account"` // null when nobody's
	Contact   *link    `json:"contact"`
}

func scanCall(scan func(...any) error) (c call, err error) {
	var accountID, contactID sql.NullInt64
	var accountName, contactName sql.NullString
	err = scan(&c.ID, &c.Direction, &c.URI, &c.Name, &c.Started, &c.Answered, &c.Ended, &c.Duration, &c.MOS, &c.Cause, &c.Note,
		&accountID, &accountName, &contactID, &contactName)
	if accountID.Valid {
		c.Account = &link{accountID.Int64, accountName.String}
	}
	if contactID.Valid {
		c.Contact = &link{contactID.Int64, contactName.String}
	}
	return c, err
}

func (d *database) listCalls(ctx context.Context, words string, offset int) ([]call, int, error) {
	return aPageOf(ctx, d.calls, d.countCalls, scanCall, words, offset)
}

// summary is the data of jsc/call/summary, as far as it is kept.
type summary struct {
	ID        string `json:"id"`
	Direction string `json:"direction"`
	Peer      struct {
		URI  string `json:"uri"`
		Name string `json:"name"`
	} `json:"peer"`
	Started  int64   `json:"started"`
	Answered *int64  `json:"answered"`
	Ended    *int64  `json:"ended"`
	Duration float64 `json:"duration"`
	Quality  *struct {
		MOS float64 `json:"mos"`
	} `json:"quality"`
	Cause *struct {
		Reason string `json:"reason"`
	} `json:"cause"`
	Note string `json:"note"`
}

// saveCall stores what jsc/call/summary tells, again when that is told again.
func (s *Server) saveCall(w http.ResponseWriter, r *http.Request) {
	told, err := readSummary(w, r)
	if err == nil {
		err = s.db.save(r.Context(), told)
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// readSummary reads and checks what came. The error is a *badRequestError.
func readSummary(w http.ResponseWriter, r *http.Request) (*summary, error) {
	// Which no form of another page can send without this server's leave.
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return nil, &badRequestError{http.StatusUnsupportedMediaType, "a call is told as application/json"}
	}
	var told summary
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestSummary)).Decode(&told); err != nil {
		if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
			return nil, &badRequestError{http.StatusRequestEntityTooLarge, "that is too much for a call"}
		}
		return nil, &badRequestError{http.StatusBadRequest, "that is no call: " + err.Error()}
	}
	for problem, wrong := range map[string]bool{
		"the id is not that of the address":  told.ID == "" || told.ID != r.PathValue("id"),
		"direction is neither in nor out":    told.Direction != "in" && told.Direction != "out",
		"started is no time":                 told.Started < 0,
		"duration is none":                   told.Duration < 0,
		"one of the texts is too long":       tooLong(longestName, told.ID, told.Peer.URI, told.Peer.Name) || tooLong(longestNote, told.Note),
		"peer.uri is missing":                told.Peer.URI == "",
		"quality.mos is no opinion score":    told.Quality != nil && (told.Quality.MOS < 0 || told.Quality.MOS > 5),
		"cause.reason is longer than any is": told.Cause != nil && tooLong(longestName, told.Cause.Reason),
	} {
		if wrong {
			return nil, &badRequestError{http.StatusBadRequest, problem}
		}
	}
	if told.Started == 0 {
		told.Started = time.Now().UnixMilli()
	}
	return &told, nil
}

func tooLong(limit int, texts ...string) bool {
	for _, text := range texts {
		if utf8.RuneCountInString(text) > limit {
			return true
		}
	}
	return false
}

// save stores a call with those it was with, where they are known.
func (d *database) save(ctx context.Context, told *summary) error {
	with, err := d.whose(ctx, told.Peer.URI)
	if err != nil {
		return err
	}
	var mos *float64
	if told.Quality != nil && told.Quality.MOS > 0 {
		mos = &told.Quality.MOS
	}
	cause := ""
	if told.Cause != nil {
		cause = told.Cause.Reason
	}
	search := fold(told.Peer.Name, told.Peer.URI, told.Note, with.name)
	_, err = d.putCall.ExecContext(ctx, told.ID, with.account, with.contact, told.Direction, told.Peer.URI, told.Peer.Name,
		told.Started, told.Answered, told.Ended, told.Duration, mos, cause, told.Note, search)
	return err
}
