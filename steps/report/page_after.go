package report

import (
	"fmt"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
)

func (p page) compared() tag.Node {
	heading := paper.Heading("6 · Before and after")
	if p.Before == nil {
		if p.offboards() {
			return tag.Group{heading, tag.P(tag.Text("Not compared: no reading from before the first change was found. Section 3 has what each change was before."))}
		}
		return tag.Group{heading, tag.P(tag.Text("Not compared: no reading from before the first change was found."))}
	}
	end := "none at the end"
	if !p.ReadAt.IsZero() {
		end = stamp(p.ReadAt)
	}
	var rows [][]tag.Node
	for _, d := range p.Difference {
		if d.What != WhatPermission || d.ExplainedBy != byVendor { // those stand in section 4
			rows = append(rows, []tag.Node{tag.Text(d.What), name(d.Object), fromTo(d.Before, d.After), explained(d.ExplainedBy)})
		}
	}
	said := "Two readings of the tenant, " + stamp(p.Before.At) + " and " + end + ", compared: the account, its roles and its state of MFA, every policy and its exclusions, " +
		"security defaults, the MFA service settings, the registration campaign, and Delegate365's applications with their permissions."
	if len(rows) != len(p.Difference) {
		said += " Permissions that the setup had granted are in section 4."
	}
	table := tag.P(tag.Text("No difference in what was read both times."))
	if len(rows) > 0 {
		table = paper.Table(heads("What", "What", "Of", "Of", "Before → after", "Before → after", "Explained by", "Explained by"), rows)
	}
	return tag.Group{heading, tag.P(tag.Text(said)), table}
}

func explained(by string) tag.Node {
	switch by {
	case "none":
		return paper.Strong("alarm", "nothing here")
	case "vendor":
		return tag.Text("Delegate365's setup")
	case "asked":
		return tag.Text("what was asked for")
	}
	return tag.Text("change " + by)
}

func (p page) leftovers() tag.Node {
	heading := paper.Heading("7 · Left on purpose, and how to take it out")
	if p.offboards() {
		heading = paper.Heading("7 · What stays, and how to take it out")
	}
	if len(p.Leftovers) == 0 {
		return tag.Group{heading, tag.P(tag.Text("Nothing was read that stays."))}
	}
	var rows [][]tag.Node
	for _, l := range p.Leftovers {
		rows = append(rows, []tag.Node{tag.Group{name(l.What), tag.Text(" "), paper.Soft(madeBySaid(l.By))}, tag.Text(l.Why + " " + l.Risk), tag.Group{tag.Text(l.Undo), thatPage(l.Page)}})
	}
	return tag.Group{heading, paper.Table(heads("What", "What", "Why, and the risk", "Why", "How to take it out", "Undo"), rows)}
}

func madeBySaid(by string) string {
	if by == byOthers {
		return "not made by this program"
	}
	return "made by " + by
}

// today is where somebody sees for themselves how it stands.
func (p page) today() string {
	if p.offboards() {
		return "What is there today? Entra admin center, Users, and there Deleted users: the account. Enterprise applications: Delegate365's."
	}
	return "Is MFA on today? Entra admin center, Users, Per-user MFA, the account: enforced."
}

func (p page) score() tag.Node {
	heading := paper.Heading("8 · Secure Score")
	s := p.Score
	if s == nil {
		return tag.Group{heading, tag.P(tag.Text("It was not read."))}
	}
	said := fmt.Sprintf("%.2f of %.0f points, read %s.", s.Current, s.Max, stamp(s.ReadAt))
	for _, c := range s.Comparisons {
		said += fmt.Sprintf(" %s: %.2f on average.", c.Basis, c.Average)
	}
	out := tag.Group{heading, tag.P(tag.Text(said))}
	if len(s.NotMet) == 0 {
		return out
	}
	return append(out, tag.P(tag.Text("Identity recommendations that are not met:")), tag.Ul(tag.Map(s.NotMet, func(r NotMet) tag.Node {
		gain := ""
		if r.Gain != 0 {
			gain = fmt.Sprintf(", %.0f points", r.Gain)
		}
		return tag.Li(name(r.Title), tag.Text(gain), tag.If(r.Page != "", tag.Group{tag.Text(", "), tag.A(tag.Href(r.Page), tag.Text("where it is met"))}))
	})))
}

