package steps_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// ledger writes down when each request to Graph began and was answered, and makes each take a round trip.
type ledger struct {
	mu   sync.Mutex
	step steps.ID
	all  []timedRequest
}

type timedRequest struct {
	step            steps.ID
	call            string
	began, answered time.Time
}

func (l *ledger) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		if !strings.HasPrefix(q.URL.Path, "/v1.0/") && !strings.HasPrefix(q.URL.Path, "/beta/") {
			return next.RoundTrip(q)
		}
		began := time.Now()
		time.Sleep(roundTrip)
		a, err := next.RoundTrip(q)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = append(l.all, timedRequest{l.step, q.Method + " " + q.URL.Path, began, time.Now()})
		return a, err
	})
}

// inSequence is the longest row of requests of which each began when the one before had been answered.
func inSequence(all []timedRequest) (row []timedRequest) {
	slices.SortStableFunc(all, func(a, b timedRequest) int { return a.began.Compare(b.began) })
	rows := make([][]timedRequest, len(all))
	for i, r := range all {
		for j := range i {
			if !all[j].answered.After(r.began) && len(rows[j]) > len(rows[i]) {
				rows[i] = rows[j]
			}
		}
		rows[i] = append(slices.Clone(rows[i]), r)
	}
	return slices.MaxFunc(rows, func(a, b []timedRequest) int { return cmp.Compare(len(a), len(b)) })
}

// A whole onboarding asks no more often one after another than is written down here, where nothing lags. A read that has to agree
// with itself is three of them.
func TestOnboardingIsQuick(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "fresh", wrap: l.wrap})
		r.tenant.SetLag(0)
		for _, s := range steps.All() {
			l.step = s.Info().ID
			r.pass(s.Info().ID)
		}
	})
	row := inSequence(l.all)
	counts := map[steps.ID]int{}
	for _, q := range row {
		counts[q.step]++
	}
	t.Logf("%d requests, %d of them one after another: %v", len(l.all), len(row), counts)
	if most := 30; len(row) > most {
		t.Errorf("more than %d", most)
	}
}
