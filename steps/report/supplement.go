package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"aead.dev/minisign"
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
	Seal        Seal       `json:"seal"`
}

// Evidence is what Microsoft's log shows of one change of the report by now.
type Evidence struct {
	N     int         `json:"n"`
	Audit ChangeAudit `json:"audit"`
}

// Today is one thing that the report said, and how it is now.
type Today struct {
	What string `json:"what"`
	Said string `json:"said"`
	Now  string `json:"now"`
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
	SignIns  SignIns
	Now      *Snapshot
	Witness  Witness
}

// Supplement is made from the report and what was read later.
func (r Report) Supplement(l Later) (Supplement, error) {
	fresh, err := r.Reread(l.Log)
	if err != nil {
		return Supplement{}, err
	}
	s := Supplement{
		Schema: SupplementSchema, Rehearsal: r.Rehearsal, ID: l.ID, Of: l.Of, Number: l.Number, Previous: l.Previous, MadeAt: second(l.MadeAt),
		Operator: l.Operator, Program: l.Program, Audit: fresh.Audit, Entries: fresh.Entries, Unexplained: fresh.Unexplained, OthersWork: fresh.OthersWork,
		SignIns: l.SignIns, Witness: "unknown", Today: r.todays(l.Now), Doubts: []Doubt{}, Changes: []Evidence{},
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
		s.Doubts = append(s.Doubts, Doubt{"Microsoft's audit log", fresh.Audit.Error})
	}
	if l.Now == nil {
		s.Doubts = append(s.Doubts, Doubt{"the tenant today", "it was not read"})
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

func (r Report) todays(now *Snapshot) []Today {
	if now == nil {
		return []Today{}
	}
	state := MFAUnknown
	if i, read := now.Of(WhatPerUserMFA, r.Account.ID); read {
		state = map[string]string{"enforced": MFAOn, "enabled": MFAOn, "disabled": MFAOff}[i.Value]
	}
	held := func(yes bool) string { return map[bool]string{true: "assigned", false: "not assigned"}[yes] }
	admin := slices.ContainsFunc(r.Account.Roles, func(role Role) bool { return role.TemplateID == globalAdministrator })
	out := []Today{{"MFA for " + r.Account.UserPrincipalName, r.Verdict.MFA, state}}
	if now.Unreadable(WhatRole) == "" {
		_, is := now.Of(WhatRole, globalAdministrator)
		out = append(out, Today{"Global Administrator", held(admin), held(is)})
	}
	return out
}

// CloseSupplement seals a supplement as Close seals a report. It has no page.
func CloseSupplement(s Supplement) (Sealed, error) {
	var out Sealed
	err := withKey(func(public minisign.PublicKey, private minisign.PrivateKey) (err error) {
		s.Seal.PublicKey = public.String()
		if out.JSON, err = encode(s); err != nil {
			return fmt.Errorf("write the supplement as JSON: %w", err)
		}
		out.SHA256 = Hash(out.JSON)
		out.Seal, err = sign(private, out.JSON, trusted(s.ID, out.SHA256))
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
	w := Written{JSON: path, SHA256: s.SHA256}
	if err := whole(w.JSON+sealSuffix, s.Seal); err != nil {
		return Written{}, fmt.Errorf("write the supplement: %w", err)
	}
	if err := whole(w.JSON, s.JSON); err != nil {
		return Written{}, fmt.Errorf("write the supplement: %w", err)
	}
	return w, nil
}
