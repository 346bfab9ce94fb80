package simtenant

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func weather(t *testing.T, text string, seed int64) Weather {
	t.Helper()
	w, err := ParseFaults(text, seed)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// fates are what one kind of request after another meets.
func fates(s *sky, requests ...GraphRequest) []FaultKind {
	var met []FaultKind
	for _, r := range requests {
		met = append(met, s.fate(r))
	}
	return met
}

func TestWeatherIsBounded(t *testing.T) {
	read, write := GraphRequest{Method: "GET", Path: "/v1.0/me"}, GraphRequest{Method: "POST", Path: "/v1.0/users", Writes: true}
	met, hits := map[FaultKind]int{}, 0
	const seeds, long = 40, 200
	for seed := range int64(seeds) {
		s := newSky(weather(t, "all", seed+1))
		for _, r := range []GraphRequest{read, write} {
			list := fates(s, slices.Repeat([]GraphRequest{r}, long)...)
			last := -spared - 1
			for i, k := range list {
				if k == "" {
					continue
				}
				if i-last <= spared {
					t.Fatalf("seed %d: %s is hit at %d and again at %d", seed, r.Path, last, i)
				}
				if !r.Can(k) {
					t.Fatalf("%s happened to %s", k, r.key())
				}
				last, hits = i, hits+1
				met[k]++
			}
		}
		if s.revoked > mostRevoked {
			t.Errorf("seed %d: %d sessions are challenged", seed, s.revoked)
		}
	}
	if rate := float64(hits) / (2 * seeds * long); rate < 0.08 || rate > 0.17 {
		t.Errorf("%.3f of the requests are hit", rate)
	}
	for _, k := range FaultKinds() {
		if lasting := slices.Contains(tenantFaults, k); (met[k] > 0) == lasting {
			t.Errorf("%s happened %d times", k, met[k])
		}
	}
}

func TestWeatherFollowsFromItsSeed(t *testing.T) {
	var these, those []GraphRequest
	for i := range 60 {
		these = append(these, GraphRequest{Method: "GET", Path: fmt.Sprint("/v1.0/users/", i%3)})
		those = append(those, GraphRequest{Method: "GET", Path: "/v1.0/domains"})
	}
	calm := func(seed int64) *sky { return newSky(weather(t, "429,500,dropped", seed)) }
	alone := fates(calm(5), these...)
	if again := fates(calm(5), these...); !slices.Equal(alone, again) {
		t.Error("the same seed brings other weather")
	}
	if other := fates(calm(6), these...); slices.Equal(alone, other) {
		t.Error("another seed brings the same weather")
	}
	// What other requests come between makes no difference.
	s := calm(5)
	for i := range these {
		s.fate(those[i])
		if got := s.fate(these[i]); got != alone[i] {
			t.Fatalf("request %d: %q, alone %q", i, got, alone[i])
		}
	}
	if fair := fates(newSky(Weather{}), these...); slices.ContainsFunc(fair, func(k FaultKind) bool { return k != "" }) {
		t.Error("fair weather is not fair")
	}
}

func TestWeatherInABatch(t *testing.T) {
	w := newWire(t, Options{Weather: weather(t, "429", 3)})
	const items = 20
	var requests []string
	for i := range items {
		requests = append(requests, fmt.Sprintf(`{"id":"%d","method":"GET","url":"/users/%d@contoso.com"}`, i, i))
	}
	r := w.graph("POST", "/v1.0/$batch", `{"requests":[`+strings.Join(requests, ",")+`]}`)
	throttled := 0
	for _, item := range r.body["responses"].([]any) {
		response := item.(map[string]any)
		switch headers := response["headers"].(map[string]any); response["status"] {
		case 429.0:
			throttled++
			if headers["Retry-After"] == nil {
				t.Errorf("no Retry-After in %v", response)
			}
		case 404.0:
		default:
			t.Errorf("%v", response)
		}
	}
	if r.status != http.StatusOK || throttled == 0 || throttled == items {
		t.Errorf("%d: %d of %d items are throttled", r.status, throttled, items)
	}
}

func TestLateLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t, Options{Profile: "business", Weather: weather(t, "audit-late", 0)})
		w.must(201, "POST", "/v1.0/users", newUserBody)
		var after time.Duration
		for start := time.Now(); len(w.must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Add user'", "").list()) == 0; after = time.Since(start) {
			time.Sleep(5 * time.Second)
		}
		if after < shortestAudit || after > longestAudit+5*time.Second {
			t.Errorf("the entry came after %v", after)
		}
	})
}

func TestSkewedClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sides := map[bool]int{}
		for seed := range int64(8) {
			w := newWire(t, Options{Weather: weather(t, "clock-skew", seed+1)})
			r := w.must(200, "GET", "/v1.0/me", "")
			at, err := time.Parse(http.TimeFormat, r.header.Get("Date"))
			off := time.Until(at)
			if err != nil || off.Abs() < smallestSkew-time.Second || off.Abs() > largestSkew {
				t.Errorf("seed %d: the clock is off by %v (%v)", seed, off, err)
			}
			sides[off > 0]++
			keys := w.send("GET", w.ep.Authority+"/common/discovery/keys", "")
			if keys.header.Get("Date") != r.header.Get("Date") {
				t.Errorf("the sign-in says %s, Graph %s", keys.header.Get("Date"), r.header.Get("Date"))
			}
			if made := w.must(201, "POST", "/v1.0/users", newUserBody); made.header.Get("Date") != r.header.Get("Date") {
				t.Errorf("%v", made.header)
			}
			w.tenant.mu.Lock()
			created := w.tenant.userByUPNLocked(newUserUPN).created
			w.tenant.mu.Unlock()
			if time.Until(created) != off {
				t.Errorf("the directory's clock is off by %v, the header by %v", time.Until(created), off)
			}
		}
		if len(sides) != 2 {
			t.Errorf("the clock is always off to one side: %v", sides)
		}
		// One front end of many.
		w := newWire(t, Options{})
		if err := w.tenant.FaultAt(1, FaultClock); err != nil {
			t.Fatal(err)
		}
		for i, wrong := range []bool{true, false} {
			at, err := time.Parse(http.TimeFormat, w.must(200, "GET", "/v1.0/me", "").header.Get("Date"))
			if err != nil || (time.Since(at).Abs() > time.Minute) != wrong {
				t.Errorf("answer %d is of %v (%v)", i+1, at, err)
			}
		}
	})
}

func TestBlockedDeviceCode(t *testing.T) {
	w := newWire(t, Options{Weather: weather(t, "device-code-blocked", 0)})
	attempt := signInAttempt{UPN: operatorUPN, Password: operatorPassword, AppID: appCommandLine, ClientApp: clientModern, CompletedMFA: true}
	if _, refusal := w.tenant.signIn(attempt); refusal != nil {
		t.Errorf("without a device code: %v", refusal)
	}
	attempt.TransferMethod = transferDeviceCode
	if _, refusal := w.tenant.signIn(attempt); refusal == nil || refusal.Code != aadBlockedByPolicy {
		t.Errorf("with a device code: %v", refusal)
	}
}

func TestConsentIsRefusedOnce(t *testing.T) {
	w := newWire(t, Options{Weather: weather(t, "consent-refused", 0)})
	for i, code := range []int{aadAdminConsentRequired, 0, 0} {
		refusal := w.tenant.grantConsent(w.id(operatorUPN), appCommandLine, []string{"User.Read"}, true)
		if (refusal != nil) != (code != 0) || refusal != nil && refusal.Code != code {
			t.Errorf("consent %d: %v", i+1, refusal)
		}
	}
}

func TestConsentIsLostOnce(t *testing.T) {
	w := newWire(t, Options{Weather: weather(t, "consent-missing", 0)})
	w.consent(operatorUPN, "User.Read")
	granted := w.redeem(w.code(operatorUPN, authorizeValues("scope", "User.Read offline_access openid")), testVerifier)
	secret, _ := granted.body["refresh_token"].(string)
	if secret == "" {
		t.Fatal(granted.text)
	}
	renew := func() reply {
		return w.form("token", "grant_type", "refresh_token", "client_id", appCommandLine, "refresh_token", secret, "scope", "https://graph.microsoft.com/.default")
	}
	lost := 0
	for range 6 {
		r := renew()
		if r.status == http.StatusOK {
			continue
		}
		w.entraRefusal(r, "invalid_grant", aadConsentMissing)
		lost++
		w.consent(operatorUPN, "User.Read")
	}
	if lost != 1 {
		t.Errorf("the consent was lost %d times", lost)
	}
}
