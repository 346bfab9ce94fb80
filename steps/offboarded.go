package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// offboarded says what was taken out and what stays.
type offboarded struct{}

func (offboarded) Info() Info {
	return Info{
		ID: finding.Offboarded, Title: phrase.T("Offboarded"), Actor: You, About: time.Minute,
		Why:  finding.Advice("This names what was taken out, what Entra keeps for a while, and what stays."),
		Help: []string{phrase.T("What was deleted lies among Entra's deleted objects for 30 days, and can be restored there. Restoring the account brings it back as it was when it was deleted: without its role.")},
	}
}

func (o offboarded) Inspect(ctx context.Context, r *Run, _ func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	keepLost(ctx, r)
	return reported(ctx, r, o.said(ctx, r, client)), nil
}

// said is what was taken out, and what stays.
func (o offboarded) said(ctx context.Context, r *Run, client *graph.Client) Finding {
	m := r.snapshot()
	f := Finding{Status: Done, Text: []Sentence{runTookOut(m.tally())}, Actions: []Action{{ID: ActNext, Label: phrase.T("Finish")}}}
	var done []Fact
	for _, e := range m.record {
		if e.Outcome != graph.Refused {
			c := e.Change.Spoken()
			done = append(done, Fact{Label: c.Object, Value: phrase.T("%s, was %s", c.To, c.From), Mark: MarkOK, Note: phrase.T("Written at %s", phrase.Clock(e.At))})
		}
	}
	f.Sections = []Section{{Title: doneTitle(m), Facts: done}, {Title: phrase.T("What stays, and what to know"), Facts: staying(ctx, r, client, m)}}
	return f
}

// staying is what stays, as it is read now, and what is to be known of it.
func staying(ctx context.Context, r *Run, client *graph.Client, m *memory) (stays []Fact) {
	at := slices.IndexFunc(Offboard(), func(s Step) bool { return s.Info().ID == m.handed.at }) - takenFrom
	for i, t := range takeOuts() {
		switch {
		case slices.Contains(m.choices.offboard.left, t.info.ID):
			stays = append(stays, Fact{Label: t.info.Title, Value: phrase.T("left, as you chose"), Mark: MarkNote, Note: t.stillThere(ctx, r, client)})
		case i >= at && t.info.ID != finding.TakeBackConsents:
			if still := t.stillThere(ctx, r, client); still != "" {
				stays = append(stays, Fact{Label: t.info.Title, Value: phrase.T("not reached"), Mark: MarkNote, Note: still})
			}
		}
	}
	stays = append(stays, acceptedStill(ctx, r, client)...)
	stays = append(append(stays, deletedRows(m)...), lostRows(m)...)
	return append(stays, notTakenOut(ctx, r, client, m.user)...)
}

// takenFrom is how many steps come before those that take something out.
const takenFrom = 2

// deletedRows are what this run deleted, and until when Entra can restore it.
func deletedRows(m *memory) (rows []Fact) {
	for _, c := range m.changes("") {
		if c.Step == finding.DeleteAccount || c.Step == finding.RemoveApps {
			rows = append(rows, Fact{Label: phrase.T("Deleted"), Value: c.Change.Spoken().Object, Mark: MarkNote, Note: phrase.T("It can be restored until %s.", phrase.Day(report.Restorable(c.At)))})
		}
	}
	return rows
}

// stillThere says of what was left how it stands now. The consents have rows of their own.
func (t takeOut) stillThere(ctx context.Context, r *Run, client *graph.Client) string {
	if t.info.ID == finding.TakeBackConsents {
		return ""
	}
	found, err := t.look(ctx, r, client)
	if err != nil {
		return phrase.T("How it stands could not be read: %s", Explain(err).What)
	}
	var still []string
	for _, p := range found.parts {
		c := p.change.Spoken()
		still = append(still, phrase.T("%s: %s", c.Object, c.From))
	}
	if len(still) == 0 {
		return ""
	}
	return phrase.T("It stays like this: %s.", phrase.JoinFew(still))
}

// acceptedStill names what is accepted for the application that this program signs in with, whoever accepted it.
func acceptedStill(ctx context.Context, r *Run, client *graph.Client) []Fact {
	grants, err := clientGrants(ctx, r, client)
	if err != nil {
		return []Fact{{Label: phrase.T("Still accepted"), Value: phrase.T("could not be read"), Mark: MarkNote, Note: Explain(err).What}}
	}
	n, note := 0, ""
	for _, g := range grants {
		if len(g.scopes) > 0 {
			n += len(g.scopes)
			note += " " + phrase.T("For this program, %s: %s.", whose(g).Spoken, phrase.JoinAnd(g.scopes))
		}
	}
	if n == 0 {
		return nil
	}
	return []Fact{{Label: phrase.T("Still accepted"), Value: phrase.Count(n, "permission", "permissions"), Mark: MarkNote, Note: note[1:]}}
}

// runTookOut says how much this run took out.
func runTookOut(t Tally) Sentence {
	if t == (Tally{}) {
		return t.claim().In("This run has taken nothing out.")
	}
	return t.claim().In("This run has made %s. What stays stands beneath.", t)
}

// Plan is empty: nothing follows.
func (offboarded) Plan(Situation) Planned { return Planned{} }

// Apply writes the report, with the access that this run still has: what was accepted may have been taken back, but no token ends by that.
func (offboarded) Apply(ctx context.Context, r *Run, say func(Event)) error {
	return writeReport(ctx, r, say, report.Offboarded)
}

func (offboarded) Answer(_ *Run, id string, _ graph.Secret) error { return unknownAnswer(id) }
