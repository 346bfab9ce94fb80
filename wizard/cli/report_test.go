package cli

import "testing"

// A path is clicked and copied whole: it is never broken, as at a hyphen of its own.
func TestSentencesBreakAtSpaces(t *testing.T) {
	for _, c := range []struct {
		said, want string
		w          int
	}{
		{"It is a short one.", "It is a short one.", 20},
		{"The report: /tmp/re-hearsal-0/contoso.com-2026-11-28.html", "The report:\n/tmp/re-hearsal-0/contoso.com-2026-11-28.html", 24},
		{"One two three.", "One\ntwo\nthree.", 5},
		{"", "", 5},
	} {
		if got := atSpaces(c.said, c.w); got != c.want {
			t.Errorf("%q in %d columns is %q, want %q", c.said, c.w, got, c.want)
		}
	}
}
