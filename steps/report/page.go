package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
)

// page is what is drawn: the report, and what is said of its files.
type page struct {
	Report
	SHA256, Name    string
	JSON, Signature []byte
}

// draw is the page up to its seal. The same report gives the same page.
func draw(r Report, json, seal []byte) ([]byte, error) {
	p := page{Report: r, SHA256: Hash(json), Name: NameOf(r), JSON: json, Signature: seal}
	domain := shown(r.Tenant.DefaultDomain)
	return paper.Page(
		"Delegate365 "+r.work()+" of "+domain+", "+date(r.MadeAt),
		r.Rehearsal,
		tag.H1(tag.Text("Delegate365 "+r.work()+" · "), paper.Name(domain), tag.Text(" · "+date(r.MadeAt))),
		p.verdict(),
		p.who(),
		p.windows(),
		p.changes(),
		p.vendor(),
		p.unexplained(),
		p.compared(),
		p.leftovers(),
		p.score(),
		p.next(),
		p.checking(),
		tag.P(tag.Class("soft"), tag.Text("This report holds names and addresses of persons. It belongs to the customer.")),
	)
}

func date(t time.Time) string { return t.Format("2 January 2006") }

func clock(t time.Time) string { return t.Format("15:04:05") }

// name is what a stranger may have chosen, as it is shown.
func name(s string) tag.Node { return paper.Name(shown(s)) }

// heads are a table's, by their words and by what stands before a cell where the page is narrow.
func heads(pairs ...string) (out []paper.Head) {
	for pair := range slices.Chunk(pairs, 2) {
		out = append(out, paper.Head{Words: pair[0], Narrow: pair[1]})
	}
	return out
}

// orNone is a value before or after, which may not be there.
func orNone(value string) string {
	if value == "" {
		return "not there"
	}
	return shown(value)
}

// fromTo is a value before and after.
func fromTo(from, to string) tag.Node { return paper.Change(orNone(from), orNone(to)) }

func entriesOf(all []Entry, ids []string) (out []Entry) {
	for _, e := range all {
		if slices.Contains(ids, e.ID) {
			out = append(out, e)
		}
	}
	return out
}

func (p page) verdict() tag.Node {
	mark := markOf(p.Verdict, p.offboards())
	return tag.Div(tag.Class("verdict "+mark), tag.Lines(
		tag.P(paper.Strong(mark, markSaid[mark]), tag.Text(" "), paper.Name(p.Verdict.Sentence)),
		tag.Map(p.Verdict.Alarms, func(alarm string) tag.Node { return tag.P(tag.Class("alarm"), tag.Text("! "), paper.Name(alarm)) }),
		tag.P(tag.Text("Fingerprint of the data "), paper.Fingerprint(Fingerprint(p.SHA256))),
	))
}

var markSaid = map[string]string{"good": "✓", "look": "! Look", "bad": "✗ Act"}

func (p page) who() tag.Node {
	return tag.Group{paper.Heading("1 · Who, where, when"), tag.Dl(tag.Lines(
		paper.Term("Tenant", name(p.Tenant.DisplayName), tag.Text(" · "), name(p.Tenant.DefaultDomain),
			tag.Text(" · cloud "+p.Tenant.Cloud+" · licence "+p.Tenant.Licence+" "), paper.ID(p.Tenant.ID)),
		paper.Term("Operator", name(p.Operator.UserPrincipalName), tag.If(len(p.Operator.Roles) > 0, tag.Text(" · ")), names(p.Operator.Roles),
			tag.Text(" "), paper.ID(p.Operator.ID)),
		paper.Term("Through the application", tag.Text(shown(p.Operator.ClientName)+" "), paper.ID(p.Operator.ClientID)),
		paper.Term("Permissions granted", tag.Text(strings.Join(p.Operator.Scopes, ", "))),
		paper.Term("Service account", name(p.Account.UserPrincipalName), tag.Text(p.Account.origin()), tag.Map(p.Account.Roles, held),
			tag.Text(" "), paper.ID(p.Account.ID)),
		paper.Term("Ended", tag.Text(p.Ended.said())),
		paper.Term("This report", tag.Text("closed "+stamp(p.MadeAt)+" by the "+p.MadeBy+" "), paper.ID(p.ID)),
		p.clock(),
		paper.Term("Program", tag.Text(p.Program.said()), tag.If(p.Program.SHA256 != "", tag.Group{tag.Text(" "), paper.ID("sha256 " + p.Program.SHA256)})),
	))}
}

// clock says how far this computer's clock is off, where that matters.
func (p page) clock() tag.Node {
	if p.Clock == nil || !p.Clock.Told() {
		return nil
	}
	return paper.Term("Clock", tag.Text("This computer's clock was "+p.Clock.Said()+", by "+strconv.Itoa(p.Clock.Samples)+
		" answers of Graph's. Times said by the journal are by it; before they were held against Microsoft's log they were corrected."))
}

