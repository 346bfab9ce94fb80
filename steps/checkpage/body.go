package checkpage

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// name is what a stranger may have chosen, and told a sentence with such names in it.
func name(s string) tag.Node { return paper.Name(report.Shown(s)) }

func told(s string) tag.Node { return paper.Name(report.Told(s)) }

func (p page) body() tag.Group {
	return tag.Group{
		tag.H1(tag.Text(phrase.T("Before the Delegate365 onboarding")+" · "), name(p.Tenant.DefaultDomain), tag.Text(" · "+phrase.Day(p.CheckedAt.UTC()))),
		tag.Div(tag.Class("verdict "+p.Class), tag.Lines(tag.P(paper.Strong(p.Class, p.Sign+" "+report.Told(p.Said())), tag.Text(" "+p.Verdict)))),
		tag.P(told(phrase.T("delegate365-onboard read this tenant and made this page, for its administrators to read before the program onboards it to Delegate365. It was run by whoever signed in as %s, and changed nothing. Please answer whoever sent you the page; it sends nothing itself.", p.Operator))),
		tag.If(len(p.Wanted) > 0, tag.Group{paper.Heading(phrase.T("What is to be mended, decided or looked at")), rowsOf(p.Wanted)}),
		paper.Heading(phrase.T("What to have ready")),
		tag.Ul(tag.Lines(
			tag.Li(tag.Text(phrase.T("An administrator of the tenant, who signs in with an account of their own."))),
			tag.Li(tag.Text(phrase.T("Delegate365's welcome mail, with the portal's address and the configuration password."))),
			tag.Li(tag.Text(phrase.T("A telephone with an authenticator app, for the service account's second factor."))),
			tag.Li(tag.Text(phrase.T("A browser with a private window."))),
		)),
		tag.If(len(p.Plan.Steps) > 0, p.plan()),
		paper.Heading(phrase.T("What was read")),
		rowsOf(p.Rows),
		tag.If(len(p.Demands)+len(p.NotRead) > 0, p.demands()),
		paper.Heading(phrase.T("This check")),
		tag.Dl(tag.Lines(
			paper.Term(phrase.T("Tenant"), name(p.Tenant.DisplayName), tag.Text(" · "), name(p.Tenant.DefaultDomain),
				tag.Text(" · "+report.CloudSaid(phrase.Spoken(), report.Shown(p.Tenant.Cloud))+" "), paper.ID(report.Shown(p.Tenant.ID))),
			paper.Term(phrase.T("Signed in as"), name(p.Operator)),
			paper.Term(phrase.T("Read"), tag.Text(phrase.T("%s; the check writes nothing to the tenant", stamp(p.CheckedAt)))),
			paper.Term(phrase.T("Program"), tag.Text("delegate365-onboard "+p.Program)),
		)),
	}
}

// head is a column's heading, and a shorter one where the page is too narrow for columns.
func head(words, narrow phrase.Format) paper.Head {
	return paper.Head{Words: phrase.T(words), Narrow: phrase.T(narrow)}
}

// tight is the heading of a column that is never broken.
func tight(words phrase.Format) paper.Head { return paper.Tight(phrase.T(words), phrase.T(words)) }

func rowsOf(all []steps.ReportRow) tag.Node {
	heads := []paper.Head{tight("What"), tight("Mark"), head("How it stands, and what that means here", "How it stands")}
	var rows [][]tag.Node
	for _, r := range all {
		var mark tag.Node = tag.Text(r.MarkWord())
		if r.Mark == steps.MarkBlocks.String() {
			mark = paper.Alarm(r.MarkWord())
		}
		rows = append(rows, []tag.Node{name(r.Label), mark, tag.Group{told(r.Value), tag.If(r.Note != "", tag.Group{tag.Br(), told(r.Note)})}})
	}
	return paper.Table(heads, rows)
}

func (p page) plan() tag.Node {
	heads := []paper.Head{tight("Step"), tight("About"), head("What, and what will change", "What")}
	var rows [][]tag.Node
	for _, s := range p.Plan.Steps {
		long := ""
		if s.Needed {
			long = about(s.AboutSeconds)
		}
		rows = append(rows, []tag.Node{
			tag.Text(report.Shown(s.Title)), tag.Text(long), tag.Group{told(s.What), tag.Map(s.Changes, changed)},
		})
	}
	return tag.Group{
		paper.Heading(phrase.T("What the onboarding will do")),
		tag.P(told(phrase.T("For %s. %s About %d minutes in all, by the times below. Each step is shown on the program's screen, and done by the administrator who is signed in to it.", p.Plan.Account, p.Plan.WithoutMFA(), p.Minutes))),
		paper.Table(heads, rows),
	}
}

func changed(c steps.ReportChange) tag.Node {
	before := tag.If(c.From != "", tag.Group{told(c.From), tag.Text(" → ")}) // else what it was says nothing
	return tag.Group{
		tag.Br(), tag.Text(c.Op + " "), told(c.Object), tag.Text(": "), before, told(c.To),
		tag.If(c.Certainty == analysis.May.String(), tag.Group{tag.Text(" "), paper.Soft(phrase.T("perhaps"))}),
	}
}

func (p page) demands() tag.Node {
	heads := []paper.Head{
		head("Of which sign-in", "Sign-in"), head("What asks", "What asks"), head("How surely", "How surely"), head("Why", "Why"),
	}
	var rows [][]tag.Node
	for _, d := range p.Demands {
		surely := phrase.T("perhaps")
		if d.Certainty == analysis.Sure.String() {
			surely = phrase.T("sure")
		}
		rows = append(rows, []tag.Node{tag.Text(report.Shown(d.SignIn)), name(d.Source), tag.Text(surely), told(d.Why)})
	}
	for _, r := range p.NotRead {
		rows = append(rows, []tag.Node{tag.Text(phrase.T("any sign-in")), name(r.Label), tag.Text(phrase.T("not known")), told(phrase.T("It could not be read. %s", r.Why))})
	}
	return tag.Group{paper.Heading(phrase.T("What will ask the account for more than its password")), paper.Table(heads, rows)}
}
