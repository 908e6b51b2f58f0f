//go:build !js

package devserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gocommunicator/sipcore"
)

// Account is somebody who may register.
type Account struct {
	Name        string `json:"name"`         // user part of the address, e.g. "alice"
	DisplayName string `json:"display_name"` // as shown; may be empty
	Password    string `json:"password"`
}

// Names of the services, which no account may have.
const (
	echoName  = "echo"
	musicName = "music"
)

// maxAccountsFile bounds an accounts file in bytes.
const maxAccountsFile = 1 << 20

// DemoAccounts are the accounts of a server without an accounts file.
func DemoAccounts() []Account {
	return []Account{
		{Name: "alice", DisplayName: "Alice", Password: "alice"},
		{Name: "bob", DisplayName: "Bob", Password: "bob"},
		{Name: "carol", DisplayName: "Carol", Password: "carol"},
		{Name: "dave", DisplayName: "Dave", Password: "dave"},
	}
}

// LoadAccounts reads an accounts file, whose format is in the package's doc.
func LoadAccounts(path string) ([]Account, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, fmt.Errorf("accounts file: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAccountsFile+1))
	if err != nil {
		return nil, fmt.Errorf("accounts file: %w", err)
	}
	accounts, err := parseAccounts(data)
	if err != nil {
		return nil, fmt.Errorf("accounts file %s: %w", path, err)
	}
	return accounts, nil
}

func parseAccounts(data []byte) ([]Account, error) {
	if len(data) > maxAccountsFile {
		return nil, fmt.Errorf("larger than %d bytes", maxAccountsFile)
	}
	var file struct {
		Accounts []Account `json:"accounts"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the end of the object")
	}
	if len(file.Accounts) == 0 {
		return nil, errors.New("accounts: there is none")
	}
	seen := make(map[string]bool)
	for i, a := range file.Accounts {
		if err := a.check(); err != nil {
			return nil, fmt.Errorf("accounts[%d].%w", i, err)
		}
		if seen[a.Name] {
			return nil, fmt.Errorf("accounts[%d].name: %q is there twice", i, a.Name)
		}
		seen[a.Name] = true
	}
	return file.Accounts, nil
}

// check returns an error that begins with the faulty key.
func (a Account) check() error {
	address, err := sipcore.ParseAddress(a.Name+"@localhost", "")
	switch {
	case a.Name == "":
		return errors.New("name: it is missing")
	case err != nil || address.URI.User != a.Name || address.Name != "" || strings.ContainsAny(a.Name, "%@:;"):
		return fmt.Errorf("name: %q cannot be the user part of an address", a.Name)
	case a.Name == echoName || a.Name == musicName:
		return fmt.Errorf("name: %q is the name of a service", a.Name)
	case a.Password == "":
		return errors.New("password: it is missing")
	}
	return nil
}
