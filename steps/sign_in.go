package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// signIn is the operator's own sign-in, with their own admin account.
type signIn struct {
	next   string          // the words of the action that goes on
	reads  map[string]bool // the permissions to read that are asked for; nil means all
	begins beginning       // what it is the first screen of
}

func (s signIn) Info() Info {
	return Info{
		ID:    SignIn,
		Title: phrase.T("Sign in"),
		Why:   finding.Advice("You sign in with your own admin account, in your own browser. This program never sees your password."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			s.begins.whoSignsIn(),
			phrase.T("At sign-in this program asks for permissions to read only: d lists them. What changes something is asked for before it is changed, with the reasons."),
			phrase.T("By default the sign-in is for Microsoft Graph Command Line Tools, an application of Microsoft's that every tenant knows. What is accepted for it is accepted for everybody who uses that application in the tenant. With --client-id you use an application of your own instead."),
			phrase.T("If the browser can't be used, or the tenant refuses it, sign in with a code on another device. The browser is the better way: codes are blocked by security defaults in every tenant that has them on, and by many Conditional Access policies, and their renewal may be refused in the middle of a run."),
		},
	}
}

const actDeviceCode, actBrowser, actOther = "device-code", "browser", "other-account"

func (s signIn) Inspect(_ context.Context, r *Run, _ func(Event)) (Finding, error) {
	m := r.snapshot()
	if expired(r) {
		s.begins = anything // it has begun
		f := s.ready(r, m)
		f.Text = append([]Sentence{finding.SignedIn.Of(m.identity.UserPrincipalName, "no").In("Your sign-in has run out and can't be renewed without you. Sign in again as %s.", m.identity.UserPrincipalName)}, f.Text...)
		return f, nil
	}
	if m.identity.ObjectID != "" {
		return Finding{
			Status: Done,
			Text: []Sentence{
				finding.SignedIn.Of(m.identity.UserPrincipalName, "yes").In("You are signed in to %s (%s) as %s.", phrase.Name(m.org.DisplayName), m.org.DefaultDomain, m.identity.UserPrincipalName),
				m.writtenSoFar(),
			},
			Sections: []Section{{Facts: append([]Fact{
				{Label: phrase.T("You"), Value: m.identity.UserPrincipalName, Mark: MarkOK},
				{Label: phrase.T("Tenant"), Value: m.org.DisplayName, Mark: MarkOK},
				{Label: phrase.T("Domain"), Value: m.org.DefaultDomain},
				{Label: phrase.T("Cloud"), Value: cloudName(r.opts.Cloud)},
			}, homeFact(m.identity)...)}},
			Actions: []Action{{ID: ActNext, Label: s.next}, {ID: actOther, Label: phrase.T("Sign in with another account")}},
		}, nil
	}
	return s.ready(r, m), nil
}

func (s signIn) ready(r *Run, m *memory) Finding {
	other, otherLabel := actDeviceCode, phrase.T("Use a code on another device")
	apply, text := phrase.T("Sign in in the browser"), []Sentence{s.Info().Why}
	if m.signedIn.method == graph.DeviceCode {
		other, otherLabel = actBrowser, phrase.T("Use the browser here")
		apply = phrase.T("Sign in with a code")
		text = append(text, finding.Advice("The browser is the better way: many tenants block codes, and their renewal may be refused in the middle of a run."))
	}
	f := Finding{
		Status:   Ready,
		Text:     text,
		Sections: []Section{{Title: phrase.T("Asked for, to read only"), Facts: scopeFacts(s.scopes(r))}},
		Notice:   clientNotice(r),
		Actions:  []Action{{ID: ActApply, Label: apply}, {ID: other, Label: otherLabel}},
	}
	if r.opts.Tenant == "" {
		f.Fields = []Field{tenantField(m.signedIn.tenant)}
	}
	f.Details = f.Sections
	switch s.begins {
	case onboards:
		s.prepare(&f, m)
	case offboards:
		prepareOffboarding(&f)
	case anything:
	}
	f.Sections = append(SetBeforehand(r), f.Sections...)
	for _, way := range []graph.Method{graph.Browser, graph.DeviceCode} {
		if e := m.signedIn.refused[way]; e != nil {
			f.Text = append([]Sentence{finding.SignedIn.Of("", "refused").In("%s", refusal(e, m.signedIn.method))}, f.Text...)
		}
	}
	if m.signedIn.refused[graph.Browser] != nil && m.signedIn.refused[graph.DeviceCode] != nil {
		f.Status = Blocked
		f.Text = append(f.Text, finding.SignedIn.Of("", "refused").In("Both ways are refused.").And(finding.Advice("An administrator of Conditional Access has to allow one of them for you, for instance from a managed device.")))
	}
	return f
}

// scopes are the permissions to read that are asked for, of those that the run's cloud knows.
func (s signIn) scopes(r *Run) []scope {
	return slices.DeleteFunc(slices.Clone(readScopes), func(p scope) bool {
		return p.Name == readScore && !r.opts.Cloud.HasSecureScore() || s.reads != nil && !s.reads[p.Name]
	})
}

// expired reports a sign-in that Microsoft no longer takes and that can't be renewed without the operator.
func expired(r *Run) bool {
	client, err := r.tenant()
	return err == nil && client.Lapsed()
}

// clientNotice says what consenting to the application means. Another one is a row of its own.
func clientNotice(r *Run) Sentence {
	if ownClient(r) {
		return Sentence{}
	}
	return finding.Advice("You sign in to Microsoft Graph Command Line Tools. What is accepted for it stays accepted for everybody who uses it in this tenant, until it is removed there.")
}

