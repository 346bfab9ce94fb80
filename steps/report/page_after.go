package report

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func (p page) compared() tag.Node {
	heading := paper.Heading(p.l.T("6 · Before and after"))
	if p.Before == nil {
		if p.offboards() {
			return tag.Group{heading, tag.P(tag.Text(p.l.T("Not compared: no reading from before the first change was found. Section 3 has what each change was before.")))}
		}
		return tag.Group{heading, tag.P(tag.Text(p.l.T("Not compared: no reading from before the first change was found.")))}
	}
	end := p.l.T("none at the end")
	if !p.ReadAt.IsZero() {
		end = stamp(p.l, p.ReadAt)
	}
	var rows [][]tag.Node
	for _, d := range p.Difference {
		if d.What != WhatPermission || d.ExplainedBy != byVendor { // those stand in section 4
			rows = append(rows, []tag.Node{tag.Text(whatShown(p.l, d.What)), name(objectShown(p.l, d)), fromTo(p.l, d.Before, d.After), explained(p.l, d.ExplainedBy)})
		}
	}
	said := p.l.T("Two readings of the tenant, %s and %s, compared: the account, its roles and its state of MFA, every policy and its exclusions, "+
		"security defaults, the MFA service settings, the registration campaign, and Delegate365's applications with their permissions.", stamp(p.l, p.Before.At), end)
	if n := madeBefore(p.Changes, p.Before.At); n > 0 {
		said += " " + p.l.T("The first reading came after %s: what was before is in section 3.", p.l.Count(n, "change", "changes"))
	}
	if len(rows) != len(p.Difference) {
		said += " " + p.l.T("Permissions that the setup had granted are in section 4.")
	}
	table := tag.P(tag.Text(p.l.T("No difference in what was read both times.")))
	if len(rows) > 0 {
		table = paper.Table(heads(p.l, "What", "What", "Of", "Of", "Before → after", "Before → after", "Explained by", "Explained by"), rows)
	}
	return tag.Group{heading, tag.P(tag.Text(said)), table}
}

// whatShown is what a snapshot names. Microsoft counts the password among the methods.
func whatShown(l phrase.Language, what string) string {
	if what == WhatMethods {
		return l.T("sign-in methods, its password among them")
	}
	return ours(l, what)
}

// objectShown is what differs: a name, but for the number of administrators.
func objectShown(l phrase.Language, d Difference) string {
	if slices.Contains([]string{WhatAdmins, WhatDefaults, WhatCampaign, WhatLog}, d.What) || d.Object == string(roleName) {
		return ours(l, d.Object)
	}
	return d.Object
}

func explained(l phrase.Language, by string) tag.Node {
	switch by {
	case "none":
		return paper.Strong("alarm", l.T("nothing here"))
	case "vendor":
		return tag.Text(l.T("Delegate365's setup"))
	case "asked":
		return tag.Text(l.T("what was asked for"))
	}
	return tag.Text(l.T("change") + " " + by)
}

func (p page) leftovers() tag.Node {
	heading := paper.Heading(p.l.T("7 · Left on purpose, and how to take it out"))
	if p.offboards() {
		heading = paper.Heading(p.l.T("7 · What stays, and how to take it out"))
	}
	if len(p.Leftovers) == 0 {
		return tag.Group{heading, tag.P(tag.Text(p.l.T("Nothing was read that stays.")))}
	}
	var rows [][]tag.Node
	for _, l := range p.Leftovers {
		rows = append(rows, []tag.Node{tag.Group{name(Retold(p.l, l.What)), tag.Text(" "), paper.Soft(madeBySaid(p.l, l))}, tag.Group{tag.Text(Retold(p.l, l.Why) + " " + Retold(p.l, l.Risk)), keptSaid(p, l)}, tag.Group{tag.Text(Retold(p.l, l.Undo)), thatPage(p.l, l.Page)}})
	}
	return tag.Group{heading, paper.Table(heads(p.l, "What", "What", "Why, and the risk", "Why", "How to take it out", "Undo"), rows)}
}

