package fault_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func weather(t *testing.T, text string, seed int64) fault.Weather {
	t.Helper()
	w, err := fault.Parse(text, seed)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWeatherInABatch(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Weather: weather(t, "429", 3)})
	const items = 20
	var requests []string
	for i := range items {
		requests = append(requests, fmt.Sprintf(`{"id":"%d","method":"GET","url":"/users/%d@contoso.com"}`, i, i))
	}
	r := w.Graph("POST", "/v1.0/$batch", `{"requests":[`+strings.Join(requests, ",")+`]}`)
	throttled := 0
	for _, item := range r.Body["responses"].([]any) {
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
	if r.Status != http.StatusOK || throttled == 0 || throttled == items {
		t.Errorf("%d: %d of %d items are throttled", r.Status, throttled, items)
	}
}

func TestLateLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{Profile: "business", Weather: weather(t, "audit-late", 0)})
		w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)
		var after time.Duration
		for start := time.Now(); len(w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Add user'", "").List()) == 0; after = time.Since(start) {
			time.Sleep(5 * time.Second)
		}
		if after < fault.ShortestAudit || after > fault.LongestAudit+5*time.Second {
			t.Errorf("the entry came after %v", after)
		}
	})
}

func TestSkewedClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sides := map[bool]int{}
		for seed := range int64(8) {
			w := simtest.NewWire(t, simtenant.Options{Weather: weather(t, "clock-skew", seed+1)})
			r := w.Must(200, "GET", "/v1.0/me", "")
			at, err := time.Parse(http.TimeFormat, r.Header.Get("Date"))
			off := time.Until(at)
			if err != nil || off.Abs() < fault.SmallestSkew-time.Second || off.Abs() > fault.LargestSkew {
				t.Errorf("seed %d: the clock is off by %v (%v)", seed, off, err)
			}
			sides[off > 0]++
			keys := w.Send("GET", w.Endpoints.Authority+"/common/discovery/keys", "")
			if keys.Header.Get("Date") != r.Header.Get("Date") {
				t.Errorf("the sign-in says %s, Graph %s", keys.Header.Get("Date"), r.Header.Get("Date"))
			}
			if made := w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody); made.Header.Get("Date") != r.Header.Get("Date") {
				t.Errorf("%v", made.Header)
			}
			w.Tenant.State.Lock()
			created := w.Tenant.State.Directory.UserByUPNLocked(simtest.NewUserUPN).Created
			w.Tenant.State.Unlock()
			if time.Until(created) != off {
				t.Errorf("the directory's clock is off by %v, the header by %v", time.Until(created), off)
			}
		}
		if len(sides) != 2 {
			t.Errorf("the clock is always off to one side: %v", sides)
		}
		// One front end of many.
		w := simtest.NewWire(t, simtenant.Options{})
		if err := w.Tenant.FaultAt(1, fault.Clock); err != nil {
			t.Fatal(err)
		}
		for i, wrong := range []bool{true, false} {
			at, err := time.Parse(http.TimeFormat, w.Must(200, "GET", "/v1.0/me", "").Header.Get("Date"))
			if err != nil || (time.Since(at).Abs() > time.Minute) != wrong {
				t.Errorf("answer %d is of %v (%v)", i+1, at, err)
			}
		}
	})
}

func TestBlockedDeviceCode(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Weather: weather(t, "device-code-blocked", 0)})
	attempt := state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, ClientApp: state.ClientModern, CompletedMFA: true}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(attempt); refusal != nil {
		t.Errorf("without a device code: %v", refusal)
	}
	attempt.TransferMethod = state.TransferDeviceCode
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(attempt); refusal == nil || refusal.Code != entra.AADBlockedByPolicy {
		t.Errorf("with a device code: %v", refusal)
	}
}

func TestConsentIsRefusedOnce(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Weather: weather(t, "consent-refused", 0)})
	for i, code := range []int{entra.AADAdminConsentRequired, 0, 0} {
		refusal := w.Tenant.Entra.Consents.GrantConsent(w.ID(state.OperatorUPN), state.AppCommandLine, []string{"User.Read"}, true)
		if (refusal != nil) != (code != 0) || refusal != nil && refusal.Code != code {
			t.Errorf("consent %d: %v", i+1, refusal)
		}
	}
}

func TestConsentIsLostOnce(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Weather: weather(t, "consent-missing", 0)})
	w.Consent(state.OperatorUPN, "User.Read")
	granted := w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues("scope", "User.Read offline_access openid")), simtest.TestVerifier)
	secret, _ := granted.Body["refresh_token"].(string)
	if secret == "" {
		t.Fatal(granted.Text)
	}
	renew := func() simtest.Reply {
		return w.Form("token", "grant_type", "refresh_token", "client_id", state.AppCommandLine, "refresh_token", secret, "scope", "https://graph.microsoft.com/.default")
	}
	lost := 0
	for range 6 {
		r := renew()
		if r.Status == http.StatusOK {
			continue
		}
		w.EntraRefusal(r, "invalid_grant", entra.AADConsentMissing)
		lost++
		w.Consent(state.OperatorUPN, "User.Read")
	}
	if lost != 1 {
		t.Errorf("the consent was lost %d times", lost)
	}
}
