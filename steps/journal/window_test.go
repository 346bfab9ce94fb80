package journal

import (
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	mfaOff    = Inverse{Kind: InversePerUserMFA, TargetID: account.ID, Value: "enforced"}
	mfaOn     = Inverse{Kind: InversePerUserMFA, TargetID: account.ID, Value: "enabled"}
	excluded  = Inverse{Kind: InversePolicyExclusion, TargetID: "policy-1", Value: account.ID}
	excluded2 = Inverse{Kind: InversePolicyExclusion, TargetID: "policy-2", Value: account.ID}
	assigned  = Inverse{Kind: InverseRoleAssignment, TargetID: account.ID, Value: "role"}
	elsewhere = Inverse{Kind: InversePolicyExclusion, TargetID: "policy-1", Value: "somebody-else"}
)

func opened() Entry { return Entry{Kind: KindWindowOpened, Account: account, CapSeconds: 1800} }
func closed() Entry { return Entry{Kind: KindWindowClosed, Account: account} }

func changing(i Inverse) Entry  { return Entry{Kind: KindIntent, Inverse: &i} }
func restoring(i Inverse) Entry { return Entry{Kind: KindIntent, Restores: &i} }

func outcome(of int, o Outcome, verified bool) Entry {
	return Entry{Kind: KindOutcome, Intent: of, Outcome: o, Verified: verified}
}

func TestOpenWindow(t *testing.T) {
	found := Entry{Kind: KindOutcome, Outcome: Applied, Verified: true, Restores: &excluded, Note: "was so already"}
	stuck := Entry{Kind: KindWindowStuck, Account: account}
	tests := map[string]struct {
		entries []Entry
		since   int // the Seq of the line that opened it; 0 when it is closed
		want    []Inverse
	}{
		"nothing":          {nil, 0, nil},
		"opened only":      {[]Entry{opened()}, 1, nil},
		"closed":           {[]Entry{opened(), changing(mfaOff), closed()}, 0, nil},
		"intent only":      {[]Entry{opened(), changing(mfaOff)}, 1, []Inverse{mfaOff}},
		"answer lost":      {[]Entry{opened(), changing(mfaOff), outcome(2, Unknown, false)}, 1, []Inverse{mfaOff}},
		"applied":          {[]Entry{opened(), changing(mfaOff), outcome(2, Applied, true)}, 1, []Inverse{mfaOff}},
		"refused":          {[]Entry{opened(), changing(mfaOff), outcome(2, Refused, false)}, 1, nil},
		"refused but seen": {[]Entry{opened(), changing(mfaOff), outcome(2, Refused, true)}, 1, []Inverse{mfaOff}},
		"being restored":   {[]Entry{opened(), changing(mfaOff), restoring(mfaOn)}, 1, []Inverse{mfaOff}},
		"restored, unseen": {[]Entry{opened(), changing(mfaOff), restoring(mfaOn), outcome(3, Applied, false)}, 1, []Inverse{mfaOff}},
		"restored":         {[]Entry{opened(), changing(mfaOff), restoring(mfaOn), outcome(3, Applied, true)}, 1, nil},
		"found restored":   {[]Entry{opened(), changing(excluded), changing(excluded2), found}, 1, []Inverse{excluded2}},
		"stuck":            {[]Entry{opened(), changing(excluded), stuck}, 1, []Inverse{excluded}},
		"suspended before the role was assigned": {
			[]Entry{changing(excluded), outcome(1, Applied, true), opened(), changing(assigned)}, 3, []Inverse{excluded},
		},
		"suspended again while it is restored": {
			[]Entry{opened(), changing(mfaOff), restoring(mfaOn), changing(mfaOff), outcome(3, Applied, true)}, 1, []Inverse{mfaOff},
		},
		"the first before-image counts": {
			[]Entry{opened(), changing(mfaOff), opened(), changing(mfaOn)}, 1, []Inverse{mfaOff},
		},
		"closed once":  {[]Entry{opened(), opened(), closed()}, 0, nil},
		"opened again": {[]Entry{opened(), closed(), opened()}, 3, nil},
		"of somebody else": {
			[]Entry{opened(), changing(elsewhere), {Kind: KindWindowClosed, Account: Account{ID: "somebody-else"}}}, 1, nil,
		},
	}
	seen := map[string]bool{"applied": true, "refused but seen": true, "suspended before the role was assigned": true} // each of them, by a read
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			j, folder := attached(t)
			put(t, j, tt.entries...)
			l := mustRead(t, folder)
			got, open := l.OpenWindow()
			if open != (tt.since > 0) {
				t.Fatalf("open: %v, %+v", open, got)
			}
			if !open {
				return
			}
			want := WindowState{
				Account: account, Opened: l.Entries[tt.since-1].At, Run: j.Run(), PID: j.pid, Cap: 30 * time.Minute, Inverses: tt.want,
			}
			if want.Unseen = tt.want; seen[name] {
				want.Unseen = nil
			}
			for _, e := range l.Entries { // of several the last
				if e.Kind == KindIntent && e.Inverse != nil && slices.ContainsFunc(tt.want, e.Inverse.same) {
					want.Suspended = e.At
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOutstandingHasWhatNoWindowCloses(t *testing.T) {
	j, folder := attached(t)
	put(t, j, changing(assigned), outcome(1, Applied, true), opened(), changing(mfaOff), changing(elsewhere))
	if diff := cmp.Diff([]Inverse{assigned, mfaOff, elsewhere}, mustRead(t, folder).Outstanding()); diff != "" {
		t.Error(diff)
	}
}

func TestOneClosesTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wizard, folder := attached(t)
		guard, err := Attach(folder, contoso, Author{By: ByGuard})
		if err != nil {
			t.Fatal(err)
		}
		release, err := wizard.ClaimWindow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var freed atomic.Bool
		waiting := make(chan error)
		go func() {
			release, err := guard.ClaimWindow(t.Context())
			if err == nil && !freed.Load() {
				t.Error("two closed the window at once")
			}
			if err == nil {
				release()
			}
			waiting <- err
		}()
		time.Sleep(time.Minute)
		freed.Store(true)
		release()
		if err := <-waiting; err != nil {
			t.Error(err)
		}
	})
}
