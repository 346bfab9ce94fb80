package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed page.html
var pageText string

//go:embed supplement.html
var supplementText string

//go:embed page.css
var pageStyle string

func parsed(text string) func() *template.Template {
	return sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Funcs(pageFuncs).Parse(text)) })
}

var pageTemplate, supplementTemplate = parsed(pageText), parsed(supplementText)

var pageFuncs = template.FuncMap{
	"shown": shown, "stamp": stamp, "length": length, "date": func(t time.Time) string { return t.Format("2 January 2006") },
	"clock": func(t time.Time) string { return t.Format("15:04:05") }, "fingerprint": Fingerprint,
	"mark": markOf, "audit": auditSaid, "data": dataLink, "actor": actorOf, "join": strings.Join, "layer": layerOf,
}

// supplementPage is what its template draws.
type supplementPage struct {
	Supplement
	Report             Report
	Style              template.CSS
	StyleHash          string
	SHA256, Name       string
	JSON, Signature    []byte
	Unsolved, OthersOf []Entry
}

// Change is the change of the report that an evidence is about; one without a name where the report has none.
func (p supplementPage) Change(e Evidence) Change {
	for _, c := range p.Report.Changes {
		if c.N == e.N {
			c.Audit = &e.Audit
			return c
		}
	}
	return Change{N: e.N, Audit: &e.Audit}
}

// drawSupplement is the page of a supplement up to its seal.
func drawSupplement(s Supplement, of Report, json, seal []byte) ([]byte, error) {
	sum := sha256.Sum256([]byte(pageStyle))
	p := supplementPage{
		Supplement: s, Report: of, Style: template.CSS(pageStyle), StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]),
		SHA256: Hash(json), Name: NameOf(of) + ".supplement-" + strconv.Itoa(s.Number), JSON: json, Signature: seal,
		Unsolved: entriesOf(s.Entries, s.Unexplained), OthersOf: entriesOf(s.Entries, s.OthersWork),
	}
	var b bytes.Buffer
	if err := supplementTemplate().Execute(&b, p); err != nil {
		return nil, err
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

func entriesOf(all []Entry, ids []string) (out []Entry) {
	for _, e := range all {
		if slices.Contains(ids, e.ID) {
			out = append(out, e)
		}
	}
	return out
}

// page is what the template draws: the report, and what is said of its files.
type page struct {
	Report
	Style              template.CSS
	StyleHash          string
	SHA256, Name       string
	JSON, Signature    []byte
	Drawings           []timeline
	Unsolved, OthersOf []Entry
	Shown              []Difference // all differences but the permissions of section 4
	Heading5           string
}

// draw is the page up to its seal. The same report gives the same page.
func draw(r Report, json, seal []byte) ([]byte, error) {
	sum := sha256.Sum256([]byte(pageStyle))
	p := page{
		Report: r, Style: template.CSS(pageStyle), StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]),
		SHA256: Hash(json), Name: NameOf(r), JSON: json, Signature: seal, Heading5: unexplainedHeading(r),
	}
	for _, d := range r.Difference {
		if d.What != WhatPermission || d.ExplainedBy != byVendor {
			p.Shown = append(p.Shown, d)
		}
	}
	for i := range r.Windows {
		p.Drawings = append(p.Drawings, drawWindow(r, i))
	}
	p.Unsolved, p.OthersOf = entriesOf(r.Entries, r.Unexplained), entriesOf(r.Entries, r.OthersWork)
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, p); err != nil {
		return nil, err
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

// dataLink is a file inside the page. It is the one place where an address is not escaped: it holds base64 and nothing else.
func dataLink(kind string, data []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // see above
}

// markOf is the sign before the verdict, and its class; words say the same.
func markOf(v Verdict) string {
	switch {
	case v.MFA == MFAOff || v.MFA == MFAUnknown:
		return "bad"
	case len(v.Alarms) > 0:
		return "look"
	}
	return "good"
}

// unexplainedHeading never says none alone: the log is late.
func unexplainedHeading(r Report) string {
	switch {
	case len(r.Unexplained) > 0:
		return "Not explained by this onboarding"
	case r.Audit.Error != "":
		return "Not explained by this onboarding: not known, the log was not read"
	case r.Audit.Settled:
		return "Not explained by this onboarding: none, log read " + roughly(r.Audit.ReadAt.Sub(lastOf(r.Windows, r.Changes))) + " after the end"
	case r.Audit.Newest.IsZero():
		return "Not explained by this onboarding: the log had no entry yet; entries may still arrive"
	}
	return "Not explained by this onboarding: none up to " + r.Audit.Newest.Format(hourAndClock) + "; entries may still arrive"
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

func layerOf(layer string) string {
	return map[string]string{LayerJournal: "said by this program's journal", LayerTenant: "read from the tenant", LayerAudit: "said by Microsoft's log"}[layer]
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
