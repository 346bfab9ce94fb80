package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// page is what is drawn: the report, and what is said of its files.
type page struct {
	*Report
	l               phrase.Language
	SHA256, Name    string
	JSON, Signature []byte
}

// draw is the page up to its seal. The same report gives the same page.
func draw(r *Report, json, seal []byte) ([]byte, error) {
	l := r.spoken()
	p := page{Report: r, l: l, SHA256: Hash(json), Name: NameOf(*r), JSON: json, Signature: seal}
	domain := shown(r.Tenant.DefaultDomain)
	return paper.Page(
		l,
		l.T("Delegate365 %s of %s, %s", l.T(r.Work()), domain, date(l, r.MadeAt)),
		r.Rehearsal,
		tag.H1(tag.Text(l.T("Delegate365 %s", l.T(r.Work()))+" · "), paper.Name(domain), tag.Text(" · "+date(l, r.MadeAt))),
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
		tag.P(tag.Class("soft"), tag.Text(p.l.T("This report holds names and addresses of persons. It belongs to the customer."))),
	)
}

// spoken is the language of the page and of the verdict's words.
func (r *Report) spoken() phrase.Language { return phrase.Language(r.Language) }

func date(l phrase.Language, t time.Time) string { return l.Date(t) + t.Format(" 2006") }

func clock(t time.Time) string { return t.Format("15:04:05") }

// name is what a stranger may have chosen, as it is shown.
func name(s string) tag.Node { return paper.Name(shown(s)) }

// heads are a table's, by their words and by what stands before a cell where the page is narrow.
func heads(l phrase.Language, pairs ...phrase.Format) (out []paper.Head) {
	for pair := range slices.Chunk(pairs, 2) {
		out = append(out, paper.Head{Words: l.T(pair[0]), Narrow: l.T(pair[1])})
	}
	return out
}

// fromTo is a value before and after.
func fromTo(l phrase.Language, from, to string) tag.Node {
	return paper.Change(orNone(l, from), orNone(l, to))
}

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
		tag.P(paper.Strong(mark, p.l.T(markSaid[mark])), tag.Text(" "), paper.Name(p.Verdict.Sentence)),
		tag.Map(p.Verdict.Alarms, func(alarm string) tag.Node { return tag.P(tag.Class("alarm"), tag.Text("! "), paper.Name(alarm)) }),
		tag.P(tag.Text(p.l.T("Fingerprint of the data")+" "), paper.Fingerprint(Fingerprint(p.SHA256))),
	))
}

var markSaid = map[string]phrase.Format{"good": "✓", "look": "! Look", "bad": "✗ Act"}

func (p page) who() tag.Node {
	return tag.Group{paper.Heading(p.l.T("1 · Who, where, when")), tag.Dl(tag.Lines(
		paper.Term(p.l.T("Tenant"), name(p.Tenant.DisplayName), tag.Text(" · "), name(p.Tenant.DefaultDomain),
			tag.Text(" · "+CloudSaid(p.l, shown(p.Tenant.Cloud))+" · "+licenceSaid(p.l, p.Tenant.Licence)+" "), paper.ID(p.Tenant.ID)),
		paper.Term(p.l.T("Operator"), name(p.Operator.UserPrincipalName), tag.If(len(p.Operator.Roles) > 0, tag.Text(" · ")), names(p.l, p.Operator.Roles),
			tag.If(!p.Operator.ActivatedUntil.IsZero(), tag.Text(", "+p.l.T("activated until %s", stamp(p.l, p.Operator.ActivatedUntil)))),
			tag.Text(" "), paper.ID(p.Operator.ID)),
		paper.Term(p.l.T("Through the application"), tag.Text(shown(p.Operator.ClientName)+" "), paper.ID(p.Operator.ClientID)),
		paper.Term(p.l.T("Permissions granted"), tag.Text(strings.Join(p.Operator.askedFor(), ", "))),
		tag.If(len(p.Operator.Before) > 0, paper.Term(p.l.T("Granted before"), tag.Text(p.l.T("and not asked for when signing in: %s", strings.Join(p.Operator.Before, ", "))))),
		paper.Term(p.l.T("Service account"), name(p.Account.UserPrincipalName), tag.Text(p.Account.origin(p.l)), tag.Map(p.Account.Roles, func(r Role) tag.Node { return heldNow(p.l, r) }),
			tag.Text(" "), paper.ID(p.Account.ID)),
		withoutSaid(p),
		paper.Term(p.l.T("Ended"), tag.Text(p.Ended.said(p.l))),
		paper.Term(p.l.T("This report"), tag.Text(p.l.T("closed %s by the %s", stamp(p.l, p.MadeAt), writer(p.l, p.MadeBy))+" "), paper.ID(p.ID)),
		clockSaid(p),
		paper.Term(p.l.T("Program"), tag.Text(p.Program.said(p.l)), tag.If(p.Program.SHA256 != "", tag.Group{tag.Text(" "), paper.ID("sha256 " + p.Program.SHA256)})),
	))}
}

// clockSaid says how far this computer's clock is off, where that matters.
func clockSaid(p page) tag.Node {
	if p.Clock == nil || !p.Clock.Told() {
		return nil
	}
	return paper.Term(p.l.T("Clock"), tag.Text(p.l.T("This computer's clock was %s, by %d answers of Graph's. Times said by the journal are by it; before they were held against Microsoft's log they were corrected.",
		p.Clock.Said(p.l), p.Clock.Samples)))
}

