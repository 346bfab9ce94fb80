package cli

import "testing"

// That a run is finished is said once: by its line, or by the report that is told next.
func TestFinishedIsSaidOnce(t *testing.T) {
	const verdict = "The offboarding is finished: 5 of 5 changes were read back."
	for _, c := range []struct {
		offboarding   bool
		verdict, want string
	}{
		{false, "MFA is on for service@contoso.com.", "The onboarding is finished."},
		{true, "", "The offboarding is finished."},
		{true, "MFA IS NOT ON for service@contoso.com.", "The offboarding is finished."},
		{true, verdict, ""},
	} {
		if got := finished(c.offboarding, c.verdict); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
