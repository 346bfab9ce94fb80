package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
)

// supplementPage is what is drawn: the supplement, its report, and what is said of its files.
type supplementPage struct {
	Supplement
	Report          Report
	SHA256, Name    string
	JSON, Signature []byte
}

// drawSupplement is the page of a supplement up to its seal.
func drawSupplement(s Supplement, of Report, json, seal []byte) ([]byte, error) {
	number := strconv.Itoa(s.Number)
	p := supplementPage{Supplement: s, Report: of, SHA256: Hash(json), Name: NameOf(of) + ".supplement-" + number, JSON: json, Signature: seal}
	domain := shown(of.Tenant.DefaultDomain)
	return paper.Page(
		"Supplement "+number+" to the "+of.work()+" of "+domain+", "+date(s.MadeAt),
		s.Rehearsal,
		tag.H1(tag.Text("Supplement "+number+" · Delegate365 "+of.work()+" · "), paper.Name(domain), tag.Text(" · "+date(s.MadeAt))),
		p.verdict(),
		p.who(),
		p.changes(),
		p.unexplained(),
		p.today(),
		p.checking(),
		tag.P(tag.Class("soft"), tag.Text("This supplement holds names and addresses of persons. It belongs to the customer.")),
	)
}

// change is the change of the report that an evidence is about; one without a name where the report has none.
func (p supplementPage) change(e Evidence) Change {
	for _, c := range p.Report.Changes {
		if c.N == e.N {
			c.Audit = &e.Audit
			return c
		}
	}
	return Change{N: e.N, Audit: &e.Audit}
}

func (p supplementPage) verdict() tag.Node {
	so := ""
	if !p.Audit.Settled {
		so = " so far"
	}
	class, said := "good", tag.Group{paper.Strong("good", "✓"), tag.Text(" No entry of Microsoft's log is unexplained" + so + ".")}
	if n := len(entriesOf(p.Entries, p.Unexplained)); n > 0 {
		class, said = "look", tag.Group{paper.Strong("look", "! Look"), tag.Text(" " + strconv.Itoa(n) + " of Microsoft's entries are NOT EXPLAINED by the " + p.Report.work() + ".")}
	}
	return tag.Div(tag.Class("verdict "+class), tag.Lines(
		tag.P(said...),
		tag.P(tag.Text("It adds to the report of "+stamp(p.Report.MadeAt)+", which stays as it is, with the fingerprint "), paper.Fingerprint(Fingerprint(p.Of))),
		tag.P(tag.Text("Fingerprint of this supplement's data "), paper.Fingerprint(Fingerprint(p.SHA256))),
	))
}

func (p supplementPage) who() tag.Node {
	return tag.Group{paper.Heading("1 · Who and when"), tag.Dl(tag.Lines(
		paper.Term("Made", tag.Text(stamp(p.MadeAt)+" "), paper.ID(p.ID)),
		paper.Term("Operator", name(p.Operator.UserPrincipalName), tag.Text(" "), paper.ID(p.Operator.ID)),
		paper.Term("Program", tag.Text("delegate365-onboard "+p.Program.Version+", "+p.Program.OS+"/"+p.Program.Arch)),
		paper.Term("The tenant names", tag.Text(p.witness())),
	))}
}

// witness is which report the tenant itself names.
func (p supplementPage) witness() string {
	switch p.Witness {
	case p.Of:
		return "this very report, by all 64 digits"
	case "none":
		return "no report"
	case "unknown":
		return "not read"
	}
	return "another report: " + Fingerprint(p.Witness)
}

func (p supplementPage) changes() tag.Node {
	read := "Microsoft's audit log was not read: " + shown(p.Audit.Error)
	if !p.Audit.ReadAt.IsZero() {
		read = "Microsoft's audit log was read " + stamp(p.Audit.ReadAt) + "."
		if !p.Audit.KeptUntil.IsZero() {
			read += " Microsoft keeps these entries until " + stamp(p.Audit.KeptUntil) + "."
		}
	}
	table := tag.P(tag.Text("The report has no change."))
	if len(p.Changes) > 0 {
		var rows [][]tag.Node
		for _, e := range p.Changes {
			c := p.change(e)
			rows = append(rows, []tag.Node{tag.Text(strconv.Itoa(c.N)), tag.Text(clock(c.At)), c.object(), tag.Text(auditSaid(c, p.Audit))})
		}
		table = paper.Table(changeHeads("Microsoft's entry, by now", "Microsoft's entry"), rows)
	}
	return tag.Group{paper.Heading("2 · Microsoft's entry of each change"), tag.P(tag.Text(read)), table}
}

func (p supplementPage) unexplained() tag.Node {
	none := "None so far; entries may still arrive."
	switch {
	case p.Audit.Error != "":
		none = "Not known: the log was not read."
	case p.Audit.Settled:
		none = "None."
	}
	open := entriesOf(p.Entries, p.Unexplained)
	found := tag.P(tag.Text(none))
	if len(open) > 0 {
		found = tag.Ul(tag.Map(open, func(e Entry) tag.Node { return e.alarming("") }))
	}
	return tag.Group{
		paper.Heading("3 · Not explained by the " + p.Report.work()),
		found,
		othersWork("Somebody else's work in that time:", entriesOf(p.Entries, p.OthersWork)),
	}
}

func (p supplementPage) today() tag.Node {
	heading := paper.Heading("4 · What the report said, and today")
	if len(p.Today) == 0 {
		return tag.Group{heading, tag.P(tag.Text("The tenant was not read."))}
	}
	var rows [][]tag.Node
	for _, t := range p.Today {
		var by tag.Node = tag.Text("no entry was found")
		switch {
		case t.ChangedBy != "":
			by = tag.Group{paper.Name(t.ChangedBy), tag.Text(", " + stamp(t.At) + " "), paper.ID(t.Entry)}
		case t.Said == t.Now:
			by = tag.Text("nobody")
		}
		rows = append(rows, []tag.Node{name(t.What), tag.Text(t.Said), tag.Text(t.Now), by})
	}
	return tag.Group{heading, paper.Table(heads("What", "What", "Said", "Said", "Today", "Today", "Changed by, as Microsoft's log has it", "Changed by"), rows)}
}

func (p supplementPage) checking() tag.Node {
	file := p.Name + ".json"
	lines := "none"
	if n := len(p.Journal.Lines); n > 0 {
		lines = strconv.Itoa(n)
	}
	return tag.Group{
		paper.Heading("5 · How to check this paper yourself"),
		tag.P(
			tag.Text("The original is the data: "), paper.File(file, tag.JSON, p.JSON), tag.Text(" and its seal, "),
			paper.File(file+".minisig", tag.Plain, p.Signature), tag.Text(". It belongs beside its report."),
		),
		tag.Pre(tag.Text("delegate365-onboard report verify " + file + " --fingerprint \"" + Fingerprint(p.SHA256) + "\"\n" +
			"minisign -V -H -m " + file + " -P " + p.Seal.PublicKey)),
		tag.P(tag.Text("A seal does not say who made it. The journal's lines since the report are in the data: " + lines + ".")),
		tag.If(len(p.Doubts) > 0, tag.Group{tag.P(tag.Text("What could not be read:")), tag.Ul(doubts(p.Doubts, "")...)}),
	}
}
