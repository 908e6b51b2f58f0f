//go:build !js

package fetch

import (
	"context"
	"io"
	"net/http"
)

// client goes where redirections lead, as browsers do, but not into the open.
var client = &http.Client{CheckRedirect: func(r *http.Request, via []*http.Request) error {
	if !secure(r.URL) || len(via) > 10 {
		return ErrInsecure
	}
	return nil
}}

func ask(ctx context.Context, method, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if err := judge(res.Request.URL.String(), res.StatusCode, res.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxSize+1))
	if len(data) > maxSize {
		return nil, ErrTooLarge
	}
	return data, err
}
