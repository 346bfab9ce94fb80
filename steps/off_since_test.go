package steps

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestOffSinceCountsDaysFromTwoOn(t *testing.T) {
	t.Parallel()
	for lasted, want := range map[time.Duration]string{
		20 * time.Minute:               ", for 20 min.",
		47*time.Hour + 59*time.Minute:  ", for 47 h 59 min.",
		21*24*time.Hour + 23*time.Hour: ", for 21 days.",
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := offSince("a@contoso.com", time.Now().Add(-lasted)).String(); !strings.HasSuffix(got, want) {
				t.Errorf("%s: %q", lasted, got)
			}
		})
	}
}
