package web

import (
	"crypto/rand"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

const totpSecretSize = 20 // bytes: the length of a SHA-1 sum (RFC 4226, section 4)

// askToRegister begins the registration of an authenticator app. The key stays the same while the page is reloaded.
func (v *visit) askToRegister(f *flow) {
	if f.secret == nil {
		f.secret = make([]byte, totpSecretSize)
		rand.Read(f.secret)
	}
	f.step = askRegistration
}

// takeRegistration checks the first code. With app passwords allowed and per-user MFA enforced, which an enabled account
// becomes by registering, the person is asked for an app password before anything else.
func (v *visit) takeRegistration(f *flow) {
	if !totp.Matches(f.secret, plainCode(v.form("code")), v.s.t.Instant()) {
		f.problem = &problem{Summary: "That code is not right. Wait for the next one and type it here"}
		v.toFlow(f)
		return
	}
	if _, err := v.s.t.MFA.RegisterMethod(f.user, state.MethodTOTP, "Authenticator app", f.secret); err != nil {
		f.problem = &problem{Summary: "The method could not be registered: " + err.Error()}
		v.toFlow(f)
		return
	}
	f.secret, f.passed, f.registered = nil, true, true
	if facts, _ := v.s.facts(f.user); facts.Offered && len(facts.AppPasswords) == 0 {
		f.step = nameAppPassword
		v.toFlow(f)
		return
	}
	v.attempt(f)
}

func (v *visit) takeAppPasswordName(f *flow) {
	name := v.form("name")
	value, reason := v.makeAppPassword(f.user, name)
	if reason != "" {
		f.problem = &problem{Summary: reason}
	} else {
		f.step, f.appName, f.appValue = giveAppPassword, name, value
	}
	v.toFlow(f)
}
