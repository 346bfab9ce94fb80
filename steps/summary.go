package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// The last screen: what was done, and what is left, as the tenant is read when it is shown.

// leftNow is what an onboarding leaves, as it is read.
type leftNow struct {
	factor  secondFactor
	user    analysis.Reading[graph.User]
	role    analysis.Reading[heldRole]
	apps    analysis.Reading[[]app]
	setting analysis.Reading[graph.MFAServicePolicy]
	// defaults are read where this run turned security defaults off, or on again.
	defaults analysis.Reading[bool]
}

func readLeft(ctx context.Context, r *Run, client *graph.Client, user graph.User) (now leftNow) {
	_ = panics.Each(
		func() error {
			now.factor = readFactor(ctx, r, client, user)
			return nil
		},
		func() error { now.user = analysis.Read(client.Users.User(ctx, user.ID)); return nil },
		func() error { now.role = analysis.Read(roleOf(ctx, r, client, user)); return nil },
		func() error {
			now.apps = analysis.Read(delegate365Apps(ctx, client, r.snapshot().setup.apps...))
			return nil
		},
		func() error { now.setting = readSetting(ctx, client); return nil },
		func() error {
			if _, _, moved := r.snapshot().defaultsMoved(); moved {
				now.defaults = analysis.Read(client.MFA.SecurityDefaults(ctx))
			}
			return nil
		},
	)
	return now
}

// testFailed says that Delegate365 could not use its app password.
func testFailed(m *memory) Sentence {
	return finding.Word.Of("test", "failed").In("Delegate365's test of the app password failed %s.", report.Times(m.appPasswords.failedTests))
}

// summary is the last screen: what is somebody's to do, what was done, what stays, and how long the account was without MFA.
func (handOver) summary(r *Run, m *memory, now leftNow) Finding {
	text := []Sentence{setUp(m).And(wiped())}
	switch {
	case m.appPasswords.tested:
	case m.appPasswords.untested:
		text = []Sentence{setupRan(m).And(testFailed(m)).And(wiped())}
	case m.appPasswords.version == versionSkipped:
		text = []Sentence{setupRan(m).And(wiped()), skippedInShort(m)} // it may have nothing to work with
	}
	text = slices.Insert(text, 1, defaultsNow(r, m, now.defaults)...)
	text = append(text, noFactor(r, m.user, now)...)
	f := Finding{
		Status:   Done,
		Text:     text,
		Sections: []Section{{Title: phrase.T("Next"), Facts: nextSteps(r, m, now), Left: true}},
		Actions:  []Action{{ID: ActNext, Label: phrase.T("Finish")}},
	}
	if changed := accountRows(m, now); len(changed) > 0 {
		f.Sections = append(f.Sections, Section{Title: phrase.T("The account now"), Facts: changed, Folds: true})
	}
	f.Sections = append(f.Sections, leftAndDone(r, m, now)...)
	if len(m.appPasswords.moved) > 0 {
		f.Sections = append(f.Sections, Section{Title: phrase.T("Moved with the app-password setting"), Facts: movedRows(m.appPasswords.moved)})
	}
	return f
}

// leftAndDone are what stays, what was done, and for how long MFA was off. Of what the written report has, only what stays is said once
// more, and a time that was too long.
func leftAndDone(r *Run, m *memory, now leftNow) []Section {
	left := leftRows(r, m, now)
	if roleUnsettled(m, now) { // what is to be done about it stands above
		left = besideAccount(left, now)
	}
	_, written := Handed(r)
	for i := range left {
		switch row := &left[i]; {
		case !written || row.Mark != MarkNone:
		default:
			row.Note = ""
		}
	}
	out := []Section{{Title: phrase.T("Left in the tenant"), Facts: left, Folds: true}}
	if !written {
		out = append(out, Section{Title: doneTitle(m), Facts: doneRows(m)})
	}
	for _, exposed := range exposures(m) {
		switch {
		case slices.ContainsFunc(exposed.Facts, func(row Fact) bool { return row.Mark != MarkOK }):
			out = append(out, exposed)
		case !written:
			for i := range exposed.Facts {
				if row := &exposed.Facts[i]; row.Note != "" {
					row.Label, row.Note = phrase.T("Without MFA, %s", phrase.Unzoned(row.Label)), "" // it stands above
				}
			}
			out = append(out, Section{Facts: exposed.Facts})
		}
	}
	return out
}

