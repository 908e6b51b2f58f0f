package phone

import (
	"errors"
	"testing"

	"gocommunicator/app/store"
)

func TestStorageFailuresAreExplained(t *testing.T) {
	for reason, code := range map[store.Reason]string{
		store.Forbidden: "error_storage", store.Full: "error_storage_full", store.Version: "error_storage_version",
	} {
		if n := Explain(&store.StorageError{Reason: reason, Err: errors.New("")}); n.Code != code {
			t.Errorf("%s: %q", reason, n.Code)
		}
	}
}
