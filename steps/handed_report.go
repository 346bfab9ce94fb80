package steps

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// The report is made when a run ends, however it ends, and once more by the command report. Nothing waits for it: MFA is back,
// or the guard is at it, before the tenant is read for it.

// HandedReport is a report that was written.
type HandedReport struct {
	report.Report
	report.Written
	NotWitnessed error             // why the tenant does not name it, where it should; the report is whole all the same
	replaced     string            // the hash of the one before it in this run; empty for none
	factorSaid   string            // the account of which the operator was told already that it has no second factor
	earlier      bool              // it has changes of runs before this one
	later        *HandedSupplement // what came to light since; nil before
	byRun        int               // how many changes this run had made when it was closed; 0 where it made none
}

// WriteReport makes the report of the onboarding that this run is part of, and writes it into the folder. How says how it ends
// now, and is empty where the journal says it. ErrNothingToReport says that there is nothing that it could be made of.
func (r *Run) WriteReport(ctx context.Context, how string) (HandedReport, error) {
	facts, err := reportFacts(ctx, r, how)
	if err != nil {
		return HandedReport{}, err
	}
	if err := ctx.Err(); err != nil {
		return HandedReport{}, err // what was not read would be said to be unknown
	}
	made, err := report.Make(facts)
	if err != nil {
		return HandedReport{}, &Error{Op: "make the report", Hint: phrase.T("The journal was changed by hand, or damaged. Move its file out of the way, and keep it."), Err: err}
	}
	sealed, written, err := saveReport(r.opts.Reports.Folder, made)
	if err != nil {
		return HandedReport{}, err
	}
	r.recorder.Note(journal.Entry{Kind: journal.KindSealed, SHA256: sealed.SHA256, Account: journal.Account{ID: made.Account.ID, UserPrincipalName: made.Account.UserPrincipalName}})
	h := HandedReport{Report: sealed.Report, Written: written, byRun: len(r.snapshot().changes("")), factorSaid: r.snapshot().handed.factorSaid, earlier: earlierRun(made, facts.Lines, r.recorder.Run())}
	if before := r.snapshot().handed.made; before != nil {
		h.replaced = before.SHA256
	}
	defer func() {
		r.update(func(m *memory) {
			if m.handed.made != nil {
				m.handed.replaced = m.handed.made.SHA256
			}
			m.handed.made, m.handed.later, m.handed.reread = &h, nil, false
		})
	}()
	if facts.Witness {
		if h.NotWitnessed = writeWitness(ctx, r, sealed.Report, sealed.SHA256); h.NotWitnessed != nil {
			r.log.Info("have the tenant name the report", "error", h.NotWitnessed)
		}
	}
	return h, nil
}

// earlierRun reports that another start of the program made some of a report's changes.
func earlierRun(made report.Report, lines []string, run string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		e, err := journal.Parse(line)
		return err == nil && e.Run != run && slices.ContainsFunc(made.Changes, func(c report.Change) bool { return c.Line == e.Seq })
	})
}

// saveReport closes a report under a name of its own and writes its files. Another run may take the name in between.
func saveReport(folder string, made report.Report) (sealed report.Sealed, written report.Written, err error) {
	for range 3 {
		if made.File, err = report.Free(folder, made); err != nil {
			break
		}
		redact.Own(made.File)
		if sealed, err = report.Close(made); err != nil {
			return sealed, written, &Error{Op: "make the report", Err: err}
		}
		if text := string(sealed.JSON); redact.Values(redact.Report, text) != text {
			return sealed, written, &Error{Op: "write the report", Hint: phrase.T("Something in it looks like a secret of this run, and no report may hold one. Please report this, without the file.")}
		}
		if written, err = sealed.Save(folder); !errors.Is(err, fs.ErrExist) {
			break
		}
		made.File = ""
	}
	if err != nil {
		err = &Error{Op: "write the report", Hint: phrase.T("Name another folder with --report, and run report."), Err: err}
	}
	return sealed, written, err
}

// ErrNothingToReport says that no journal of an onboarding of this tenant is on this computer.
var ErrNothingToReport = errors.New("this computer has no journal of a change in the tenant")

// Changed reports that this run has changed something, or may have.
func (r *Run) Changed() bool {
	m := r.snapshot()
	return len(m.changes("")) > 0 || m.window.Open != nil || len(m.window.Exposed()) > 0
}

