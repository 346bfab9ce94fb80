package entra

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// A token of one cloud is worth nothing in another.
func TestAudienceOfACloud(t *testing.T) {
	for audience, hosts := range map[string]map[string]bool{
		"https://graph.microsoft.com": {"graph.microsoft.com": true, "graph.microsoft.us": false, "127.0.0.1:4443": true, "graph.sim.example": true},
		"https://graph.microsoft.us":  {"graph.microsoft.com": false, "graph.microsoft.us": true},
		state.AppGraph:                {"graph.microsoft.com": true, "microsoftgraph.chinacloudapi.cn": true},
		"https://example.org":         {"graph.microsoft.com": false, "127.0.0.1:4443": false},
	} {
		for host, want := range hosts {
			if got := audienceFits(audience, host); got != want {
				t.Errorf("a token for %s at %s: %v, want %v", audience, host, got, want)
			}
		}
	}
}

func TestChallengeOfARevokedToken(t *testing.T) {
	challenge := (&RevokedError{time.Unix(1700000000, 0)}).Challenge()
	for _, part := range []string{`error="insufficient_claims"`, `claims="ey`} {
		if !strings.Contains(challenge, part) {
			t.Errorf("the challenge lacks %s: %s", part, challenge)
		}
	}
}
