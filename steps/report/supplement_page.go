package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// supplementPage is what is drawn: the supplement, its report, and what is said of its files.
type supplementPage struct {
	Supplement
	l               phrase.Language
	Report          Report
	SHA256, Name    string
	JSON, Signature []byte
}

// drawSupplement is the page of a supplement up to its seal.
func drawSupplement(s Supplement, of Report, json, seal []byte) ([]byte, error) {
	number := strconv.Itoa(s.Number)
	l := of.spoken()
	p := supplementPage{Supplement: s, l: l, Report: of, SHA256: Hash(json), Name: NameOf(of) + ".supplement-" + number, JSON: json, Signature: seal}
	domain := shown(of.Tenant.DefaultDomain)
	return paper.Page(
		l,
		l.T("Supplement %s to the %s of %s, %s", number, l.T(of.Work()), domain, date(l, s.MadeAt)),
		s.Rehearsal,
		tag.H1(tag.Text(l.T("Supplement %s", number)+" · "+l.T("Delegate365 %s", l.T(of.Work()))+" · "), paper.Name(domain), tag.Text(" · "+date(l, s.MadeAt))),
		p.verdict(),
		p.who(),
		p.changes(),
		p.unexplained(),
		p.today(),
		p.checking(),
		tag.P(tag.Class("soft"), tag.Text(p.l.T("This supplement holds names and addresses of persons. It belongs to the customer."))),
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
	said := p.l.T("No entry of Microsoft's log is unexplained.")
	if !p.Audit.Settled {
		said = p.l.T("No entry of Microsoft's log is unexplained so far.")
	}
	class, first := "good", tag.Group{paper.Strong("good", "✓"), tag.Text(" " + said)}
	if n := len(entriesOf(p.Entries, p.Unexplained)); n > 0 {
		class, first = "look", tag.Group{paper.Strong("look", p.l.T("! Look")), tag.Text(" " + p.l.T("%d of Microsoft's entries are NOT EXPLAINED by the %s.", n, p.l.T(p.Report.Work())))}
	}
	return tag.Div(tag.Class("verdict "+class), tag.Lines(
		tag.P(first...),
		tag.P(tag.Text(p.l.T("It adds to the report of %s, which stays as it is, with the fingerprint", stamp(p.l, p.Report.MadeAt))+" "), paper.Fingerprint(Fingerprint(p.Of))),
		tag.P(tag.Text(p.l.T("Fingerprint of this supplement's data")+" "), paper.Fingerprint(Fingerprint(p.SHA256))),
	))
}

func (p supplementPage) who() tag.Node {
	return tag.Group{paper.Heading(p.l.T("1 · Who and when")), tag.Dl(tag.Lines(
		paper.Term(p.l.T("Made"), tag.Text(stamp(p.l, p.MadeAt)+" "), paper.ID(p.ID)),
		paper.Term(p.l.T("Operator"), name(p.Operator.UserPrincipalName), tag.Text(" "), paper.ID(p.Operator.ID)),
		paper.Term(p.l.T("Program"), tag.Text("delegate365-onboard "+p.Program.Version+", "+p.Program.OS+"/"+p.Program.Arch)),
		paper.Term(p.l.T("The tenant names"), tag.Text(p.witness())),
	))}
}

// witness is which report the tenant itself names.
func (p supplementPage) witness() string {
	switch p.Witness {
	case p.Of:
		return p.l.T("this very report, by all 64 digits")
	case "none":
		return p.l.T("no report")
	case "unknown":
		return p.l.T("not read")
	}
	return p.l.T("another report: %s", Fingerprint(p.Witness))
}

func (p supplementPage) changes() tag.Node {
	read := p.l.T("Microsoft's audit log was not read: %s", shown(reason(p.l, p.Audit.Error)))
	if !p.Audit.ReadAt.IsZero() {
		read = p.l.T("Microsoft's audit log was read %s.", stamp(p.l, p.Audit.ReadAt))
		if !p.Audit.KeptUntil.IsZero() {
			read += " " + p.l.T("Microsoft keeps these entries until %s.", stamp(p.l, p.Audit.KeptUntil))
		}
	}
	table := tag.P(tag.Text(p.l.T("The report has no change.")))
	if len(p.Changes) > 0 {
		var rows [][]tag.Node
		for _, e := range p.Changes {
			c := p.change(e)
			rows = append(rows, []tag.Node{tag.Text(strconv.Itoa(c.N)), tag.Text(clock(c.At)), c.object(p.l), auditSaid(p.l, c, p.Audit)})
		}
		table = paper.Table(changeHeads(p.l, "Microsoft's entry, by now", "Microsoft's entry"), rows)
	}
	return tag.Group{paper.Heading(p.l.T("2 · Microsoft's entry of each change")), tag.P(tag.Text(read)), table}
}

func (p supplementPage) unexplained() tag.Node {
	none := p.l.T("None so far; entries may still arrive.")
	switch {
	case p.Audit.Error != "":
		none = p.l.T("Not known: the log was not read.")
	case p.Audit.Settled:
		none = p.l.T("None.")
	}
	open := entriesOf(p.Entries, p.Unexplained)
	found := tag.P(tag.Text(none))
	if len(open) > 0 {
		found = tag.Ul(tag.Map(open, func(e Entry) tag.Node { return e.alarming(p.l, "") }))
	}
	return tag.Group{
		paper.Heading(p.l.T("3 · Not explained by the %s", p.l.T(p.Report.Work()))),
		found,
		othersWork(p.l, "Somebody else's work in that time:", entriesOf(p.Entries, p.OthersWork)),
	}
}

func (p supplementPage) today() tag.Node {
	heading := paper.Heading(p.l.T("4 · What the report said, and today"))
	if len(p.Today) == 0 {
		return tag.Group{heading, tag.P(tag.Text(p.l.T("The tenant was not read.")))}
	}
	var rows [][]tag.Node
	for _, t := range p.Today {
		var by tag.Node = tag.Text(p.l.T("no entry was found"))
		switch {
		case t.ChangedBy != "":
			by = tag.Group{paper.Name(t.ChangedBy), tag.Text(", " + stamp(p.l, t.At) + " "), paper.ID(t.Entry)}
		case t.Said == t.Now:
			by = tag.Text(p.l.T("nobody"))
		}
		rows = append(rows, []tag.Node{name(Retold(p.l, t.What)), tag.Text(Retold(p.l, t.Said)), tag.Text(Retold(p.l, t.Now)), by})
	}
	return tag.Group{heading, paper.Table(heads(p.l, "What", "What", "Said", "Said", "Today", "Today", "Changed by, as Microsoft's log has it", "Changed by"), rows)}
}

func (p supplementPage) checking() tag.Node {
	file := p.Name + ".json"
	lines := p.l.T("none")
	if n := len(p.Journal.Lines); n > 0 {
		lines = strconv.Itoa(n)
	}
	return tag.Group{
		paper.Heading(p.l.T("5 · How to check this paper yourself")),
		tag.P(
			tag.Text(p.l.T("The original is the data:")+" "), paper.File(file, tag.JSON, p.JSON), tag.Text(" "+p.l.T("and its seal,")+" "),
			paper.File(file+".minisig", tag.Plain, p.Signature), tag.Text(p.l.T(". It belongs beside its report.")),
		),
		tag.Pre(tag.Text("delegate365-onboard report verify " + file + " --fingerprint \"" + Fingerprint(p.SHA256) + "\"\n" +
			"minisign -V -H -m " + file + " -P " + p.Seal.PublicKey)),
		tag.P(tag.Text(p.l.T("A seal does not say who made it. The journal's lines since the report are in the data: %s.", lines))),
		tag.If(len(p.Doubts) > 0, tag.Group{tag.P(tag.Text(p.l.T("What could not be read:"))), tag.Ul(doubts(p.l, p.Doubts, "")...)}),
	}
}