// reportFacts gathers what the report is made from.
func reportFacts(ctx context.Context, r *Run, how string) (report.Facts, error) {
	client, err := r.tenant()
	if err != nil {
		return report.Facts{}, err
	}
	identity := client.Identity()
	lines, outline, err := outlined(r, identity.TenantID)
	if err == nil && how == report.Finished && !outline.Finished {
		if err = r.recorder.Line(journal.Entry{Kind: journal.KindFinished}); err == nil { // the report says so by this line
			lines, outline, err = outlined(r, identity.TenantID)
		}
	}
	if err != nil {
		return report.Facts{}, err
	}
	m := r.snapshot()
	f := report.Facts{
		ID: uuid.NewString(), MadeBy: authorOf(r), Rehearsal: r.opts.rehearses(), How: how, Step: outline.Step, Lines: lines, Program: r.opts.program(), Around: report.Around{Previous: outline.Previous},
		Tenant:   report.Tenant{ID: identity.TenantID, DisplayName: m.org.DisplayName, DefaultDomain: m.org.DefaultDomain, Cloud: m.signedIn.cloud.Name, Licence: "unknown"},
		Operator: operatorOf(r, client),
	}
	if at := m.handed.at; how == report.Left && f.MadeBy == journal.ByWizard && at != "" {
		f.Step = string(at)
	}
	f.Before, f.BeforeHash, f.Around.Between = snapshots(r, outline.Snapshots)
	readForReport(ctx, r, client, outline, &f)
	f.Around.Exposed, f.Around.Untimed = exposedIn(m.window)
	f.Witness = how == report.Finished && witnesses(r) // only that one was announced
	if ahead, samples := r.requests.Clock(); samples > 0 {
		f.Log.Clock = &report.Clock{OffsetSeconds: int(ahead.Seconds()), Samples: samples}
	}
	if f.MadeAt = time.Now(); f.MadeBy == journal.ByGuard && takenUp(r) {
		return report.Facts{}, ErrNothingToReport // whoever goes on with it writes the report
	}
	return f, nil
}

// outlined are the journal's lines, and what they say of the last onboarding.
func outlined(r *Run, tenant string) ([]string, report.Outlined, error) {
	var lines []string
	var err error
	if r.opts.Journal != "" {
		lines, err = journal.Lines(r.opts.Journal, tenant)
	}
	if err != nil || len(lines) == 0 {
		return nil, report.Outlined{}, &Error{Op: "make the report", Hint: phrase.T("It is made on the computer where the onboarding ran."), Err: errors.Join(err, ErrNothingToReport)}
	}
	outline, err := report.Outline(lines)
	switch {
	case err != nil:
		return nil, outline, &Error{Op: "make the report", Hint: phrase.T("The journal was changed by hand, or damaged. Move its file out of the way, and keep it."), Err: err}
	case outline.From.IsZero():
		return nil, outline, &Error{Op: "make the report", Hint: phrase.T("It is made on the computer where the onboarding ran."), Err: ErrNothingToReport}
	}
	return lines, outline, nil
}

// operatorOf is who is signed in, through which application and with which permissions.
func operatorOf(r *Run, client *graph.Client) report.Operator {
	identity := client.Identity()
	o := report.Operator{ID: identity.ObjectID, UserPrincipalName: identity.UserPrincipalName, ClientID: r.opts.ClientID, Scopes: slices.Sorted(slices.Values(client.Granted())), Before: slices.Sorted(slices.Values(r.snapshot().signedIn.before))}
	if o.ClientID == "" || objectid.Same(o.ClientID, graph.DefaultClientID) {
		o.ClientID, o.ClientName = graph.DefaultClientID, "Microsoft Graph Command Line Tools"
	}
	return o
}

func authorOf(r *Run) journal.By {
	if r.opts.By == "" {
		return journal.ByWizard
	}
	return r.opts.By
}