func madeBySaid(l phrase.Language, left Leftover) string {
	switch by := left.By; {
	case by == byOthers:
		return l.T("from before, or by somebody else")
	case by == byUnknown:
		return l.T("not known by whom")
	case left.Kind == kindDeleted:
		return l.T("deleted by %s", ours(l, by))
	default:
		return l.T("made by %s", ours(l, by))
	}
}

// todayAt is where somebody sees for themselves how it stands.
func todayAt(p page) string {
	if p.offboards() {
		return p.l.T("What is there today? Entra admin center, Users, and there Deleted users: the account. Enterprise applications: Delegate365's.")
	}
	if !slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Object.Kind == string(journal.InversePerUserMFA) }) {
		return p.l.T("Is MFA on today? Entra admin center: see whether what the verdict names still demands it, under Users, Per-user MFA, or under Conditional Access.")
	}
	return p.l.T("Is MFA on today? Entra admin center, Users, Per-user MFA, the account: enforced.")
}

func (p page) score() tag.Node {
	heading := paper.Heading(p.l.T("8 · Secure Score"))
	s := p.Score
	if s == nil {
		return tag.Group{heading, tag.P(tag.Text(p.l.T("It was not read.")))}
	}
	said := p.l.T("%s of %s points, read %s.", p.l.Points(s.Current), p.l.Points(s.Max), stamp(p.l, s.ReadAt))
	for _, c := range s.Comparisons {
		said += " " + average(p.l, c)
	}
	out := tag.Group{heading, tag.P(tag.Text(said))}
	if len(s.NotMet) == 0 {
		return out
	}
	return append(out, tag.P(tag.Text(p.l.T("Identity recommendations that are not met:"))), tag.Ul(tag.Map(s.NotMet, func(r NotMet) tag.Node {
		gain := ""
		if r.Gain != 0 {
			gain = ", " + p.l.T(pointsOf(p.l.Points(r.Gain)), p.l.Points(r.Gain))
		}
		return tag.Li(name(phrase.Name(r.Title)), tag.Text(gain), tag.If(r.Page != "", tag.Group{tag.Text(", "), tag.A(tag.Href(r.Page), tag.Text(p.l.T("where it is met")))}))
	})))
}

func pointsOf(shown string) phrase.Format {
	if shown == "1" {
		return "%s point"
	}
	return "%s points"
}

// averages are Microsoft's names of the tenants that a score is compared with, in words.
var averages = map[string]phrase.Format{
	"AllTenants":    "All tenants reach %s points on average.",
	"TotalSeats":    "Tenants of this size reach %s points on average.",
	"IndustryTypes": "Tenants of this industry reach %s points on average.",
}

func average(l phrase.Language, c Comparison) string {
	reached := l.Points(c.Average)
	if words := averages[c.Basis]; words != "" {
		return l.T(words, reached)
	}
	return l.T("%s: %s on average.", ours(l, c.Basis), reached)
}

func (p page) next() tag.Node {
	heading := paper.Heading(p.l.T("9 · What to do next"))
	if len(p.Next) == 0 {
		return tag.Group{heading, tag.P(tag.Text(p.l.T("Nothing.")))}
	}
	var rows [][]tag.Node
	for _, n := range p.Next {
		by := p.l.T("soon")
		switch {
		case n.When != "":
			by = ours(p.l, n.When)
		case !n.By.IsZero():
			by = date(p.l, n.By)
		}
		rows = append(rows, []tag.Node{tag.Text(by), tag.Group{tag.Text(Retold(p.l, n.What)), thatPage(p.l, n.Page)}, tag.Text(Retold(p.l, n.Why)), tag.Text(ours(p.l, n.Who))})
	}
	columns := append([]paper.Head{paper.Tight(p.l.T("By"), p.l.T("By"))}, heads(p.l, "What", "What", "Why", "Why")...)
	columns = append(columns, paper.Tight(p.l.T("Who"), p.l.T("Who")))
	return tag.Group{heading, paper.Table(columns, rows)}
}

