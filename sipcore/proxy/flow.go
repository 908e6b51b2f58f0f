//go:build !js

package proxy

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// connID numbers the connections of a proxy; no number is used twice.
type connID uint64

// sealer makes and checks what must come back to the proxy unchanged: flow tokens
// and loop marks. Its key lives as long as the process.
type sealer struct{ key [32]byte }

func newSealer() *sealer {
	s := &sealer{}
	_, _ = rand.Read(s.key[:]) // documented never to fail
	return s
}

// sealSize is the length of a seal in bytes: the 80 bits of RFC 5626 §5.2's example.
const sealSize = 10

// seal authenticates parts, each with its length so that none can grow into the next.
func (s *sealer) seal(parts ...string) []byte {
	mac := hmac.New(sha256.New, s.key[:])
	var size [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)[:sealSize]
}

// token names a connection for the dialogs and transactions of one Call-ID. It
// consists of characters that a user part may contain.
func (s *sealer) token(id connID, callID string) string {
	raw := binary.BigEndian.AppendUint64(make([]byte, 0, 8+sealSize), uint64(id))
	raw = append(raw, s.seal("flow", string(raw), callID)...)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// flow reads a token. ok is false for one that was not made by token with this
// Call-ID and key.
func (s *sealer) flow(token, callID string) (id connID, ok bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(8+sealSize) {
		return 0, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 8+sealSize {
		return 0, false
	}
	if !hmac.Equal(raw[8:], s.seal("flow", string(raw[:8]), callID)) {
		return 0, false
	}
	return connID(binary.BigEndian.Uint64(raw)), true
}
