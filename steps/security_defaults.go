package steps

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Security defaults have no exception for one account. Turning them off reaches the whole tenant, so it has a screen of
// its own, the tenant's name is typed, and turning them on again is the first thing that is put back.

// defaultsChoice is what to do about security defaults that are on.
type defaultsChoice string

const (
	defaultsKeep defaultsChoice = ""    // setup can't run then
	defaultsOff  defaultsChoice = "off" // while it runs
)

const (
	ansDefaults = "security-defaults"
	ansTenant   = "tenant-name"
)

func defaultsField(m memory) Field {
	value := "keep"
	if m.defaults == defaultsOff {
		value = string(defaultsOff)
	}
	return Field{
		ID: ansDefaults, Label: defaultsLabel, Kind: ChoiceField, Value: value,
		Options: []Option{{ID: "keep", Label: "stay on; nothing is done here"}, {ID: string(defaultsOff), Label: "off, for the whole tenant, while setup runs"}},
		Help:    "Off means: nobody in the tenant is asked for MFA by them, and old protocols work again, until Re-enable MFA.",
	}
}

func (r *Run) answerDefaults(text string) error {
	switch text {
	case "keep":
		r.set(func(m *memory) { m.defaults = defaultsKeep })
	case string(defaultsOff):
		r.set(func(m *memory) { m.defaults = defaultsOff })
	default:
		return unknownAnswer(text)
	}
	return nil
}

// defaultsScreen asks for the tenant's name before security defaults are turned off.
func defaultsScreen(f mfaFacts, m memory) Finding {
	out := Finding{
		Status: Ready,
		Text: []string{
			"Security defaults demand MFA of " + f.user.UserPrincipalName + ", and they know no exception for one account.",
			"Turning them off reaches everybody in " + phrase.Name(m.org.DisplayName) + ": nobody is asked for MFA by them, administrators included, and old protocols that know no MFA work again. They are the first thing that is put back, at Re-enable MFA, when you leave, and at the end of the window.",
		},
		Changes: []Change{defaultsChange(m, true, false)},
		Fields:  []Field{{ID: ansTenant, Label: "Domain of this tenant", Help: "Type " + m.org.DefaultDomain + " to confirm that the whole tenant is meant."}},
		Actions: []Action{{ID: ActApply, Label: "Turn security defaults off for the whole tenant"}, {ID: ActGo + string(Check), Label: "Back to the check"}},
	}
	if licensedForPolicies(*m.posture) {
		out.Notice = "Microsoft may turn policies of its own on in their place. They are looked for afterwards, and the account is excluded from those that ask it."
	}
	return out
}

// confirmTenant takes the typed name.
func (r *Run) confirmTenant(text string) error {
	m := r.see()
	if !strings.EqualFold(strings.TrimSpace(text), m.org.DefaultDomain) {
		return &Error{Op: "take this as the tenant's domain", Hint: "Type " + m.org.DefaultDomain + ", the domain of the tenant that you are signed in to."}
	}
	r.set(func(m *memory) { m.tenantTyped = true })
	return nil
}

func defaultsChange(m memory, from, to bool) Change {
	return Change{Op: Modify, Object: "security defaults of the whole tenant " + m.org.DefaultDomain, From: onOff(from), To: onOff(to)}
}

func (r *Run) defaultsInverse() *journal.Inverse {
	return &journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: r.see().identity.TenantID, Value: onOff(true)}
}

// suspendDefaults turns security defaults off for the whole tenant.
func (r *Run) suspendDefaults(ctx context.Context, client *graph.Client, report func(Event)) error {
	if !r.see().tenantTyped {
		return &Error{Op: "turn security defaults off", Hint: "Type the tenant's domain first: it is the whole tenant that is meant."}
	}
	if err := r.require(ctx, report, writeDefaults); err != nil {
		return err
	}
	if err := r.presumeExposure(ctx, report); err != nil {
		return err
	}
	r.set(func(m *memory) { m.defaultsOff, m.tenantTyped = true, false })
	err := r.writer.Apply(ctx, report, r.defaultsWrite(client, SuspendMFA, false))
	if change.Refused(err) {
		r.set(func(m *memory) { m.defaultsOff = false })
	}
	return err
}

