package totp

import (
	"strings"
	"testing"
	"time"
)

// The last six digits of the SHA-1 values in RFC 6238, appendix B.
func TestTOTPAgreesWithTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890")
	for seconds, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := Code(secret, time.Unix(seconds, 0)); got != code {
			t.Errorf("at %d: %s, want %s", seconds, got, code)
		}
	}
}

func TestTOTPAcceptsOneStepEitherWay(t *testing.T) {
	secret, now := []byte("12345678901234567890"), time.Unix(1234567890, 0)
	for _, c := range []struct {
		off  time.Duration
		want bool
	}{{0, true}, {-30 * time.Second, true}, {30 * time.Second, true}, {-90 * time.Second, false}, {90 * time.Second, false}} {
		if got := Matches(secret, Code(secret, now.Add(c.off)), now); got != c.want {
			t.Errorf("a code from %v away: %v, want %v", c.off, got, c.want)
		}
	}
	if Matches(secret, "", now) {
		t.Error("no code at all is accepted")
	}
}

func TestTOTPAddress(t *testing.T) {
	got := Address([]byte("12345678901234567890"), "a@contoso.com", "Simulated tenant")
	want := "otpauth://totp/Simulated%20tenant:a@contoso.com?issuer=Simulated%20tenant&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Contains(got, "=\n") {
		t.Error("padded")
	}
}
