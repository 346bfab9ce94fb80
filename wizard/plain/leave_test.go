package plain

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// typist hears what is said, and answers what is asked: each answer once the words before it have been said.
type typist struct {
	t     *testing.T
	in    *io.PipeWriter
	mu    sync.Mutex // over out, which the session writes while the typist reads
	out   bytes.Buffer
	heard int
}

func (k *typist) Write(said []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.out.Write(said)
}

// said is everything that has been said so far.
func (k *typist) said() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.out.String()
}

// types waits for words that were not heard before, and types a line.
func (k *typist) types(after, line string) {
	k.t.Helper()
	for range 600 {
		synctest.Wait()
		if at := strings.Index(k.said()[k.heard:], after); at >= 0 {
			k.heard += at + len(after)
			if _, err := io.WriteString(k.in, line+"\n"); err != nil {
				k.t.Fatal(err)
			}
			return
		}
		time.Sleep(time.Second)
	}
	k.t.Fatalf("%q was never said:\n%s", after, k.said()[k.heard:])
}

// Whoever leaves while MFA is off may have to sign in before it can be put back. That is waited for as any sign-in is: its page can be
// opened and told, its part played, and it can be stopped, which leaves nobody.
func TestSignInOnTheWayOutIsWaitedFor(t *testing.T) {
	const waits = "Waiting. Type o to open the page, x to stop, p to play this part (rehearsal)."
	for name, list := range map[string][]steps.Step{"restore": steps.Restore(), "wizard": steps.All()} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				run := halfDone(t)
				defer run.Wipe()
				in, typed := io.Pipe()
				defer typed.Close()
				k := &typist{t: t, in: typed}
				ended := make(chan error, 1)
				go func() {
					ended <- Run(t.Context(), Options{Run: run, Steps: list, In: in, Out: k, SignInChosen: true})
				}()
				k.types(waits, "p")
				k.types("2  Leave", "2")
				k.types("Your choice [1]:", "1")
				k.types("Your choice [1]:", "d")
				k.types("Page: http", "q")
				k.types("MFA is still off for "+account, "?")
				k.types(waits, "x")
				k.types("Stopping.", "")
				k.types(waits, "p")
				if err := <-ended; !errors.Is(err, ErrLeft) {
					t.Errorf("it ended with %v:\n%s", err, k.said())
				}
				if _, open := run.Exposure(); open || !strings.Contains(k.said()[k.heard:], "MFA is back.") {
					t.Errorf("MFA is off (%t):\n%s", open, k.said()[k.heard:])
				}
				if said := k.said(); strings.Contains(said, "Error:") || strings.Count(said, "MFA is off for "+account) < 2 {
					t.Errorf("stopping is an error, or it is not said how it stands:\n%s", said)
				}
			})
		})
	}
}

const account = "service.delegate365@contoso.com"

// halfDone is a run on a tenant where an earlier one left MFA off.
func halfDone(t *testing.T) *steps.Run {
	t.Helper()
	tenant, err := simtest.New(simtenant.Options{Profile: "half-done"})
	if err != nil {
		t.Fatal(err)
	}
	ep := tenant.Endpoints()
	run, err := steps.NewRun(steps.Options{
		Cloud: graph.Cloud{
			Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Account: ep.Portal,
			SecurityInfo: ep.Portal + "/security-info", Delegate365: ep.Delegate365, Custom: true,
		},
		Tenant: ep.TenantID, DeviceCode: true, Transport: tenant.Transport(), Person: tenant.NewPerson(&http.Client{Transport: tenant.Transport()}, ep),
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}
