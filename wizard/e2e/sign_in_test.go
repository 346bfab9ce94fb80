package e2e_test

import (
	"strings"
	"testing"
)

// A check without anybody at the keyboard ends when the sign-in is refused, and says why as the wizard does.
func TestRefusedSignInEndsACheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"consent in the browser": {[]string{"--fault", "consent-refused"}, []string{"only an administrator", "AADSTS90094"}},
		"consent with a code":    {[]string{"--fault", "consent-refused", "--device-code"}, []string{"only an administrator", "AADSTS90094"}},
		"code blocked":           {[]string{"--fault", "device-code-blocked", "--device-code"}, []string{"Conditional Access", "AADSTS53003", "without --device-code"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, append([]string{"demo", "check", "--json"}, c.args...)...)
			p.in.Close()
			if code := p.end(); code != exitFailed {
				t.Errorf("exit code %d:\n%s", code, p.out)
			}
			out := p.out.String()
			for _, part := range c.says {
				if !strings.Contains(out, part) {
					t.Errorf("%q is not said:\n%s", part, out)
				}
			}
			for _, wrong := range []string{"no longer valid", "AADSTS0", "press d"} {
				if strings.Contains(out, wrong) {
					t.Errorf("%q is said:\n%s", wrong, out)
				}
			}
		})
	}
}

// A part that can't be played does not leave a pipe waiting for somebody.
func TestFailedPartEndsAPipe(t *testing.T) {
	t.Parallel()
	p := start(t, "demo", "--accessible", "--fault", "device-code-blocked", "--device-code")
	p.out.next(t, "Your choice [1]:")
	p.answer("1")
	p.out.next(t, "to play this part")
	p.answer("p")
	p.in.Close()
	if code := p.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
}

// With --device-code, restore does not ask which way to sign in.
func TestRestoreWithACodeBeginsAtOnce(t *testing.T) {
	t.Parallel()
	p := start(t, "demo", "restore", "--device-code")
	p.out.next(t, "Enter the code:")
	p.in.Close()
	if strings.Contains(p.out.String(), "Your choice") {
		t.Errorf("it asks:\n%s", p.out)
	}
	if code := p.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
}

// A proxy that net/http would ignore, and go around, is refused before anything is sent. Its password is not shown.
func TestMalformedProxyIsRefused(t *testing.T) {
	t.Parallel()
	p := startWith(t, []string{"HTTPS_PROXY=http://user:secret@pro xy:8080"}, "check")
	p.in.Close()
	if code := p.end(); code != exitUsage || !strings.Contains(p.out.String(), "HTTPS_PROXY") || strings.Contains(p.out.String(), "secret") {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
}