// besideAccount has the role in the account's row, in place of a row of its own.
func besideAccount(left []Fact, now leftNow) []Fact {
	left = slices.DeleteFunc(left, func(row Fact) bool { return row.Label == phrase.T(roleLabel) })
	for i := range left {
		if left[i].Label == phrase.T(accountLabel) && !errors.Is(now.user.Err(), graph.ErrNotFound) {
			left[i].Value += ", " + phrase.T("Global Admin")
		}
	}
	return left
}

// wiped is said on every last screen.
func wiped() Sentence { return finding.Advice("This run's secrets are wiped when you leave.") }

func setUp(m *memory) Sentence {
	return finding.Word.Of("setup", "finished").In("Delegate365 is set up for %s.", phrase.Name(m.org.DisplayName))
}

// setupRan is what the tenant shows, unless somebody had to say it.
func setupRan(m *memory) Sentence {
	known := finding.Apps.Of("", "finished")
	if m.setup.agreed {
		known = finding.Word.Of("setup", "finished")
	}
	if setUpBefore(m) {
		return known.In("Delegate365's setup ran for %s before this run.", phrase.Name(m.org.DisplayName))
	}
	return known.In("Delegate365's setup ran for %s.", phrase.Name(m.org.DisplayName))
}

// doneTitle is the title of what was done, with the zone of its times.
func doneTitle(m *memory) string {
	if m.tally() == (Tally{}) {
		return phrase.T("Done")
	}
	return phrase.T("Done") + " (" + timesIn() + ")"
}

// timesIn says which zone the times have that follow.
func timesIn() string { return phrase.T("times in %s", phrase.Zone(time.Now())) }

// doneRows are the steps that changed something in this run, with whether the tenant was read to show it, and those that were left out. What
// the check put back of an earlier run stands before them.
func doneRows(m *memory) []Fact {
	var rows []Fact
	if row := doneRow(m, Check, phrase.T("Put back first")); row.Mark != MarkNone {
		rows = append(rows, row)
	}
	for _, step := range planned() {
		if row := doneRow(m, step.Info().ID, step.Info().Title); row.Mark != MarkNone {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		note := phrase.T("But permissions may have been accepted when signing in.")
		if !m.handed.kept { // else it stands with why there is no report
			note = strings.TrimSpace(note + " " + madeBesides(m).String())
		}
		rows = append(rows, Fact{Label: phrase.T("In the tenant"), Value: phrase.T("no change by this program"), Note: note})
	}
	return rows
}

func doneRow(m *memory, id ID, title string) Fact {
	row := Fact{Label: title}
	all, open := m.changes(id), 0
	for _, c := range all {
		if !c.shown {
			open++
		}
	}
	switch {
	case len(all) == 0 && m.withoutAppPassword(id):
		row.Value, row.Mark = m.whyWithout()
	case len(all) > 0 && open == 0:
		changes := make([]Change, len(all))
		for i, c := range all {
			changes[i] = c.Change
		}
		row.Value, row.Mark = phrase.Moment(all[len(all)-1].At, time.Now())+"  "+phrase.Count(len(all), "change", "changes")+", "+ReadBack(changes...), MarkOK
	case len(all) > 0:
		row.Value, row.Mark = phrase.Moment(all[len(all)-1].At, time.Now())+"  "+phrase.Count(len(all), "change", "changes"), MarkNote
		row.Note = phrase.T("%s shown by no read; the step read the tenant again before it went on.", phrase.Count(open, "of them was", "of them were"))
	}
	return row
}

// withoutAppPassword reports a step that this onboarding goes without.
func (m *memory) withoutAppPassword(id ID) bool {
	return (id == EnableAppPasswords || id == CaptureAppPassword) && m.appPasswords.version != versionOlder && m.appPasswords.version != versionUnknown
}

// whyWithout is why it does: none is needed, none can be had, or none was chosen.
func (m *memory) whyWithout() (string, Mark) {
	switch {
	case m.appPasswords.version == versionNewer:
		return phrase.T("not needed"), MarkNone
	case m.appPasswords.skipped != "":
		return phrase.T("not possible in this tenant"), MarkNote
	}
	return phrase.T("left out, as you chose"), MarkNote
}
