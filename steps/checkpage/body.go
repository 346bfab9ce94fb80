package checkpage

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// name is what a stranger may have chosen, and told a sentence with such names in it.
func name(s string) tag.Node { return paper.Name(report.Shown(s)) }

func told(s string) tag.Node { return paper.Name(report.Told(s)) }

func (p page) body() tag.Group {
	return tag.Group{
		tag.H1(tag.Text("Before the Delegate365 onboarding · "), name(p.Tenant.DefaultDomain), tag.Text(" · "+date(p.CheckedAt))),
		tag.Div(tag.Class("verdict "+p.Class), tag.Lines(tag.P(paper.Strong(p.Class, p.Sign), tag.Text(" "+p.Verdict)))),
		tag.If(len(p.Wanted) > 0, tag.Group{paper.Heading("What somebody has to do or decide first"), rowsOf(p.Wanted)}),
		paper.Heading("What to have ready"),
		tag.Ul(tag.Lines(
			tag.Li(tag.Text("An administrator of the tenant, who signs in with an account of their own.")),
			tag.Li(tag.Text("Delegate365's welcome mail, with the portal's address and the configuration password.")),
			tag.Li(tag.Text("A telephone with an authenticator app, for the service account's second factor.")),
			tag.Li(tag.Text("A browser with a private window.")),
		)),
		tag.If(len(p.Plan.Steps) > 0, p.plan()),
		paper.Heading("What was read"),
		rowsOf(p.Rows),
		tag.If(len(p.Demands) > 0, p.demands()),
		paper.Heading("This check"),
		tag.Dl(tag.Lines(
			paper.Term("Tenant", name(p.Tenant.DisplayName), tag.Text(" · "), name(p.Tenant.DefaultDomain),
				tag.Text(" · cloud "+report.Shown(p.Tenant.Cloud)+" "), paper.ID(report.Shown(p.Tenant.ID))),
			paper.Term("Signed in", name(p.Operator)),
			paper.Term("Read", tag.Text(stamp(p.CheckedAt)+"; the check writes nothing to the tenant")),
			paper.Term("Program", tag.Text("delegate365-onboard "+p.Program)),
		)),
	}
}

func rowsOf(all []steps.ReportRow) tag.Node {
	heads := []paper.Head{paper.Tight("What", "What"), paper.Tight("Mark", "Mark"), {Words: "How it stands, and what that means here", Narrow: "How it stands"}}
	var rows [][]tag.Node
	for _, r := range all {
		var mark tag.Node = tag.Text(r.Mark)
		if r.Mark == steps.MarkBlocks.String() {
			mark = paper.Alarm(r.Mark)
		}
		rows = append(rows, []tag.Node{name(r.Label), mark, tag.Group{told(r.Value), tag.If(r.Note != "", tag.Group{tag.Br(), told(r.Note)})}})
	}
	return paper.Table(heads, rows)
}

func (p page) plan() tag.Node {
	heads := []paper.Head{paper.Tight("Step", "Step"), paper.Tight("Who acts", "Who acts"), paper.Tight("About", "About"), {Words: "What, and what will change", Narrow: "What"}}
	var rows [][]tag.Node
	for _, s := range p.Plan.Steps {
		long := ""
		if s.Needed {
			long = about(s.AboutSeconds)
		}
		rows = append(rows, []tag.Node{
			tag.Text(report.Shown(s.Title)), tag.Text(s.Actor), tag.Text(long), tag.Group{told(s.What), tag.Map(s.Changes, changed)},
		})
	}
	return tag.Group{
		paper.Heading("What the onboarding will do"),
		tag.P(
			tag.Text("For "), name(p.Plan.Account), tag.Text(". It may be without MFA for at most "+strconv.Itoa(p.Plan.WindowMinutes)+
				" minutes. About "+strconv.Itoa(p.Minutes)+" minutes in all, by the times below."),
		),
		paper.Table(heads, rows),
	}
}

func changed(c steps.ReportChange) tag.Node {
	return tag.Group{
		tag.Br(), tag.Text(c.Op + " "), told(c.Object), tag.Text(": "), told(c.From), tag.Text(" → "), told(c.To),
		tag.If(c.Certainty == "may", tag.Group{tag.Text(" "), paper.Soft("perhaps")}),
	}
}

func (p page) demands() tag.Node {
	heads := []paper.Head{
		{Words: "Of which sign-in", Narrow: "Sign-in"},
		{Words: "What asks", Narrow: "What asks"},
		{Words: "How surely", Narrow: "How surely"},
		{Words: "Why", Narrow: "Why"},
	}
	var rows [][]tag.Node
	for _, d := range p.Demands {
		rows = append(rows, []tag.Node{tag.Text(report.Shown(d.SignIn)), name(d.Source), tag.Text(d.Certainty), told(d.Why)})
	}
	return tag.Group{paper.Heading("What will ask the account for more than its password"), paper.Table(heads, rows)}
}