// refusal says why a way is refused and, until the other one was chosen as well, what to do.
func refusal(e *graph.SignInError, now graph.Method) string {
	a, _ := problem.AdviceOn(e)
	text := a.What
	if words := problem.Said(e); words != "" {
		text = strings.TrimSuffix(text, ".") + " (" + words + ")."
	}
	if now != e.Method || e.Code == 530036 {
		text += " " + a.Next
	}
	return text
}

// Refused is why the last sign-in was refused by policy, for who can't be offered the other way; nil when none was, or one
// succeeded since.
func (r *Run) Refused() error {
	m := r.snapshot()
	// The way that is offered now is the other one.
	if e := m.signedIn.refused[graph.Browser+graph.DeviceCode-m.signedIn.method]; e != nil {
		return &Error{Op: "sign in", Err: e}
	}
	return nil
}

// Plan is empty: the sign-in changes nothing, and comes before the plan.
func (signIn) Plan(Situation) Planned { return Planned{} }

func (s signIn) Apply(ctx context.Context, r *Run, report func(Event)) error {
	m := r.snapshot()
	customer, err := customer(r)
	if err != nil {
		return err
	}
	client, err := graph.New(graph.Options{
		Cloud: r.opts.Cloud, Tenant: customer, ClientID: r.opts.ClientID, Transport: r.opts.Transport,
		Observe: r.observe, Bodies: r.opts.Bodies, OnWait: r.waited,
	})
	if err != nil {
		return &Error{Op: "sign in", Err: err}
	}
	askKeyRing(r)
	report(Event{Text: phrase.T("Waiting for you to sign in")})
	identity, err := client.SignIn(ctx, m.signedIn.method, r.prompt(ctx, report, nil), mfa.Names(s.scopes(r))...)
	if err != nil {
		return signInFailed(r, m.signedIn.method, err)
	}
	if open, yes := r.Exposure(); yes && (identity.ObjectID != m.signedIn.who.ObjectID || identity.TenantID != m.signedIn.who.TenantID) {
		return &Error{Op: "go on as %s", Of: []any{identity.UserPrincipalName}, Hint: phrase.T("MFA is off for %s. Sign in as %s, and put MFA back first.", open.Account, m.signedIn.who.UserPrincipalName)}
	}
	report(Event{Text: phrase.T("Reading who you are")})
	org, err := client.Tenant.Organization(ctx)
	if err != nil {
		return &Error{Op: "read the tenant's name", Err: err}
	}
	if err := belongs(ctx, client, identity, org); err != nil {
		return err
	}
	if err := r.keep(identity); err != nil {
		return err
	}
	r.use(client, identity, org)
	r.update(func(m *memory) {
		if m.signedIn.before == nil { // a later sign-in has what was accepted since
			m.signedIn.before = append([]string{}, without(client.Granted(), mfa.Names(s.scopes(r)))...)
		}
	})
	return nil
}

// use takes over a signed-in client. Signed in as somebody else, or to another tenant, the run begins anew: nothing
// that was read, chosen or accepted before holds.
func (r *Run) use(client *graph.Client, identity graph.Identity, org graph.Organization) {
	r.mu.Lock()
	defer r.mu.Unlock()
	same := r.mem.signedIn.who == (graph.Identity{}) || (r.mem.signedIn.who.ObjectID == identity.ObjectID && r.mem.signedIn.who.TenantID == identity.TenantID)
	if !same {
		r.mem.wipe()
		customer := r.mem.signedIn.tenant
		r.mem = r.first
		r.window.Forget()
		r.advisor.Forget()
		r.mem.signedIn.tenant = customer
	}
	r.client = client
	r.mem.signedIn.who, r.mem.identity, r.mem.org = identity, identity, org
	r.mem.sayNames()
	for _, e := range r.mem.signedIn.refused {
		if e != nil {
			r.mem.signedIn.blocked = e
		}
	}
	r.mem.signedIn.refused = [2]*graph.SignInError{}
}

// signInFailed remembers a refusal by policy, so that the screen offers the other way; anything else is an error.
func signInFailed(r *Run, method graph.Method, err error) error {
	if e, ok := errors.AsType[*graph.SignInError](err); ok && errors.Is(err, graph.ErrSignInRefused) {
		r.update(func(m *memory) {
			m.signedIn.refused[method] = e
			m.signedIn.method = graph.Browser + graph.DeviceCode - method
		})
		return nil
	}
	return &Error{Op: "sign in", Err: err}
}

// forgetSignIn lets somebody else sign in.
func forgetSignIn(r *Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.client = nil
	r.mem.identity, r.mem.org = graph.Identity{}, graph.Organization{}
}

func (signIn) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case ansMail:
		return takeWelcome(r, value)
	case ansCustomer:
		return answerTenant(r, value.Reveal())
	case actDeviceCode:
		r.update(func(m *memory) { m.signedIn.method = graph.DeviceCode })
	case actBrowser:
		r.update(func(m *memory) { m.signedIn.method = graph.Browser })
	case actOther:
		m := r.snapshot()
		if _, open := r.Exposure(); (open || len(m.window.Owed.Exclusions) > 0) && !expired(r) {
			return &Error{Op: "change the account", Hint: phrase.T("The exposure window is open. Re-enable MFA first.")}
		}
		forgetSignIn(r)
	default:
		return unknownAnswer(id)
	}
	return nil
}

//go:noinline // every copy would be carried
func unknownAnswer(id string) error {
	return &Error{Op: "understand the answer %s", Of: []any{strings.TrimSpace(id)}}
}
