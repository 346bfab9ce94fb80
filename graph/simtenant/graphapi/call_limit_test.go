package graphapi_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestOneRequestASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
		const path = "/v1.0/identity/conditionalAccess/policies"
		w.Must(200, "GET", path, "")
		r := w.Must(429, "POST", "/v1.0/identity/conditionalAccess/evaluate", simtest.EvaluateBody(w.ID(state.OperatorUPN), ""))
		if r.Code() != "TooManyRequests" || r.Header.Get("Retry-After") != "" {
			t.Errorf("throttled: %v %s", r.Header, r.Text)
		}
		time.Sleep(999 * time.Millisecond)
		w.Must(429, "GET", path, "")
		time.Sleep(time.Millisecond)
		w.Must(200, "GET", path, "")
	})
}

func TestFiveReportsInTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{})
		for range 5 {
			w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits", "")
			time.Sleep(time.Second)
		}
		r := w.Must(429, "GET", "/v1.0/auditLogs/directoryAudits", "")
		if r.Header.Get("Retry-After") != "5" {
			t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
		}
		time.Sleep(5 * time.Second)
		w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits", "")
	})
}
