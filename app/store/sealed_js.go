package store

import (
	"context"
	"crypto/rand"
	"syscall/js"

	"gocommunicator/sipcore/promise"
)

func subtle() js.Value { return js.Global().Get("crypto").Get("subtle") }

// CanSeal reports whether Seal works: browsers encrypt only on pages opened with https,
// or from this very machine.
func CanSeal() bool { return js.Global().Get("isSecureContext").Truthy() && subtle().Truthy() }

// Seal keeps a secret under a name, encrypted (AES-GCM) with a new key that the browser
// uses but lets nobody read: who copies the database has nothing. The error says that
// the secret is not kept.
func (s *Store) Seal(ctx context.Context, name string, secret []byte) error {
	key, err := promise.Await(ctx, func() js.Value {
		return subtle().Call("generateKey", map[string]any{"name": "AES-GCM", "length": 256}, false, []any{"encrypt", "decrypt"})
	}, nil)
	if err != nil {
		return err
	}
	nonce := make([]byte, 12)
	_, _ = rand.Read(nonce) // never fails
	iv, plain := bytesOf(nonce), bytesOf(secret)
	data, err := promise.Await(ctx, func() js.Value { return subtle().Call("encrypt", cipher(iv), key, plain) }, nil)
	plain.Call("fill", 0)
	if err != nil {
		return err
	}
	err = s.SetValue(ctx, name, js.ValueOf(map[string]any{"key": key, "iv": iv, "data": data}))
	if err != nil {
		_ = s.Unset(ctx, name)
	}
	return err
}

// Unseal returns the secret of a name, nil when there is none.
func (s *Store) Unseal(ctx context.Context, name string) ([]byte, error) {
	sealed := s.Value(ctx, name)
	if sealed.Type() != js.TypeObject {
		return nil, nil
	}
	data, err := promise.Await(ctx, func() js.Value {
		return subtle().Call("decrypt", cipher(sealed.Get("iv")), sealed.Get("key"), sealed.Get("data"))
	}, nil)
	if err != nil {
		return nil, err
	}
	plain := js.Global().Get("Uint8Array").New(data)
	secret := make([]byte, plain.Length())
	js.CopyBytesToGo(secret, plain)
	plain.Call("fill", 0)
	return secret, nil
}

func cipher(iv js.Value) map[string]any { return map[string]any{"name": "AES-GCM", "iv": iv} }

func bytesOf(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}