func (p page) next() tag.Node {
	heading := paper.Heading("9 · What to do next")
	if len(p.Next) == 0 {
		return tag.Group{heading, tag.P(tag.Text("Nothing."))}
	}
	var rows [][]tag.Node
	for _, n := range p.Next {
		by := "soon"
		if !n.By.IsZero() {
			by = date(n.By)
		}
		rows = append(rows, []tag.Node{tag.Text(by), tag.Group{tag.Text(n.What), thatPage(n.Page)}, tag.Text(n.Why), tag.Text(n.Who)})
	}
	columns := append([]paper.Head{paper.Tight("By", "By")}, heads("What", "What", "Why", "Why")...)
	columns = append(columns, paper.Tight("Who", "Who"))
	return tag.Group{heading, paper.Table(columns, rows)}
}

func (p page) checking() tag.Node {
	file := p.Name + ".json"
	before := " "
	if p.Journal.First > 1 {
		before = ", from line " + strconv.Itoa(p.Journal.First) + " on; what stands before is not in it, "
	}
	return tag.Group{
		paper.Heading("10 · How to check this paper yourself, and what it can't prove"),
		tag.P(
			tag.Text("The original is the data, not this page: "), paper.File(file, tag.JSON, p.JSON), tag.Text(" and its seal, "),
			paper.File(file+".minisig", tag.Plain, p.Signature), tag.Text(". Both are in this file."),
		),
		tag.Pre(tag.Text("delegate365-onboard report verify " + file + " --fingerprint \"" + Fingerprint(p.SHA256) + "\"\n" +
			"sha256sum " + file + "      Windows: Get-FileHash " + file + "\n  " + p.SHA256 + "\n" +
			"minisign -V -H -m " + file + " -P " + p.Seal.PublicKey)),
		tag.Ul(tag.Lines(
			tag.Li(tag.Text("The seal shows that not a byte was changed since "+stamp(p.MadeAt)+". It does not say who made it: its key was made for this report and thrown away. Whoever makes a whole new report makes a new seal. What counts is the fingerprint that both people noted at the end.")),
			tag.Li(tag.Text("The journal's "+strconv.Itoa(len(p.Journal.Lines))+" lines"+before+"are in the data. Times and changes in sections 2 and 3 are said by it. It was on the operator's computer until it was sealed here.")),
			tag.Li(tag.Text("What nobody on either side can forge is Microsoft's audit log: look the entries of section 3 up by their ids, in the Entra admin center under Audit logs, while Microsoft keeps them. No entry does not mean that nothing happened: the log is late, and does not hold everything.")),
			tag.Li(tag.Text(p.today())),
			tag.Li(tag.Text("A change ticket or an approval by anybody but the operator is not in this report.")),
		)),
		tag.P(tag.Text("What could not be read, or is not known:")),
		tag.Ul(doubts(p.Doubts, "Nothing that was looked for.")...),
	}
}

// doubts are what is not known; none is said in words.
func doubts(all []Doubt, none string) tag.Group {
	if len(all) == 0 {
		return tag.Group{tag.Li(tag.Text(none))}
	}
	return tag.Map(all, func(d Doubt) tag.Node { return tag.Li(name(d.About), tag.Text(": "), name(d.Why), saidBy(d.Claim)) })
}

// saidBy is who says that something is not known, and when.
func saidBy(c *Claim) tag.Node {
	if c == nil {
		return nil
	}
	said := layerOf(c.Layer) + ", " + stamp(c.At)
	if c.RequestID != "" {
		said += ", request " + c.RequestID
	}
	if c.Line != 0 {
		said += ", line " + strconv.Itoa(c.Line)
	}
	return tag.Group{tag.Text(" "), paper.ID(said)}
}

// thatPage leads to a page of Microsoft's, where one is known.
func thatPage(address string) tag.Node {
	if address == "" {
		return nil
	}
	return tag.Group{tag.Text(" "), tag.A(tag.Href(address), tag.Text("That page"))}
}

// layerOf is where a claim comes from, in words.
func layerOf(layer string) string {
	return map[string]string{LayerJournal: "said by this program's journal", LayerTenant: "read from the tenant", LayerAudit: "said by Microsoft's log"}[layer]
}
