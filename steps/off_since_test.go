package steps

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Since when MFA is off, and that an earlier run left it so, is the journal's word. Without one the audit log bounds it, and nobody is named.
func TestOffSinceIsWhoSaysIt(t *testing.T) {
	t.Parallel()
	const earlier = "an earlier run"
	for lasted, want := range map[time.Duration]string{
		20 * time.Minute:               "(20 min).",
		47*time.Hour + 59*time.Minute:  "(47 h 59 min).",
		21*24*time.Hour + 23*time.Hour: "(21 days).",
		0:                              "nobody here knows since when",
	} {
		synctest.Test(t, func(t *testing.T) {
			for _, journaled := range []bool{false, true} {
				l := window.Leftover{Facts: mfa.Facts{User: graph.User{UserPrincipalName: "a@contoso.com"}}, Exposed: true, Journaled: journaled}
				if lasted > 0 {
					l.Opened = time.Now().Add(-lasted)
				}
				got := finding.Read(leftoverFinding(&l, &memory{}).Text)
				if !strings.Contains(got, want) || strings.Contains(got, earlier) != journaled || !journaled && lasted > 0 && !strings.Contains(got, "at most since") {
					t.Errorf("journaled %t: %q", journaled, got)
				}
			}
		})
	}
}
