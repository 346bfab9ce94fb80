package steps

import (
	"cmp"
	"context"
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Rules of this file: nobody has written down whether the MFA service takes a PATCH for the whole of its settings. So all
// of them are read before and after, those that nobody knows included; what moved besides is put back, and told.

// movedSetting is a setting that moved with ours.
type movedSetting struct {
	graph.Moved
	back bool // it was put back, and read so
}

var errNotCompared = errors.New("the settings can't be read, and what else a change of one does to them could not be seen")

// setting is whether users of the tenant may create app passwords.
type setting bool

const allowed, forbidden setting = true, false

// setAppPasswords allows them, or forbids them again.
func setAppPasswords(ctx context.Context, r *Run, report func(Event), step ID, to setting) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	if err := r.require(ctx, report, mfa.WriteService); err != nil {
		return err
	}
	before := readSetting(ctx, client)
	if before.Err() != nil {
		r.update(func(m *memory) { m.appPasswords.portalWay = true })
		return &Error{Op: "set the tenant's app-password setting", Hint: phrase.T("Do it in the portal: the next screen shows where."), Err: errors.Join(errNotCompared, before.Err())}
	}
	after := before
	w := settingWrite(client, r.snapshot().org.ID, before.Content(), step, to)
	w.Shows = func(ctx context.Context) (bool, error) {
		after = readSetting(ctx, client)
		return after.Err() == nil && after.Content().AllowAppPasswords == bool(to), after.Err()
	}
	err = r.window.Writer().Apply(ctx, report, w)
	if change.Refused(err) {
		r.update(func(m *memory) { m.appPasswords.portalWay = true })
		return &Error{Op: "set the tenant's app-password setting", Hint: phrase.T("Microsoft refused the undocumented call. Do it in the portal: the next screen shows where."), Err: err}
	}
	if err != nil { // what was read last may be from before the change
		after = readSetting(ctx, client)
	} else if len(after.Content().MovedSince(before.Content())) == 0 {
		r.update(func(m *memory) { m.appPasswords.shown = justRead(after) })
	}
	return errors.Join(err, putMovedBack(ctx, r, report, settingMoved{before.Content(), after, to}))
}

// settingMoved is the tenant's setting before and after it was set.
type settingMoved struct {
	before graph.MFAServicePolicy
	after  analysis.Reading[graph.MFAServicePolicy]
	to     setting
}

func settingWrite(client *graph.Client, tenant string, before graph.MFAServicePolicy, step ID, to setting) change.Write {
	forbids := &journal.Inverse{Kind: journal.InverseAppPasswordSetting, TargetID: tenant, Value: phrase.English.YesNo(false), Before: before.JSON()}
	allows := &journal.Inverse{Kind: journal.InverseAppPasswordSetting, TargetID: tenant, Value: journal.AppPasswordsAllowed, Before: before.JSON()}
	w := change.Write{
		Step:   step,
		Change: settingChange(bool(!to), bool(to)),
		Send:   func(ctx context.Context) error { return client.MFA.SetAllowAppPasswords(ctx, bool(to)) },
		Until:  change.Stable,
	}
	if to == allowed {
		w.Inverse = forbids
	} else {
		w.Restores = forbids
	}
	switch step {
	case finding.ForbidAppPasswords:
		w.Inverse = allows
	case PutMFABack:
		w.Restores = allows
	}
	return w
}

