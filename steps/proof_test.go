package steps_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
)

// The key of the user's key ring tells a line of this program's from a forged one.

func proving(t *testing.T, ring keyring.Ring) journal.Prover {
	t.Helper()
	key, err := keyring.Key(ring, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return func(line []byte) (string, string) { return keyring.Prove(key, line) }
}

// restoringWith is restore on a computer with a key ring.
func restoringWith(t *testing.T, on *simtest.Tenant, folder string, ring keyring.Ring) restoring {
	t.Helper()
	r := rehearseOn(t, on, setup{options: func(o *steps.Options) { o.By, o.Journal, o.KeyRing = journal.ByRestore, folder, ring }})
	r.pass(steps.SignIn)
	return restoring{r, steps.Restore()[1]}
}

// asks inspects the step, and reports whether it asks to believe something, and what it warns of.
func (r restoring) asks() (claim bool, warning string) {
	r.t.Helper()
	f, err := r.step.Inspect(r.t.Context(), r.run, r.report)
	if err != nil {
		r.t.Fatal(err)
	}
	return f.Actions[0].Label == "Leave it as it is", f.Notice.String()
}

// An account that carries no mark, as an adopted one, and the exclusions that proven lines name are put back unasked, and no
// other exclusion is touched.
func TestProvenAccountIsPutBackUnasked(t *testing.T) {
	t.Parallel()
	folder, ring := t.TempDir(), &keyring.Memory{}
	synctest.Test(t, func(t *testing.T) {
		on := rehearse(t, setup{profile: "business"}).tenant
		id, upn, owing := glass(t, on)
		forgeWith(t, folder, on, proving(t, ring), id, owing[:2]...)
		r := restoringWith(t, on, folder, ring)
		f, err := r.step.Inspect(t.Context(), r.run, r.report)
		if err != nil || f.Status != steps.Ready || f.Actions[0].ID != steps.ActApply || !f.Notice.IsZero() {
			t.Fatalf("%+v, %v", f, err)
		}
		if !strings.Contains(finding.Read(f.Text), upn) {
			t.Errorf("it does not name the account as the tenant does: %q", f.Text)
		}
		if err := r.applyOf(t.Context(), r.step); err != nil {
			t.Fatal(err)
		}
		for i, o := range owing {
			if in := excludedFrom(on, o.TargetID, id); in == (i < 2) {
				t.Errorf("exclusion %d from %s: %v", i, o.TargetID, in)
			}
		}
	})
}

// What is not proven is asked, and a journal that was changed is said to be.
func TestUnprovenIsAsked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ring  func(t *testing.T, ours keyring.Ring) keyring.Ring
		spoil func(macs string) string
		warns bool
	}{
		"another key":         {ring: func(*testing.T, keyring.Ring) keyring.Ring { return &keyring.Memory{} }},
		"no key ring":         {ring: func(*testing.T, keyring.Ring) keyring.Ring { return nil }},
		"a broken key ring":   {ring: func(*testing.T, keyring.Ring) keyring.Ring { return panicking{} }},
		"the codes cut off":   {spoil: func(string) string { return "" }},
		"a code changed":      {spoil: func(m string) string { return strings.Replace(m, `"mac":"`, `"mac":"0`, 1) }, warns: true},
		"a code of no line":   {spoil: func(m string) string { return m + strings.Replace(lastLine(m), `"seq":5`, `"seq":6`, 1) }, warns: true},
		"a code moved":        {spoil: func(m string) string { return strings.Replace(m, `"seq":2`, `"seq":3`, 1) }, warns: true},
		"a code of ours gone": {spoil: func(m string) string { return strings.ReplaceAll(m, `"seq":2`, `"seq":9`) }, warns: true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			var ring keyring.Ring = &keyring.Memory{}
			synctest.Test(t, func(t *testing.T) {
				on := rehearse(t, setup{profile: "business"}).tenant
				id, _, owing := glass(t, on)
				forgeWith(t, folder, on, proving(t, ring), id, owing...)
				if test.spoil != nil {
					path := filepath.Join(folder, on.Endpoints().TenantID+".macs")
					macs, err := os.ReadFile(path)
					if err == nil {
						err = os.WriteFile(path, []byte(test.spoil(string(macs))), 0o600)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				with := ring
				if test.ring != nil {
					with = test.ring(t, ring)
				}
				before := on.Snapshot()
				r := restoringWith(t, on, folder, with)
				asked, warning := r.asks()
				if !asked || strings.Contains(warning, "Somebody changed the journal") != test.warns {
					t.Errorf("asked %v, warned %q", asked, warning)
				}
				after := on.Snapshot()
				after.Applications = before.Applications
				unchanged(t, before, after)
			})
		})
	}
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n'):] }

// panicking is a key ring whose library has a fault.
type panicking struct{}

func (panicking) Get() (graph.Secret, error) { panic("hunter2") }
func (panicking) Set(graph.Secret) error     { return errors.New("never") }

// A window that wizard and guard left, with security defaults off: asked where the key ring has gone between the runs, and
// turned on with the rest where it is there.
func TestProvenSecurityDefaults(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]bool{"the key ring is there": false, "it has gone": true} {
		t.Run(name, func(t *testing.T) {
			folder, ring := t.TempDir(), &keyring.Memory{}
			synctest.Test(t, func(t *testing.T) {
				first := rehearse(t, setup{profile: "fresh", options: func(o *steps.Options) { o.Journal, o.KeyRing = folder, ring }})
				first.passUntil(steps.RunSetup)
				first.run.Close()
				on := first.tenant
				forgeWith(t, folder, on, proving(t, ring), on.Snapshot().Users[serviceAccount].ID,
					journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: on.Endpoints().TenantID, Value: "on"})
				if gone {
					ring = &keyring.Memory{}
				}
				r := restoringWith(t, on, folder, ring)
				if asked, _ := r.asks(); asked != gone {
					t.Fatalf("asked: %v", asked)
				}
				if gone {
					return
				}
				if err := r.applyOf(t.Context(), r.step); err != nil {
					t.Fatal(err)
				}
				if !on.Snapshot().SecurityDefaults {
					t.Error("security defaults are off")
				}
			})
		})
	}
}

