package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"time"
)

// maxNonces bounds the nonces in use at a time. Beyond it new ones are stale at once,
// until old ones expire.
const maxNonces = 1 << 16

// nonces makes nonces that prove their own age, so that whoever only asks costs no
// memory; a count is kept for those that a right password was used with.
type nonces struct {
	key      []byte
	lifetime time.Duration

	mu   sync.Mutex
	used map[string]nonceUse
}

type nonceUse struct {
	expires time.Time
	nc      uint32 // the highest seen
}

const (
	nonceHead = 16 // bytes: time and randomness
	nonceMAC  = 16 // bytes
)

func newNonces(lifetime time.Duration) *nonces {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	return &nonces{key: key, lifetime: lifetime, used: map[string]nonceUse{}}
}

func (n *nonces) issue() string {
	b := make([]byte, nonceHead, nonceHead+nonceMAC)
	binary.BigEndian.PutUint64(b, uint64(time.Now().UnixMilli()))
	_, _ = rand.Read(b[8:])
	return base64.RawURLEncoding.EncodeToString(append(b, n.mac(b)...))
}

// use reports whether a nonce is ours, young enough and nc higher than before.
func (n *nonces) use(nonce string, nc uint32) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(nonce)
	if err != nil || len(b) != nonceHead+nonceMAC || !hmac.Equal(b[nonceHead:], n.mac(b[:nonceHead])) {
		return false
	}
	expires := time.UnixMilli(int64(binary.BigEndian.Uint64(b))).Add(n.lifetime)
	now := time.Now()
	if !now.Before(expires) {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if last, again := n.used[nonce]; again && nc <= last.nc || !again && !n.room(now) {
		return false
	}
	n.used[nonce] = nonceUse{expires: expires, nc: nc}
	return true
}

// room makes sure that one more fits. The lock is held.
func (n *nonces) room(now time.Time) bool {
	if len(n.used) < maxNonces {
		return true
	}
	for nonce, use := range n.used {
		if !now.Before(use.expires) {
			delete(n.used, nonce)
		}
	}
	return len(n.used) < maxNonces
}

func (n *nonces) mac(head []byte) []byte {
	h := hmac.New(sha256.New, n.key)
	h.Write(head)
	return h.Sum(nil)[:nonceMAC]
}
