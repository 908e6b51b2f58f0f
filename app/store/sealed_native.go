//go:build !js

package store

import "context"

// CanSeal reports whether Seal works.
func CanSeal() bool { return true }

// Seal keeps a secret under a name. The error says that it is not kept.
func (s *Store) Seal(ctx context.Context, name string, secret []byte) error {
	err := s.Set(ctx, name, secret)
	if err != nil {
		_ = s.Unset(ctx, name)
	}
	return err
}

// Unseal returns the secret of a name, nil when there is none.
func (s *Store) Unseal(ctx context.Context, name string) ([]byte, error) {
	return s.Get(ctx, name), nil
}