func (r *Run) defaultsWrite(client *graph.Client, step ID, on bool) change.Write {
	w := change.Write{
		Step: step, Change: defaultsChange(r.see(), !on, on), Until: change.Stable,
		Send: func(ctx context.Context) error { return client.SetSecurityDefaults(ctx, on) },
		Shows: func(ctx context.Context) (bool, error) {
			now, err := client.SecurityDefaults(ctx)
			return err == nil && now == on, err
		},
	}
	if on {
		w.Restores = r.defaultsInverse()
	} else {
		w.Inverse = r.defaultsInverse()
	}
	return w
}

// restoreDefaults turns security defaults on again. Where Microsoft put policies of its own in their place, those stand in
// the way and are turned off first.
func (r *Run) restoreDefaults(ctx context.Context, client *graph.Client, step ID, report func(Event)) error {
	if !r.see().defaultsOff {
		return nil
	}
	if change.Agreed(ctx, report, func(ctx context.Context) (bool, error) { return client.SecurityDefaults(ctx) }) {
		r.writer.NoteRestored(step, *r.defaultsInverse())
		r.set(func(m *memory) { m.defaultsOff = false })
		return nil
	}
	if err := r.require(ctx, report, writeDefaults); err != nil {
		return err
	}
	err := r.writer.Apply(ctx, report, r.defaultsWrite(client, step, true))
	if change.Refused(err) && (errors.Is(err, graph.ErrInvalid) || errors.Is(err, graph.ErrConflict)) {
		if cleared := r.turnOffSuccessors(ctx, client, step, report); cleared != nil {
			return errors.Join(err, cleared)
		}
		err = r.writer.Apply(ctx, report, r.defaultsWrite(client, step, true))
	}
	if err == nil {
		r.set(func(m *memory) { m.defaultsOff = false })
		return nil
	}
	return r.defaultsStayOff(err)
}

// defaultsStayOff says what is still off, for whom, and where it is turned on by hand.
func (r *Run) defaultsStayOff(err error) error {
	hint := "Security defaults are still off for everybody in " + r.see().org.DefaultDomain + ". Turn them on " + defaultsPage(r.opts.Cloud)
	if change.Refused(err) {
		hint = "Microsoft refuses it: they can't be on while a Conditional Access policy is. " + hint
	}
	return &Error{Op: "turn security defaults on again", Hint: hint, Err: err}
}

// defaultsPage is where security defaults are turned on by hand
// (https://learn.microsoft.com/entra/fundamentals/security-defaults#enabling-security-defaults).
func defaultsPage(c graph.Cloud) string {
	return "in the portal under Overview, Properties, Manage security defaults: " + c.Portal
}

// clockSkew is how far Microsoft's clock and this one may be apart.
const clockSkew = 5 * time.Minute

// turnOffSuccessors turns the policies off that Microsoft made since the window was opened, in place of security defaults.
func (r *Run) turnOffSuccessors(ctx context.Context, client *graph.Client, step ID, report func(Event)) error {
	policies, err := client.Policies(ctx)
	if err != nil {
		return &Error{Op: "find Microsoft's own policies", Err: err}
	}
	if err := r.require(ctx, report, writePolicies); err != nil {
		return err
	}
	open, _ := r.Exposure()
	began := open.Opened
	if off := r.see().defaultsSince; began.IsZero() || !off.IsZero() && off.Before(began) {
		began = off
	}
	since := began.Add(-clockSkew)
	for _, p := range policies {
		if !p.Managed || p.State != graph.StateEnabled || began.IsZero() || p.Created.Before(since) {
			continue
		}
		err = errors.Join(err, r.writer.Apply(ctx, report, change.Write{
			Step: step, Until: change.Stable,
			Change: Change{Op: Modify, Object: "state of " + p.Name, From: "on", To: "off"},
			Send:   func(ctx context.Context) error { return client.SetPolicyState(ctx, p.ID, graph.StateDisabled) },
			Shows: func(ctx context.Context) (bool, error) {
				now, err := client.Policy(ctx, p.ID)
				return err == nil && now.State == graph.StateDisabled, err
			},
		}))
	}
	return err
}
