package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A colleague excludes an account of the last resort from a policy while this program changes the same list: after the read of what is
// announced, before the one that is sent, and while Graph asks to wait with it. The exclusion stays each time, and it is said.
func TestColleaguesExclusionIsKept(t *testing.T) {
	t.Parallel()
	const colleague, part = "breakglass2@contoso.com", "/conditionalAccess/policies/"
	for _, when := range []string{"announced", "told to wait"} {
		for _, at := range []steps.ID{steps.SuspendMFA, steps.ReenableMFA} {
			t.Run(when+" "+string(at), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var on, edited atomic.Bool
					var r *rehearsal
					edit := func(q *http.Request) {
						if err := r.tenant.ExcludeBehindBack(q.URL.Path[strings.LastIndex(q.URL.Path, "/")+1:], colleague); err != nil {
							t.Error(err)
						}
					}
					once := func() bool { return edited.CompareAndSwap(false, true) }
					r = rehearse(t, setup{profile: "business", wrap: func(next http.RoundTripper) http.RoundTripper {
						return roundTripper(func(q *http.Request) (*http.Response, error) {
							one := on.Load() && strings.Contains(q.URL.Path, part)
							switch {
							case one && when == "announced" && q.Method == http.MethodGet && once():
								edit(q)
							case one && when == "told to wait" && q.Method == http.MethodPatch && once():
								time.AfterFunc(time.Second, func() { edit(q) })
								return &http.Response{
									StatusCode: http.StatusTooManyRequests, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: q, Body: http.NoBody,
									Header: http.Header{"Content-Type": {"application/json"}, "Request-Id": {"1"}, "Retry-After": {"9"}},
								}, nil
							}
							return next.RoundTrip(q)
						})
					}})
					r.tenant.AddUser(colleague, "Break Glass 2", "Made-By-Hand-2026")
					r.passUntil(at)
					r.tenant.SetLag(0)
					r.inspect(at)
					on.Store(true)
					if err := r.apply(t.Context(), at); err != nil {
						t.Fatal(err)
					}
					s, kept := r.tenant.Snapshot(), false
					for _, p := range s.Policies {
						kept = kept || slices.Contains(p.Users.ExcludeUsers, s.Users[colleague].ID)
					}
					if !edited.Load() || !kept {
						t.Errorf("edited %v, kept %v", edited.Load(), kept)
					}
					if !r.said("1 added, 0 taken out") {
						t.Error("it is not said")
					}
					r.closeAtLast(t)
				})
			})
		}
	}
}

// A policy is read once more before its list is sent: with what was announced the rest is known, and Conditional Access answers one
// request a second. After it one read is enough where all policies are read several times at the end.
func TestPolicyIsReadOnceBeforeEachWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r := rehearse(t, setup{profile: "business", wrap: calls.wrap})
		r.passUntil(steps.SuspendMFA)
		r.tenant.SetLag(0)
		for _, at := range []steps.ID{steps.SuspendMFA, steps.ReenableMFA} {
			if at != steps.SuspendMFA {
				r.passUntil(at)
			}
			r.inspect(at)
			before := len(calls.calls)
			if err := r.apply(t.Context(), at); err != nil {
				t.Fatal(err)
			}
			reads, writes := map[string]int{}, 0
			for _, c := range calls.calls[before:] {
				method, path, _ := strings.Cut(c, " ")
				switch {
				case !strings.Contains(path, "/conditionalAccess/policies/"):
				case method == http.MethodGet:
					reads[path]++
				case reads[path] != 1:
					t.Errorf("%s: read %d times before it is written", at, reads[path])
					writes++
				default:
					writes++
				}
			}
			if writes == 0 {
				t.Errorf("%s writes to no policy", at)
			}
			for path, n := range reads {
				if want := map[steps.ID]int{steps.SuspendMFA: 2, steps.ReenableMFA: 4}[at]; n != want {
					t.Errorf("%s reads %s %d times, want %d", at, path, n, want)
				}
			}
		}
	})
}

// said reports an event with these words.
func (r *rehearsal) said(words string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.events, func(e steps.Event) bool { return strings.Contains(e.Text, words) })
}

// The same of the registration campaign.
func TestColleaguesCampaignExclusionIsKept(t *testing.T) {
	t.Parallel()
	const colleague = "breakglass2@contoso.com"
	for _, at := range []steps.ID{steps.SuspendMFA, steps.ReenableMFA} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var on atomic.Bool
				var r *rehearsal
				r = rehearse(t, setup{profile: "business", wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						if q.Method != http.MethodPatch || !strings.HasSuffix(q.URL.Path, "/authenticationMethodsPolicy") || !on.CompareAndSwap(true, false) {
							return next.RoundTrip(q)
						}
						if err := simtest.ExcludeFromCampaign(r.tenant, colleague); err != nil {
							t.Error(err)
						}
						return &http.Response{
							StatusCode: http.StatusTooManyRequests, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: q, Body: http.NoBody,
							Header: http.Header{"Content-Type": {"application/json"}, "Request-Id": {"1"}, "Retry-After": {"9"}},
						}, nil
					})
				}})
				id := r.tenant.AddUser(colleague, "Break Glass 2", "Made-By-Hand-2026")
				r.insist()
				time.Sleep(time.Minute)
				r.passUntil(at)
				r.inspect(at)
				on.Store(true)
				if err := r.apply(t.Context(), at); err != nil {
					t.Fatal(err)
				}
				if after := r.tenant.Snapshot().CampaignExcludes; on.Load() || !slices.Contains(after, id) {
					t.Errorf("the campaign excludes %v", after)
				}
				r.closeAtLast(t)
			})
		})
	}
}

// Where the answer does not say whom a policy excludes, nobody loses an exclusion by it: nothing is written.
func TestExclusionsNotSaidAreNotWritten(t *testing.T) {
	t.Parallel()
	const other = "breakglass2@contoso.com"
	synctest.Test(t, func(t *testing.T) {
		var on atomic.Bool
		r := rehearse(t, setup{profile: "business", wrap: editing("/conditionalAccess/policies/", func(p map[string]any) {
			if conditions, is := p["conditions"].(map[string]any); is && on.Load() {
				delete(conditions["users"].(map[string]any), "excludeUsers")
			}
		})})
		r.tenant.AddUser(other, "Break Glass 2", "Made-By-Hand-2026")
		for _, id := range r.tenant.PolicyIDs("CA01") {
			if err := r.tenant.ExcludeBehindBack(id, other); err != nil {
				t.Fatal(err)
			}
		}
		r.passUntil(steps.SuspendMFA)
		r.inspect(steps.SuspendMFA)
		on.Store(true)
		if err := r.apply(t.Context(), steps.SuspendMFA); err == nil {
			t.Error("it is suspended")
		}
		s := r.tenant.Snapshot()
		for _, id := range r.tenant.PolicyIDs("CA01") {
			for name, p := range s.Policies {
				if p.ID == id && !slices.Contains(p.Users.ExcludeUsers, s.Users[other].ID) {
					t.Errorf("%s: the account of the last resort is not excluded any more", name)
				}
			}
		}
		on.Store(false)
		r.closeAtLast(t)
	})
}