func (p page) checking() tag.Node {
	file := p.Name + ".json"
	before := " "
	if p.Journal.First > 1 {
		before = ", " + p.l.T("from line %d on; what stands before is not in it,", p.Journal.First) + " "
	}
	return tag.Group{
		paper.Heading(p.l.T("10 · How to check this paper yourself, and what it can't prove")),
		tag.P(
			tag.Text(p.l.T("The original is the data, not this page:")+" "), paper.File(file, tag.JSON, p.JSON), tag.Text(" "+p.l.T("and its seal,")+" "),
			paper.File(file+".minisig", tag.Plain, p.Signature), tag.Text(p.l.T(". Both are in this file.")),
		),
		tag.Pre(tag.Text("delegate365-onboard report verify " + file + " --fingerprint \"" + Fingerprint(p.SHA256) + "\"\n" +
			"sha256sum " + file + "      Windows: Get-FileHash " + file + "\n  " + p.SHA256 + "\n" +
			"minisign -V -H -m " + file + " -P " + p.Seal.PublicKey)),
		tag.Ul(tag.Lines(
			tag.Li(tag.Text(p.l.T("The seal shows that not a byte was changed since %s. It does not say who made it: its key was made for this report and thrown away. Whoever makes a whole new report makes a new seal. What counts is the fingerprint that both people noted at the end.", stamp(p.l, p.MadeAt)))),
			tag.Li(tag.Text(p.l.T("The journal's %d lines%sare in the data. Times and changes in sections 2 and 3 are said by it. It was on the operator's computer until it was sealed here.", len(p.Journal.Lines), before))),
			tag.Li(tag.Text(p.l.T("What nobody on either side can forge is Microsoft's audit log: look the entries of section 3 up by their ids, in the Entra admin center under Audit logs, while Microsoft keeps them. No entry does not mean that nothing happened: the log is late, and does not hold everything."))),
			tag.Li(tag.Text(todayAt(p))),
			tag.Li(tag.Text(p.l.T("A change ticket or an approval by anybody but the operator is not in this report."))),
		)),
		tag.P(tag.Text(p.l.T("What could not be read, or is not known:"))),
		tag.Ul(doubts(p.l, p.Doubts, "Nothing that was looked for.")...),
	}
}

// doubts are what is not known; none is said in words.
func doubts(l phrase.Language, all []Doubt, none phrase.Format) tag.Group {
	if len(all) == 0 {
		return tag.Group{tag.Li(tag.Text(l.T(none)))}
	}
	return tag.Map(all, func(d Doubt) tag.Node {
		return tag.Li(name(aboutWhat(l, d.About)), tag.Text(": "), name(Retold(l, d.Why)), saidBy(l, d.Claim))
	})
}

// aboutWhat is what a doubt is about.
func aboutWhat(l phrase.Language, about string) string {
	if number, is := strings.CutPrefix(about, "change "); is {
		return l.T("change") + " " + number
	}
	return Retold(l, about)
}

// saidBy is who says that something is not known, and when.
func saidBy(l phrase.Language, c *Claim) tag.Node {
	if c == nil {
		return nil
	}
	said := l.T(layers[c.Layer]) + ", " + stamp(l, c.At)
	if c.RequestID != "" {
		said += ", " + l.T("request %s", c.RequestID)
	}
	if c.Line != 0 {
		said += ", " + l.T("line %d", c.Line)
	}
	return tag.Group{tag.Text(" "), paper.ID(said)}
}

// thatPage leads to a page of Microsoft's, where one is known.
func thatPage(l phrase.Language, address string) tag.Node {
	if address == "" {
		return nil
	}
	return tag.Group{tag.Text(" "), tag.A(tag.Href(address), tag.Text(l.T("That page")))}
}

// layers are where a claim comes from, in words.
var layers = map[string]phrase.Format{LayerJournal: "said by this program's journal", LayerTenant: "read from the tenant", LayerAudit: "said by Microsoft's log", LayerAnswer: "said by Microsoft's answer"}
