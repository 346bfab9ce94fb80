package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"aead.dev/minisign"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A report is never written again. What Microsoft's log shows later, and how the tenant stands then, goes into numbered
// supplements that name the report by its hash. They say nothing about the past but what the log has of it by now.

// SupplementSchema names the form of a Supplement in JSON, by the rules of Schema.
const SupplementSchema = "delegate365-onboard/supplement/1"

// Supplement is what came to light after a report was closed.
type Supplement struct {
	Schema      string     `json:"schema"`
	Rehearsal   bool       `json:"rehearsal"`
	ID          string     `json:"id"`
	Of          string     `json:"of"` // SHA-256 of the report
	Number      int        `json:"number"`
	Previous    string     `json:"previous,omitempty"` // SHA-256 of the supplement before
	MadeAt      time.Time  `json:"madeAt"`
	Operator    Operator   `json:"operator"`
	Program     Program    `json:"program"`
	Audit       Audit      `json:"audit"`
	Entries     []Entry    `json:"entries"`
	Changes     []Evidence `json:"changes"`
	Unexplained []string   `json:"unexplained"`
	OthersWork  []string   `json:"othersWork"`
	SignIns     SignIns    `json:"signIns"`
	Witness     string     `json:"witness"` // SHA-256 that the tenant names; none, or unknown
	Today       []Today    `json:"today"`
	Doubts      []Doubt    `json:"doubts"`
	Journal     Journal    `json:"journal"` // lines since the report
	Seal        Seal       `json:"seal"`
}

// Evidence is what Microsoft's log shows of one change of the report by now.
type Evidence struct {
	N     int         `json:"n"`
	Audit ChangeAudit `json:"audit"`
}

// Found reports a change of the report that Microsoft's log has by now.
func (s Supplement) Found(c Change) bool {
	return slices.ContainsFunc(s.Changes, func(e Evidence) bool { return e.N == c.N && e.Audit.State == Found })
}

// Today is one thing that the report said, and how it is now.
type Today struct {
	What      string    `json:"what"`
	Said      string    `json:"said"`
	Now       string    `json:"now"`
	ChangedBy string    `json:"changedBy,omitempty"` // as Microsoft's log has it
	At        time.Time `json:"at,omitzero"`
	Entry     string    `json:"entry,omitempty"` // its id
}

// Later are what a supplement is made from.
type Later struct {
	ID, Of   string
	Number   int
	Previous string
	MadeAt   time.Time
	Operator Operator
	Program  Program
	Log      Reading
	Lines    []string // the journal's, whole
	SignIns  SignIns
	Now      *Snapshot
	Demanded Demanded
	Witness  Witness
}

// Supplement is made from the report and what was read later.
func (r *Report) Supplement(l Later) (Supplement, error) {
	fresh, err := r.Reread(l.Log)
	if err != nil {
		return Supplement{}, err
	}
	s := Supplement{
		Schema: SupplementSchema, Rehearsal: r.Rehearsal, ID: l.ID, Of: l.Of, Number: l.Number, Previous: l.Previous, MadeAt: second(l.MadeAt),
		Operator: l.Operator, Program: l.Program, Audit: fresh.Audit, Entries: fresh.Entries, Unexplained: fresh.Unexplained, OthersWork: fresh.OthersWork,
		SignIns: l.SignIns, Witness: "unknown", Today: r.todays(l), Journal: r.since(l.Lines), Doubts: []Doubt{}, Changes: []Evidence{},
	}
	if l.Witness.Read {
		if s.Witness = l.Witness.SHA256; s.Witness == "" {
			s.Witness = "none"
		}
	}
	for i, c := range fresh.Changes {
		s.Changes = append(s.Changes, Evidence{c.N, later(*r.Changes[i].Audit, *c.Audit)})
	}
	if fresh.Audit.Error != "" {
		s.Doubts = append(s.Doubts, Doubt{"Microsoft's audit log", fresh.Audit.Error, l.Log.Refused})
	}
	if l.Now == nil {
		s.Doubts = append(s.Doubts, Doubt{About: "the tenant today", Why: "it was not read"})
	}
	list(&s.Operator.Roles)
	list(&s.Operator.Scopes)
	list(&s.SignIns.Items)
	return s, nil
}

// later is the evidence of a change by now. What was found once stays found: that it can't be read any more changes nothing.
func later(before, now ChangeAudit) ChangeAudit {
	if moves(before, now) {
		return now
	}
	return before
}

// moves reports the only ways in which evidence may change: what had not arrived or was not read was found, or is known not to come.
func moves(before, now ChangeAudit) bool {
	open := before.State == Pending || before.State == Unreadable
	return open && slices.Contains([]string{Found, Absent, Beyond}, now.State)
}