// names are several, one after another.
func names(all []string) tag.Node {
	var out tag.Group
	for i, n := range all {
		out = append(out, tag.If(i > 0, tag.Text(", ")), name(n))
	}
	return out
}

func (a Account) origin() (said string) {
	if a.Created {
		said = " · created by this onboarding"
	}
	if a.Adopted {
		said += " · was there before"
	}
	return said
}

func held(r Role) tag.Node {
	since := ""
	if !r.Since.IsZero() {
		since = " since " + stamp(r.Since)
	}
	return tag.Group{tag.Text(" · holds "), name(r.Name), tag.Text(since)}
}

func (e Ended) said() string {
	said := e.How + ", "
	switch {
	case e.How != Killed:
		said += stamp(e.At) + ", by the " + e.By
	case e.By == "guard":
		said += stamp(e.At) + ", as the guard saw it"
	default:
		said += "after " + stamp(e.At) + ", its last line in the journal"
	}
	if e.Step != "" && e.How != Finished {
		said += ", at the step " + e.Step
	}
	return said
}

func (p Program) said() string {
	said := "delegate365-onboard " + p.Version
	if p.Commit != "" {
		said += ", commit " + p.Commit
	}
	if p.Modified {
		said += ", with changes that are in no commit"
	}
	return said + ", " + p.OS + "/" + p.Arch
}

// markOf is the sign before the verdict, and its class; words say the same.
func markOf(v Verdict, offboards bool) string {
	switch {
	case v.MFA == MFAOff || v.MFA == MFAUnknown:
		return "bad"
	case len(v.Alarms) > 0, offboards && v.Onboarding == HalfWay:
		return "look"
	}
	return "good"
}

// unexplainedHeading never says none alone: the log is late.
func unexplainedHeading(r Report) string {
	said := "Not explained by this " + r.work()
	switch {
	case len(r.Unexplained) > 0:
		return said
	case r.Audit.Error != "":
		return said + ": not known, the log was not read"
	case r.Audit.Settled:
		return said + ": none, log read " + roughly(r.Audit.ReadAt.Sub(lastOf(r.Windows, r.Changes))) + " after the end"
	case r.Audit.Newest.IsZero():
		return said + ": the log had no entry yet; entries may still arrive"
	}
	return said + ": none up to " + r.Audit.Newest.Format(hourAndClock) + "; entries may still arrive"
}

func roughly(d time.Duration) string { return strconv.Itoa(int(d.Hours())) + " h" }

// auditSaid is Microsoft's evidence of a change in words.
func auditSaid(c Change, a Audit) string {
	if c.Audit == nil {
		return ""
	}
	switch c.Audit.State {
	case Found:
		how := "by its id"
		if c.Audit.Match == "likely" {
			how = "by who, what and when"
		}
		return "found, " + how + ": " + strings.Join(c.Audit.Entries, ", ")
	case Pending:
		said := "not arrived when the log was read at " + a.ReadAt.Format(hourAndClock)
		if !a.Newest.IsZero() {
			said += "; its newest entry is of " + a.Newest.Format(hourAndClock)
		}
		return said
	case Absent:
		return "the log, read " + stamp(a.ReadAt) + ", has no entry for this"
	case Beyond:
		return "can't be known any more: the log is not kept for so long"
	}
	return "could not be read"
}

func actorOf(a Actor) string {
	name := a.Name
	if name == "" {
		name = a.ID
	}
	if name == "" {
		return "nobody is named"
	}
	if a.Kind == "app" {
		name = "the application " + name
	}
	if a.IP != "" {
		name += " from " + a.IP
	}
	return shown(name)
}

// Told reports a clock that is so far off that whoever compares times has to know.
func (c Clock) Told() bool { return c.OffsetSeconds > 60 || c.OffsetSeconds < -60 }

// Said is how far it is off, in words.
func (c Clock) Said() string {
	if c.OffsetSeconds < 0 {
		return length(-c.OffsetSeconds) + " behind Microsoft's"
	}
	return length(c.OffsetSeconds) + " ahead of Microsoft's"
}

// NameOf is the name of a report's files, without what a second one on the same day adds and without an ending.
func NameOf(r Report) string {
	domain := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' {
			return c
		}
		return -1
	}, strings.ToLower(r.Tenant.DefaultDomain))
	if domain = strings.Trim(domain, "."); domain == "" {
		domain = "tenant"
	}
	return cut120(domain) + "-" + r.MadeAt.Format(time.DateOnly)
}

func cut120(s string) string { return s[:min(len(s), mostShown)] }
