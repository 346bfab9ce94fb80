package web

import (
	"strings"
)

func (v *visit) askSecondFactor(f *flow) {
	facts, _ := v.s.facts(f.user)
	switch {
	case facts.push():
		f.step = askApproval
	case facts.code():
		f.step = askCode
	default:
		v.askToRegister(f)
	}
}

func (v *visit) takeApproval(f *flow, action string) {
	switch action {
	case "approve":
		f.passed = true
		v.attempt(f)
		return
	case "use-code":
		f.step = askCode
	default:
		v.failSecondFactor(f, "The sign-in was denied on the telephone")
	}
	v.toFlow(f)
}

func (v *visit) takeCode(f *flow) {
	facts, _ := v.s.facts(f.user)
	if !facts.codeMatches(plainCode(v.form("code")), v.s.t.Instant()) {
		v.failSecondFactor(f, "That code is not right")
		v.toFlow(f)
		return
	}
	f.passed = true
	v.attempt(f)
}

// failSecondFactor shows and logs a second factor that was not given.
func (v *visit) failSecondFactor(f *flow, summary string) {
	f.problem = entraProblem(summary, v.s.entra.SignIn.RefuseSecondFactor(f.user, f.attempt(false)))
}

// plainCode takes the space out that some apps show in the middle of a code.
func plainCode(code string) string { return strings.ReplaceAll(strings.TrimSpace(code), " ", "") }