// putMovedBack compares every setting with what it was, and puts back what moved. That it could not is no error of the
// step: its finding says so, with the page.
func putMovedBack(ctx context.Context, r *Run, report func(Event), m settingMoved) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	if m.after.Err() != nil {
		return &Error{Op: "see whether other MFA settings moved", Hint: phrase.T("Look at the page of the MFA service settings: trusted IPs and remembering MFA should be as they were."), Err: m.after.Err()}
	}
	moved := m.after.Content().MovedSince(m.before)
	if len(moved) == 0 {
		return nil
	}
	report(Event{Text: phrase.T("Other MFA settings moved with it. Putting them back")})
	failed := r.window.Writer().Apply(ctx, report, putBackWrite(client, r.recorder.Identity().TenantID, m.before, moved, m.to))
	left := readSetting(ctx, client)
	r.update(func(mem *memory) {
		mem.appPasswords.moved = nil
		for _, moving := range moved {
			mem.appPasswords.moved = append(mem.appPasswords.moved, movedSetting{moving, left.Err() == nil && !stillMoved(left.Content().MovedSince(m.before), moving.Member)})
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed != nil {
		r.log.Error("put the MFA service settings back", "error", failed)
	}
	return nil
}

func stillMoved(moved []graph.Moved, member string) bool {
	for _, m := range moved {
		if m.Member == member {
			return true
		}
	}
	return false
}

func putBackWrite(client *graph.Client, tenant string, before graph.MFAServicePolicy, moved []graph.Moved, to setting) change.Write {
	c := finding.Changed(Modify, phrase.Both("MFA service settings that moved:"), phrase.Pair{}, phrase.Pair{})
	for i, m := range moved {
		if i > 0 {
			c.Object, c.From, c.To = c.Object+",", c.From+", ", c.To+", "
		}
		c.Object, c.From, c.To = c.Object+" "+m.Member, c.From+cmp.Or(m.To, "none"), c.To+cmp.Or(m.From, "none")
	}
	return change.Write{
		Step: EnableAppPasswords, Change: c, Until: change.Stable, Target: &journal.Target{Kind: journal.TargetServiceSettings, ID: tenant},
		Send: func(ctx context.Context) error { return client.MFA.PutBackMFAService(ctx, before, bool(to)) },
		Shows: func(ctx context.Context) (bool, error) {
			policy, err := client.MFA.MFAServicePolicy(ctx)
			return err == nil && policy.AllowAppPasswords == bool(to) && len(policy.MovedSince(before)) == 0, err
		},
	}
}

// movedRows are the settings that moved, for the step and for the last screen.
func movedRows(moved []movedSetting) []Fact {
	var rows []Fact
	for _, m := range moved {
		row := Fact{Label: m.Member, Value: phrase.T("%s to %s, put back", orNone(m.From), orNone(m.To)), Mark: MarkNote, Note: phrase.T("It moved when app passwords were allowed. It is read as it was before.")}
		if !m.back {
			row.Value, row.Mark = phrase.T("%s to %s", orNone(m.From), orNone(m.To)), MarkBlocks
			row.Note = phrase.T("It moved when app passwords were allowed, for the whole tenant, and could not be put back. Set it to %s in the MFA service settings.", orNone(m.From))
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		rows = append(rows, Fact{Label: phrase.T("Trusted IPs"), Value: phrase.T("not in Microsoft's answer"), Mark: MarkLook, Note: phrase.T("Where one setting moved, the ranges may be gone as well. Look at them in the MFA service settings.")})
	}
	return rows
}

// allowedAlready is the finding where the tenant allows app passwords, with what this run moved besides.
func allowedAlready(r *Run, m *memory) Finding {
	f := Finding{
		Status:   Done,
		Text:     []Sentence{finding.AppPasswords.Of("", "allowed").In("Users of this tenant may create app passwords.")},
		Sections: []Section{{Facts: []Fact{{Label: phrase.T("App passwords"), Value: phrase.T("allowed"), Mark: MarkOK, Note: phrase.T("Read from the tenant, by a call that Microsoft does not document.")}}}},
		Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}},
	}
	if len(m.appPasswords.moved) == 0 {
		return f
	}
	f.Sections = append(f.Sections, Section{Title: phrase.T("Moved besides"), Facts: movedRows(m.appPasswords.moved)})
	for _, moved := range m.appPasswords.moved {
		if !moved.back {
			f.Actions = append(f.Actions, Action{ID: ActRetry, Label: phrase.T("Open the MFA service settings"), URL: r.opts.Cloud.ServiceSettingsURL()})
			break
		}
	}
	return f
}