// names are those of roles, one after another.
func names(l phrase.Language, all []string) tag.Node {
	var out tag.Group
	for i, n := range all {
		if n == string(roleName) {
			n = l.T(roleName)
		}
		out = append(out, tag.If(i > 0, tag.Text(", ")), name(n))
	}
	return out
}

func (a Account) origin(l phrase.Language) (said string) {
	if a.Created {
		said = " · " + l.T("created by this onboarding")
	}
	if a.Adopted {
		said += " · " + l.T("was there before")
	}
	return said
}

// roleShown is the role's name, in the page's language where it is the one that the onboarding gives.
func roleShown(l phrase.Language, r Role) string {
	if r.TemplateID == globalAdministrator {
		return l.T(roleName)
	}
	return r.Name
}

func heldNow(l phrase.Language, r Role) tag.Node {
	since := ""
	if !r.Since.IsZero() {
		since = " " + l.T("since %s", stamp(l, r.Since))
	}
	return tag.Group{tag.Text(" · " + l.T("holds") + " "), name(roleShown(l, r)), tag.Text(since)}
}

func (e Ended) said(l phrase.Language) string {
	how, at := l.T(endings[e.How]), stamp(l, e.At)
	said := l.T("%s, %s, by the %s", how, at, writer(l, e.By))
	switch {
	case e.How == Killed && e.By == "guard":
		said = l.T("%s, %s, as the guard saw it", how, at)
	case e.How == Killed:
		said = l.T("%s, after %s, its last line in the journal", how, at)
	}
	if e.Step != "" && e.How != Finished {
		said += ", " + l.T("at the step %s", StepTitle(l, e.Step))
	}
	return said
}

// endings are how it ended, in words.
var endings = map[string]phrase.Format{Finished: "finished", Left: "left", Killed: "killed", PutBack: "put-back", NotBegun: "not-begun", Offboarded: "offboarded"}

// writers are who acts, in words.
var writers = map[string]phrase.Format{"wizard": "wizard", "guard": "guard", "restore": "restore", "report": "report"}

func writer(l phrase.Language, by string) string {
	if words := writers[by]; words != "" {
		return l.T(words)
	}
	return by
}

func (p Program) said(l phrase.Language) string {
	said := "delegate365-onboard " + p.Version
	if p.Commit != "" {
		said += ", " + l.T("commit %s", p.Commit)
	}
	if p.Modified {
		said += ", " + l.T("with changes that are in no commit")
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
func unexplainedHeading(r *Report) string {
	said, l := unexplainedSaid(r), r.spoken()
	if len(r.Unexplained) == 0 && opensUnread(r) {
		said += "; " + l.T(unreadBefore, r.Audit.From.Format(hourAndClock))
	}
	return said
}

func unexplainedSaid(r *Report) string {
	l := r.spoken()
	said := l.T("Not explained by this %s", l.T(r.Work()))
	switch {
	case len(r.Unexplained) > 0:
		return said
	case r.Audit.Error != "":
		return said + ": " + l.T("not known, the log was not read")
	case r.Audit.Settled:
		return said + ": " + l.T("none, log read %s after the end", roughly(l, r.Audit.ReadAt.Sub(lastOf(r.Windows, r.Changes))))
	case r.Audit.Newest.IsZero():
		return said + ": " + l.T("the log had no entry yet; entries may still arrive")
	}
	return said + ": " + l.T("none up to %s; entries may still arrive", r.Audit.Newest.Format(hourAndClock))
}

func roughly(l phrase.Language, d time.Duration) string {
	return cmp.Or(l.Days(d), strconv.Itoa(int(d.Hours()))+" h")
}

// auditSaid is Microsoft's evidence of a change in words.
func auditSaid(l phrase.Language, c Change, a Audit) tag.Node {
	if c.Audit == nil {
		return nil
	}
	said := l.T("could not be read")
	switch c.Audit.State {
	case Found:
		how := l.T("by its id")
		if c.Audit.Match == "likely" {
			how = l.T("by who, what and when")
		}
		return tag.Group{tag.Text(l.T("found, %s:", how) + " "), paper.ID(strings.Join(c.Audit.Entries, ", "))}
	case Pending:
		said = l.T("not arrived when the log was read at %s", a.ReadAt.Format(hourAndClock))
		if !a.Newest.IsZero() {
			said += "; " + l.T("its newest entry is of %s", a.Newest.Format(hourAndClock))
		}
	case Absent:
		said = l.T("the log, read %s, has no entry for this", stamp(l, a.ReadAt))
	case Beyond:
		said = l.T("can't be known any more: the log is not kept for so long")
	}
	return tag.Text(said)
}

func actorOf(l phrase.Language, a Actor) string {
	name := a.Name
	if name == "" {
		name = a.ID
	}
	if name == "" {
		return l.T("nobody is named")
	}
	if a.Kind == "app" {
		name = l.T("the application %s", name)
	}
	if a.IP != "" {
		name = l.T("%s from %s", name, a.IP)
	}
	return shown(name)
}

// NameOf is the name of a report's files without an ending: its own, or the one that it would have if it were the only one of its day.
func NameOf(r Report) string {
	if r.File != "" {
		return r.File
	}
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
