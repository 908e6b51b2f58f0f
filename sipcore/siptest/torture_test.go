package siptest_test

import (
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// outcome is what becomes of a message.
type outcome int

const (
	accepted outcome = iota // a request: handed to the user agent
	stray                   // a 2xx to an INVITE: handed to the user agent, which knows of none
	refused                 // a request: answered with 400
	version                 // a request: answered with 505
	dropped                 // nothing comes of it
)

// torture says what becomes of the messages of RFC 4475, which testdata/rfc4475 has in
// words of our own. What the RFC leaves to the user agent (unknown schemes, extensions,
// bodies) is accepted here, since it is well-formed.
var torture = map[string]outcome{
	// §3.1.1 valid
	"wsinv":      accepted,
	"intmeth":    accepted,
	"esc01":      accepted,
	"escnull":    accepted,
	"esc02":      accepted,
	"lwsdisp":    accepted,
	"longreq":    accepted,
	"dblreq":     accepted, // what follows the body is left out (RFC 3261 §18.3)
	"semiuri":    accepted,
	"transports": accepted,
	"mpart01":    accepted,
	"unreason":   stray,
	"noreason":   stray,
	// §3.1.2 invalid
	"badinv01":   refused,
	"clerr":      refused,
	"ncl":        refused,
	"scalar02":   refused,
	"scalarlg":   dropped,
	"quotbal":    refused,
	"ltgtruri":   refused,
	"lwsruri":    refused,
	"lwsstart":   refused,
	"trws":       refused,
	"escruri":    refused,
	"baddate":    accepted, // the RFC leaves it open when Date is not needed
	"regbadct":   accepted, // Contact is the registrar's to judge
	"badaspec":   refused,
	"baddn":      accepted, // the RFC leaves it open: the intent is plain
	"badvers":    version,
	"mismatch01": refused,
	"mismatch02": refused,
	"bigcode":    dropped,
	// §3.2 transaction layer
	"badbranch": accepted, // matched as RFC 2543 has it
	// §3.3 application layer
	"insuf":    refused,
	"unkscm":   accepted,
	"novelsc":  refused, // sipgo's parser knows only schemes of letters; the RFC has 416
	"unksm2":   accepted,
	"bext01":   accepted,
	"invut":    accepted,
	"regaut01": accepted,
	"multi01":  refused,
	"mcl01":    refused,
	"bcast":    stray,
	"zeromf":   accepted,
	"cparam01": accepted,
	"cparam02": accepted,
	"regescrt": accepted,
	"sdp01":    accepted,
	// §3.4 backward compatibility
	"inv2543": accepted,
}

func TestTortureMessages(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc4475/*.dat")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(torture) {
		t.Errorf("%d files, %d in the table", len(files), len(torture))
	}
	for _, name := range slices.Sorted(maps.Keys(torture)) {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata/rfc4475", name+".dat"))
			if err != nil {
				t.Fatal(err)
			}
			loop := sipcore.NewLoop(nil)
			defer func() {
				loop.Close()
				<-loop.Done()
			}()
			var requests, strays int
			var sent []string
			layer, err := transact.New(transact.Config{
				Loop:      loop,
				Log:       slog.New(slog.DiscardHandler),
				Send:      func(msg []byte) error { sent = append(sent, string(msg)); return nil },
				OnRequest: func(*transact.Server) { requests++ },
				OnStray:   func(*sip.Response) { strays++ },
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := loop.Do(t.Context(), func() {
				layer.Receive(data)
				layer.Close()
			}); err != nil {
				t.Fatal(err)
			}
			if got := outcomeOf(t, requests, strays, sent); got != torture[name] {
				t.Errorf("outcome %d, want %d; sent %q", got, torture[name], sent)
			}
		})
	}
}

func outcomeOf(t *testing.T, requests, strays int, sent []string) outcome {
	t.Helper()
	answer := strings.Join(sent, "")
	switch {
	case requests == 1 && strays == 0 && answer == "":
		return accepted
	case requests == 0 && strays == 1 && answer == "":
		return stray
	case requests == 0 && strays == 0 && answer == "":
		return dropped
	case requests+strays > 0 || len(sent) != 1:
		t.Errorf("%d requests, %d strays and %d answers", requests, strays, len(sent))
	}
	if strings.HasPrefix(answer, "SIP/2.0 505 ") {
		return version
	}
	if !strings.HasPrefix(answer, "SIP/2.0 400 ") {
		t.Errorf("answered with %q", answer)
	}
	return refused
}