// since are the journal's lines after those of the report.
func (r *Report) since(lines []string) Journal {
	all, err := chain(lines)
	for i, e := range all {
		if err == nil && e.Seq >= r.Journal.First+len(r.Journal.Lines) {
			return Journal{First: e.Seq, Lines: slices.Clone(lines[i:]), Tip: Hash([]byte(lines[len(lines)-1]))}
		}
	}
	return Journal{Lines: []string{}}
}

// todays are what the report said of the tenant at its end, and how it is now.
func (r *Report) todays(l Later) []Today {
	now := l.Now
	if now == nil {
		return []Today{}
	}
	also := l.Demanded
	if slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Object.Kind == string(journal.InversePerUserMFA) }) {
		also = Demanded{} // the report said that its own state demands it
	}
	state := mfaOf(now, r.Account.ID, also)
	held := func(yes bool) string { return map[bool]string{true: "assigned", false: "not assigned"}[yes] }
	admin := slices.ContainsFunc(r.Account.Roles, func(role Role) bool { return role.TemplateID == globalAdministrator })
	out := []Today{r.changed(Today{What: "MFA for " + r.Account.UserPrincipalName, Said: r.Verdict.MFA, Now: state}, l.Log, journal.InversePerUserMFA, r.Account.ID)}
	if now.Unreadable(WhatRole) == "" {
		_, is := now.Of(WhatRole, globalAdministrator)
		out = append(out, r.changed(Today{What: "Global Administrator", Said: held(admin), Now: held(is)}, l.Log, journal.InverseRoleAssignment, r.Account.ID))
	}
	if now.Unreadable(WhatExclusion) == "" {
		excluded := len(left(r.Leftovers, journal.InversePolicyExclusion))
		count := func(n int) string { return phrase.English.Count(n, "policy leaves it out", "policies leave it out") }
		policies := Today{What: "Conditional Access for the account", Said: count(excluded), Now: count(len(now.All(WhatExclusion)))}
		out = append(out, r.changed(policies, l.Log, journal.InversePolicyExclusion, r.policies(now)...))
	}
	return out
}

// policies are the ids of those that leave the account out now, and of those that this onboarding changed.
func (r *Report) policies(now *Snapshot) (ids []string) {
	for _, i := range now.All(WhatExclusion) {
		ids = append(ids, i.ID)
	}
	for _, c := range r.Changes {
		if c.Object.Kind == string(journal.InversePolicyExclusion) {
			ids = append(ids, c.Object.ID)
		}
	}
	return ids
}

// changed adds who changed it since, by an entry about one of these objects, where it was changed and Microsoft's log says so.
func (r *Report) changed(t Today, l Reading, kind journal.InverseKind, objects ...string) Today {
	if t.Said == t.Now {
		return t
	}
	for _, e := range l.Entries { // the newest first
		about := slices.ContainsFunc(e.Targets, func(target Target) bool {
			return slices.ContainsFunc(objects, func(id string) bool { return strings.EqualFold(target.ID, id) })
		})
		if about && e.At.After(r.MadeAt.Add(-r.Clock.ahead())) && anyOf(activities[string(kind)], e.Activity) {
			t.ChangedBy, t.At, t.Entry = actorOf(phrase.English, e.By), second(e.At), e.ID
			return t
		}
	}
	return t
}

// CloseSupplement seals a supplement to the report as Close seals a report.
func CloseSupplement(s Supplement, of Report) (Sealed, error) {
	var out Sealed
	err := withKey(func(public minisign.PublicKey, private minisign.PrivateKey) (err error) {
		s.Seal.PublicKey = public.String()
		if out.JSON, err = encode(s); err != nil {
			return fmt.Errorf("write the supplement as JSON: %w", err)
		}
		out.SHA256 = Hash(out.JSON)
		if out.Seal, err = sign(private, out.JSON, trusted(s.ID, out.SHA256)); err != nil {
			return err
		}
		out.Page, err = sealPage(private, func() ([]byte, error) { return drawSupplement(s, of, out.JSON, out.Seal) }, trusted(s.ID, out.SHA256))
		return err
	})
	return out, err
}

// DecodeSupplement reads a supplement that was written by CloseSupplement.
func DecodeSupplement(data []byte) (Supplement, error) {
	var s Supplement
	if err := json.Unmarshal(data, &s); err != nil {
		return s, err
	}
	again, err := encode(s)
	if err == nil && string(again) != string(data) {
		err = ErrSpelling
	}
	return s, err
}

// SaveSupplement writes a supplement beside its report, whose data has this path. It replaces nothing.
func (s Sealed) SaveSupplement(reportPath string, number int) (Written, error) {
	path, ok := supplementPath(reportPath, number)
	if !ok {
		return Written{}, errors.New("the report's data is no file of JSON")
	}
	w := Written{Folder: filepath.Dir(path), JSON: path, Page: strings.TrimSuffix(path, ".json") + ".html", SHA256: s.SHA256}
	return w, s.write(w)
}
