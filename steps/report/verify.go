package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// VerificationSchema names the form of a Verification in JSON.
const VerificationSchema = "delegate365-onboard/verification/1"

// Rehearsed is said of a report that no real tenant can be held against.
const Rehearsed phrase.Format = "It is of a rehearsal: no real tenant can be held against it."

// What a check found.
const (
	Holds     = "holds"
	Fails     = "fails"
	Unchecked = "unchecked" // it could not be checked
	Remark    = "remark"    // nothing was found wrong; it is to be known
)

// Check is one thing that was looked at.
type Check struct {
	About string `json:"about"`
	State string `json:"state"`
	Said  string `json:"said"`
}

// Verification is what checking a report found. It never says that a report is genuine or complete: nothing can.
type Verification struct {
	Schema      string   `json:"schema"`
	SHA256      string   `json:"sha256"`
	Fingerprint string   `json:"fingerprint"`
	Checks      []Check  `json:"checks"`
	Against     []string `json:"against"` // what it was held against and fits: fingerprint, witness, log; empty where only itself
	Exit        int      `json:"exit"`    // 0 all holds, 1 something does not, 3 something could not be checked
}

func (v *Verification) say(about, state, said string) {
	v.Checks = append(v.Checks, Check{about, state, said})
	if state == Holds && slices.Contains([]string{"fingerprint", "witness", "log"}, about) {
		v.Against = append(v.Against, about)
	}
	switch {
	case state == Fails:
		v.Exit = 1
	case state == Unchecked && v.Exit == 0:
		v.Exit = 3
	}
}

// dayAt is a day with its time, as a sentence has it.
func dayAt(t time.Time) string {
	return phrase.T("%s at %s UTC", phrase.Day(t), t.Format("15:04"))
}

// Failed reports that something did not hold.
func (v Verification) Failed() bool { return v.Exit == 1 }

// bare is a domain, an id or a version of a file that anybody may have written, as far as it is one: it stands in a command that may be typed
// after the screen, and in the middle of a sentence.
func bare(s string) string {
	return strings.Map(func(c rune) rune {
		if c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune(".-+_", c)) {
			return c
		}
		return -1
	}, cut(s, mostShown))
}

// Verify checks what can be checked without the tenant. typed is the fingerprint that somebody noted, or empty; program is the
// one that checks. An error says that there is no report.
func Verify(f Files, typed string, program Program) (Verification, Report, error) {
	hash := Hash(f.JSON)
	v := Verification{Schema: VerificationSchema, SHA256: hash, Fingerprint: Fingerprint(hash), Checks: []Check{}, Against: []string{}}
	var as struct{ Schema string }
	if json.Unmarshal(f.JSON, &as) != nil || as.Schema != Schema {
		return v, Report{}, ErrNoReport
	}
	r, unknown, err := Decode(f.JSON)
	v.fingerprint(&r, hash, typed)
	v.seals(f, &r, hash)
	switch {
	case err != nil:
		v.say("data", Fails, phrase.T("The data is not spelt as this program writes it: it was changed after it was sealed. Do not rely on it."))
	case len(unknown) > 0:
		v.say("members", Remark, phrase.T("The data has members that this version does not know: %s. A newer version may have made it, or somebody changed it.", phrase.JoinFew(phrase.Names(unknown))))
	}
	v.journal(&r)
	v.window(&r)
	if f.Page != nil {
		v.page(f, &r, program)
	}
	if r.Rehearsal {
		v.say("tenant", Remark, phrase.T(Rehearsed))
	} else {
		v.say("tenant", Remark, phrase.T("Not checked: whether the tenant and Microsoft's log agree. Add --tenant %s.", bare(r.Tenant.DefaultDomain)))
	}
	v.say("maker", Remark, phrase.T("A seal does not say who made it."))
	return v, r, nil
}

func (v *Verification) fingerprint(r *Report, hash, typed string) {
	if typed == "" {
		v.say("fingerprint", Remark, phrase.T("NOT CHECKED against a fingerprint. That a report fits itself shows no more than that: so does one that somebody made anew. Its fingerprint is %s: compare it with the one you noted, or give that with --fingerprint.", Fingerprint(hash)))
		return
	}
	want, ok := plainFingerprint(typed)
	switch {
	case ok && strings.HasPrefix(hash, want):
		v.say("fingerprint", Holds, phrase.T("This is the report that was closed on %s: its fingerprint is the one you gave.", dayAt(r.MadeAt)))
	default:
		v.say("fingerprint", Fails, phrase.T("This is another report: its fingerprint is %s, not the one you gave.", Fingerprint(hash)))
	}
}

func (v *Verification) seals(f Files, r *Report, hash string) {
	if f.Seal == nil {
		v.say("seal", Unchecked, phrase.T("The seal is not there: it belongs beside the data, as a file with %s at the end of the same name.", sealSuffix))
		return
	}
	if err := sealed(r.Seal.PublicKey, f.JSON, f.Seal, trusted(r.ID, hash)); err != nil {
		v.say("seal", Fails, phrase.T("The data or its seal was changed after it was sealed (%s). Do not rely on it.", Retold(phrase.Spoken(), err.Error())))
		return
	}
	if f.Page == nil {
		v.say("seal", Holds, phrase.T("Not a byte of the data was changed since it was sealed."))
		return
	}
	if err := sealed(r.Seal.PublicKey, f.Page, f.PageSeal, trusted(r.ID, hash)+" page"); err != nil {
		v.say("seal", Fails, phrase.T("The page was changed; the data that was found in it was not. Its links may lead to other data: get the data itself, the file that ends in .json."))
		return
	}
	v.say("seal", Holds, phrase.T("Not a byte of the data or of the page was changed since it was sealed. Both carry the seal of one key."))
}

