package change

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// A read is one of these: yes, no, an answer that may pass, and one that won't.
type answer byte

const (
	yes     answer = 'y'
	no      answer = 'n'
	offline answer = 'o'
	refused answer = 'r'
)

// What is believed depends on the policy alone.
func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		policy  Policy
		answers string // the last one again and again
		reads   int
		is      error
	}{
		"once":                       {Once, "y", 1, nil},
		"stable":                     {Stable, "y", 3, nil},
		"a flap counts anew":         {Stable, "yynyyy", 6, nil},
		"an error counts anew":       {Stable, "yyoyyy", 6, nil},
		"late":                       {Once, "nnny", 4, nil},
		"never":                      {Once, "n", 0, errNotYet},
		"offline for good":           {Stable, "o", 0, graph.ErrOffline},
		"a refusal is final":         {Stable, "yr", 2, graph.ErrForbidden},
		"a question believes no":     {Stable.BelievingNo(), "yn", 2, errNotYet},
		"and no error":               {Stable.BelievingNo(), "oyyy", 4, nil},
		"one read has agreed before": {Stable.After(1), "y", 2, nil},
		"something else is there":    {Once.afterConflict(), "n", 5, errNotOurs},
		"it was ours":                {Once.afterConflict(), "nny", 3, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reads, began := 0, time.Now()
				err := Settle(t.Context(), func(finding.Event) {}, func(context.Context) (bool, error) {
					a := answer(c.answers[min(reads, len(c.answers)-1)])
					reads++
					switch a {
					case offline:
						return false, graph.ErrOffline
					case refused:
						return false, graph.ErrForbidden
					default:
						return a == yes, nil
					}
				}, c.policy)
				if !errors.Is(err, c.is) || c.is == nil && err != nil || c.reads > 0 && reads != c.reads {
					t.Errorf("%d reads, %v", reads, err)
				}
				if took := time.Since(began); c.reads == 0 && (took < settleWithin || took > settleWithin+10*time.Second) {
					t.Errorf("given up after %s", took)
				}
			})
		})
	}
}

// What is read beside agreeing reads is read with each that follows one that said yes, and with no other.
func TestBeside(t *testing.T) {
	for answers, at := range map[string][]int{"yyy": {2, 3}, "yynyyy": {2, 3, 5, 6}, "nyyy": {3, 4}} {
		t.Run(answers, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reads, mu, beside := 0, sync.Mutex{}, []int(nil)
				err := Settle(t.Context(), func(finding.Event) {}, func(context.Context) (bool, error) {
					mu.Lock()
					defer mu.Unlock()
					reads++
					return answer(answers[reads-1]) == yes, nil
				}, Stable.Beside(func(context.Context) {
					synctest.Wait() // the read beside it has ended
					mu.Lock()
					defer mu.Unlock()
					beside = append(beside, reads)
				}))
				if err != nil || !slices.Equal(beside, at) {
					t.Errorf("beside the reads %v, want %v; %v", beside, at, err)
				}
			})
		})
	}
}

// Sending to a directory that does not know the object yet is repeated; any other answer is believed.
func TestWhenKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, last := range []error{nil, graph.ErrConflict} {
			sent := 0
			err := WhenKnown(t.Context(), func(e finding.Event) {
				if e.Wait.Text != NotEverywhere {
					t.Errorf("it says %q", e.Wait.Text)
				}
			}, func() error {
				if sent++; sent < 3 {
					return graph.ErrNotFound
				}
				return last
			})
			if sent != 3 || !errors.Is(err, last) {
				t.Errorf("sent %d times, %v", sent, err)
			}
		}
	})
}