// Every line of a run and of its guard, which gets the key through its pipe, is proven.
func TestGuardsLinesAreProven(t *testing.T) {
	t.Parallel()
	folder, ring := t.TempDir(), &keyring.Memory{}
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.KeyRing = ring }}, folder)
		r.passUntil(steps.RunSetup)
		if err := w.kill(r); err != nil {
			t.Fatal(err)
		}
		l, err := journal.Read(folder, r.tenant.Endpoints().TenantID, proving(t, ring))
		if err != nil || l.Altered != 0 {
			t.Fatalf("%v, altered %d", err, l.Altered)
		}
		by := map[journal.By]int{}
		for _, e := range l.Entries {
			by[e.By]++
			if !e.Proven {
				t.Errorf("line %d, by the %s, is not proven", e.Seq, e.By)
			}
		}
		if by[journal.ByGuard] < 3 || by[journal.ByWizard] < 10 {
			t.Errorf("%v", by)
		}
		r.run.Wipe()
		holdsNoKey(t, folder, ring)
	})
}

// holdsNoKey looks for the key in every file of the journal's folder.
func holdsNoKey(t *testing.T, folder string, ring keyring.Ring) {
	t.Helper()
	key, err := ring.Get()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil || strings.Contains(string(data), key.Reveal()) {
			t.Errorf("%s holds the key, or can't be read: %v", f, err)
		}
	}
}

// Both orders of the guards of one run carry the key: it has no key ring of its own.
func TestKeyReachesEveryGuard(t *testing.T) {
	t.Parallel()
	folder, ring := t.TempDir(), &keyring.Memory{}
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{options: func(o *steps.Options) { o.KeyRing = ring }}, folder)
		r.passUntil(steps.RunSetup)
		_ = w.last().pipe.Close()
		time.Sleep(10 * time.Second)
		w.mu.Lock()
		without := slices.ContainsFunc(w.guards, func(s sentinel) bool { return s.order.Key.IsZero() })
		n := len(w.guards)
		w.mu.Unlock()
		if without || n < 2 {
			t.Errorf("of %d guards one has no key: %v", n, without)
		}
		if err := w.kill(r); err != nil {
			t.Error(err)
		}
	})
}

// hung is a key ring that never answers.
type hung struct{ until context.Context }

func (h hung) Get() (graph.Secret, error) {
	<-h.until.Done()
	return graph.Secret{}, keyring.ErrUnusable
}
func (h hung) Set(graph.Secret) error { return keyring.ErrUnusable }

// A key ring that hangs costs the sign-in a second at most, once, and what comes after it nothing.
func TestKeyRingHangs(t *testing.T) {
	t.Parallel()
	took := func(t *testing.T, ring keyring.Ring) (sign, rest time.Duration) {
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			ctx, answer := context.WithCancel(context.Background())
			if ring == nil {
				ring = hung{ctx}
			}
			r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.KeyRing = ring }}, folder)
			began := time.Now()
			r.pass(steps.SignIn)
			sign = time.Since(began)
			r.passUntil(steps.RunSetup)
			if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
				t.Error(err)
			}
			rest = time.Since(began) - sign
			r.run.Finish()
			r.run.Wipe()
			answer()
			w.end()
		})
		return sign, rest
	}
	sign, rest := took(t, nil)
	signUsual, restUsual := took(t, &keyring.Memory{})
	if sign > signUsual+time.Second || rest > restUsual {
		t.Errorf("the sign-in took %s and not %s, the rest %s and not %s", sign, signUsual, rest, restUsual)
	}
}