// journal checks the chain, and that all that the report says by it is in it.
func (v *Verification) journal(r *Report) {
	all, err := chain(r.Journal.Lines)
	if err != nil {
		v.say("journal", Fails, phrase.T("The journal in the report is not whole: %s.", Retold(phrase.Spoken(), err.Error())))
		return
	}
	n := len(r.Journal.Lines)
	if n == 0 {
		v.say("journal", Fails, phrase.T("No journal is in the report: nothing proves its changes and times."))
		return
	}
	if all[0].Seq != r.Journal.First || Hash([]byte(r.Journal.Lines[n-1])) != r.Journal.Tip {
		v.say("journal", Fails, phrase.T("The journal in the report is not the one that the report names."))
		return
	}
	if why := contradicted(r); why != "" {
		v.say("journal", Fails, phrase.T("`%s` is the first member that the journal contradicts. Do not rely on the report.", why))
		return
	}
	v.say("journal", Holds, phrase.T("The journal's %s chained without a gap, and every change and time of sections 2 and 3 is in them.", phrase.Count(n, "line is", "lines are")))
}

// contradicted is the path of the first member that the journal contradicts, empty where there is none.
func contradicted(r *Report) string {
	all, err := chain(r.Journal.Lines)
	if err != nil {
		return "journal"
	}
	entries := onboarding(all)
	windows, made := windowsOf(entries, r.MadeAt), changesOf(entries)
	if len(windows) != len(r.Windows) {
		return "windows"
	}
	for i, w := range r.Windows {
		if name := w.against(windows[i]); name != "" {
			return fmt.Sprintf("windows[%d].%s", i, name)
		}
	}
	if len(made) != len(r.Changes) {
		return "changes"
	}
	for i, c := range r.Changes {
		if name := differs(made[i].recorded(), c.recorded()); name != "" {
			return fmt.Sprintf("changes[%d].%s", i, name)
		}
	}
	a := accountOf(entries, r.Changes, nil)
	switch {
	case a.ID != "" && a.ID != r.Account.ID:
		return "account.id"
	case a.ID != "" && a.UserPrincipalName != r.Account.UserPrincipalName:
		return "account.userPrincipalName"
	case a.Created != r.Account.Created:
		return "account.created"
	}
	if why := contradictedEnd(r, entries); why != "" {
		return why
	}
	if t := testOf(entries); (t == nil) != (r.Test == nil) {
		return "test"
	} else if t != nil && *t != *r.Test {
		return "test." + differs(*t, *r.Test)
	}
	if k := keptOf(entries); (k == nil) != (r.RoleKept == nil) || k != nil && *k != *r.RoleKept {
		return "roleKept"
	}
	if w := withoutOf(entries); (w == nil) != (r.Without == nil) || w != nil && *w != *r.Without {
		return "withoutAppPassword"
	}
	if r.Before != nil && !slices.ContainsFunc(entries, func(e journal.Entry) bool { return e.SHA256 == r.Before.SHA256 }) {
		return "before.sha256"
	}
	if slices.ContainsFunc(all, func(e journal.Entry) bool { return e.Tenant != r.Tenant.ID }) {
		return "tenant.id"
	}
	return ""
}

// recorded is a change as far as the journal has it: no evidence, and of how to take it out only whether that is said. The words of it, and
// the page, are those of the program that made the report.
func (c Change) recorded() Change {
	c.Audit, c.UndoPage = nil, ""
	if c.Verified != nil && c.Verified.Layer == LayerTenant { // an earlier version said so of a password, too
		shown := *c.Verified
		shown.Layer, c.Verified = c.shownBy(), &shown
	}
	if c.Kept {
		c.Undo = ""
	}
	return c
}

// contradictedEnd is the path of what is said of the end where the journal says otherwise. That it was left, put back or taken out may be the
// word of whoever made the report, too: the journal's line comes after it.
func contradictedEnd(r *Report, entries []journal.Entry) string {
	f := &Facts{Step: r.Ended.Step, MadeAt: r.MadeAt, MadeBy: journal.By(r.MadeBy)}
	why := differs(r.endedOf(entries, f), r.Ended)
	if f.How = r.Ended.How; why != "" && (f.How == Left || f.How == PutBack || f.How == Offboarded) {
		why = differs(r.endedOf(entries, f), r.Ended)
	}
	switch {
	case why != "":
		return "ended." + why
	case r.Verdict.Onboarding != onboardingVerdict(r.Ended.How):
		return "verdict.onboarding"
	}
	return ""
}

// differs is the first member, by its name in JSON, that is not the same.
func differs(want, got any) string {
	a, b := reflect.ValueOf(want), reflect.ValueOf(got)
	for i := range a.NumField() {
		x, y := a.Field(i).Interface(), b.Field(i).Interface()
		if t, is := x.(time.Time); is && t.Equal(y.(time.Time)) {
			continue
		}
		one, err1 := json.Marshal(x)
		two, err2 := json.Marshal(y)
		if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}

// page draws the page again, where this is the program that drew it.
func (v *Verification) page(f Files, r *Report, program Program) {
	if program.Version != r.Program.Version || program.Commit != r.Program.Commit {
		v.say("page", Remark, phrase.T("The page was not drawn again: it was made by version %s, and this is %s.", bare(r.Program.Version), program.Version))
		return
	}
	again, err := draw(r, f.JSON, f.Seal)
	if err != nil || !bytes.Equal(again, f.Page) {
		v.say("page", Fails, phrase.T("The page does not show the data: drawn again, it is another. Use the data."))
		return
	}
	v.say("page", Holds, phrase.T("The page shows the data: drawn again by the same version, it is the same."))
}
