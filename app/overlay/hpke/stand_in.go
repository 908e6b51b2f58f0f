// Package hpke stands in for crypto/hpke in the page's program, which the Makefile builds
// with it (go build -overlay). Libraries import crypto/tls for the sake of a type; with it
// comes HPKE, whose variables make the linker keep every elliptic curve: 65 kB of the page
// (brotli) for code that nothing there can reach, since a browser has a TLS of its own.
// A test of the linker's work holds that crypto/tls is not used. The self-tests of
// signatures, which come with it too, are left out in the same way: the files beside this
// package.
//
// What crypto/tls needs of HPKE is here by name, and fails.
package hpke

import "errors"

var errNone = errors.New("hpke: not in a page")

// KEM stands for a key encapsulation mechanism; there is none.
type KEM interface {
	NewPublicKey(key []byte) (PublicKey, error)
	NewPrivateKey(key []byte) (PrivateKey, error)
}

// PublicKey stands for a key; there is none.
type PublicKey interface{ Bytes() []byte }

// PrivateKey stands for a key; there is none.
type PrivateKey interface{ Bytes() ([]byte, error) }

// KDF stands for a key derivation function; there is none.
type KDF interface{ ID() uint16 }

// AEAD stands for a cipher; there is none.
type AEAD interface{ ID() uint16 }

// NewKEM fails.
func NewKEM(uint16) (KEM, error) { return nil, errNone }

// NewKDF fails.
func NewKDF(uint16) (KDF, error) { return nil, errNone }

// NewAEAD fails.
func NewAEAD(uint16) (AEAD, error) { return nil, errNone }

// Sender cannot be made.
type Sender struct{}

// NewSender fails.
func NewSender(PublicKey, KDF, AEAD, []byte) (encapsulated []byte, s *Sender, err error) {
	return nil, nil, errNone
}

// Seal fails.
func (*Sender) Seal(_, _ []byte) ([]byte, error) { return nil, errNone }

// Recipient cannot be made.
type Recipient struct{}

// NewRecipient fails.
func NewRecipient([]byte, PrivateKey, KDF, AEAD, []byte) (*Recipient, error) { return nil, errNone }

// Open fails.
func (*Recipient) Open(_, _ []byte) ([]byte, error) { return nil, errNone }