// readForReport reads the tenant as it is now, and Microsoft's logs.
func readForReport(ctx context.Context, r *Run, client *graph.Client, outline report.Outlined, f *report.Facts) {
	p := readPosture(ctx, client, r.snapshot().platform, atOnce, func(*posture) {})
	var s standing
	var err error
	switch {
	case outline.AccountID != "":
		s, err = readAccount(ctx, client, outline.AccountID)
	case outline.AccountName != "":
		s, err = readNewAccount(ctx, client, outline.AccountName)
	}
	if err != nil && !errors.Is(err, graph.ErrNotFound) {
		f.Doubts = append(f.Doubts, report.Doubt{About: "the service account", Why: "it could not be read: " + problem.Plainly(err), Claim: claimOf(err, report.LayerTenant)})
	}
	s.readAdmins(ctx, client)
	if anyRead(&p) {
		now := snapshotOf(time.Now(), &p, s)
		unreadAccount(ctx, client, &now, outline.AccountID, err)
		f.After = &now
	}
	f.Tenant.Licence = licenceName(&p)
	f.Operator.Roles = slices.Sorted(slices.Values(roleNames(p.roles.Content())))
	if m := r.snapshot(); m.posture != nil {
		f.Operator.ActivatedUntil = activatedUntil(m.posture, time.Now())
	}
	f.Score = scoreOf(&p, r.opts.Cloud)
	f.Apps, f.Doubts = appsOf(ctx, client, &p, f.Doubts)
	f.Log = readAudit(ctx, client, outline.From, f.Tenant.Licence)
	f.SignIns, f.Around.Refused = readSignIns(ctx, client, outline)
	f.Around.Pages = pagesOf(r.opts.Cloud, s.user.ID)
	f.Around.Place = placeOf(f.Step)
	f.Around.Factor, f.Around.Way = factorOf(r, s.second), addable(r.snapshot())
	f.Around.Demanded = demandedOf(ctx, r, client, s.user)
	readOffboarded(ctx, r, client, outline, f)
}

// demandedOf is what demands MFA of the account at every sign-in, for the report.
func demandedOf(ctx context.Context, r *Run, client *graph.Client, user graph.User) report.Demanded {
	if user.ID == "" {
		return report.Demanded{}
	}
	facts, err := readDemanded(ctx, r, client, user)
	if d, always := mfa.Everywhere(facts.Demands()); err == nil && always && d.Kind != analysis.PerUserMFA {
		return report.Demanded{By: d.Demanding()}
	}
	return report.Demanded{Partial: err != nil || !facts.Whole()}
}

// readNewAccount reads an account that was made a moment ago, or was about to be: the directory doesn't show it everywhere at once.
func readNewAccount(ctx context.Context, client *graph.Client, name string) (standing, error) {
	for wait := time.Second; ; wait *= 2 {
		s, err := readAccount(ctx, client, name)
		if !errors.Is(err, graph.ErrNotFound) || wait > longestForNew || pause.For(ctx, wait) != nil {
			return s, err
		}
	}
}

// longestForNew is the last of the waits for a new account, each twice the one before: seven seconds in all.
const longestForNew = 4 * time.Second

// anyRead reports that the tenant answered at all.
func anyRead(p *posture) bool {
	return p.defaults.Done() && p.defaults.Err() == nil || p.policies.Done() && p.policies.Err() == nil || p.domains.Done() && p.domains.Err() == nil
}

func licenceName(p *posture) string {
	if !p.skus.Done() || p.skus.Err() != nil {
		return "unknown"
	}
	has := func(plan string) bool {
		return slices.ContainsFunc(p.skus.Content(), func(s graph.SKU) bool { return s.Enabled && slices.Contains(s.Plans, plan) })
	}
	switch {
	case has(graph.PlanP2):
		return "p2"
	case has(graph.PlanP1):
		return "p1"
	}
	return "free"
}

// scoreOf is Microsoft's rating, with the identity recommendations that are not met.
func scoreOf(p *posture, cloud graph.Cloud) *report.Score {
	if !p.score.Done() || p.score.Err() != nil {
		return nil
	}
	s := &report.Score{Current: p.score.Content().Current, Max: p.score.Content().Max, ReadAt: p.score.Content().Date.UTC().Truncate(time.Second), Comparisons: []report.Comparison{}, NotMet: []report.NotMet{}}
	for _, a := range p.score.Content().Averages {
		s.Comparisons = append(s.Comparisons, report.Comparison{Basis: a.Basis, Average: a.Score})
	}
	for _, c := range p.score.Content().Controls {
		i := slices.IndexFunc(p.controls.Content(), func(k graph.SecureScoreControl) bool { return k.ID == c.Name })
		if c.Category != "Identity" || i < 0 || p.controls.Content()[i].Deprecated {
			continue
		}
		if k := p.controls.Content()[i]; c.Score < k.Max {
			s.NotMet = append(s.NotMet, report.NotMet{Title: k.Title, Gain: k.Max - c.Score, Page: cloud.OwnPage(k.ActionURL)})
		}
	}
	return s
}
