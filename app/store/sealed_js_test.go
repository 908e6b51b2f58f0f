package store

import (
	"strings"
	"syscall/js"
	"testing"

	"gocommunicator/sipcore/promise"
)

func TestSealedSecretOutlivesThePageAndCannotBeRead(t *testing.T) {
	if !CanSeal() {
		t.Fatal("the page of the tests is no secure context")
	}
	ctx, secret := t.Context(), `{"ha1":"0123abcd"}`
	s, _ := open(t, t.Name())
	if err := s.Seal(ctx, "login", []byte(secret)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	again, told := open(t, t.Name())
	got, err := again.Unseal(ctx, "login")
	if err != nil || string(got) != secret {
		t.Fatalf("%q, %v", got, err)
	}

	sealed := again.Value(ctx, "login")
	key := sealed.Get("key")
	if key.Get("extractable").Bool() {
		t.Error("the key can be read")
	}
	if _, err := promise.Await(ctx, func() js.Value { return subtle().Call("exportKey", "raw", key) }, nil); err == nil {
		t.Error("the key was exported")
	}
	text := js.Global().Get("TextDecoder").New("latin1").Call("decode", sealed.Get("data")).String()
	if strings.Contains(text, "ha1") || strings.Contains(text, "0123abcd") {
		t.Errorf("what is kept can be read: %q", text)
	}

	t.Run("each time with another key", func(t *testing.T) {
		if err := again.Seal(ctx, "login", []byte(secret)); err != nil {
			t.Fatal(err)
		}
		if other := again.Value(ctx, "login").Get("data"); js.Global().Get("TextDecoder").New("latin1").Call("decode", other).String() == text {
			t.Error("it is the same again")
		}
	})
	t.Run("what was changed is refused", func(t *testing.T) {
		sealed := again.Value(ctx, "login")
		forged := js.Global().Get("Uint8Array").New(sealed.Get("data"))
		forged.SetIndex(0, forged.Index(0).Int()^1)
		if err := again.SetValue(ctx, "login", sealed); err != nil {
			t.Fatal(err)
		}
		if _, err := again.Unseal(ctx, "login"); err == nil {
			t.Error("a forged secret was taken")
		}
	})
	t.Run("and forgotten", func(t *testing.T) {
		if err := again.Unset(ctx, "login"); err != nil {
			t.Fatal(err)
		}
		if got, err := again.Unseal(ctx, "login"); got != nil || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
	expect(t, "failures told", len(*told), 0)
}
