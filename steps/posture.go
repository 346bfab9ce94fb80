package steps

import (
	"context"
	"errors"
	"slices"
	"sort"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// posture is the tenant as the check read it. Each part that could not be read says why.
type posture struct {
	roles    analysis.Reading[[]graph.Role]
	domains  analysis.Reading[[]graph.Domain]
	skus     analysis.Reading[[]graph.SKU]
	score    analysis.Reading[graph.SecureScore]
	defaults analysis.Reading[bool]
	policies analysis.Reading[[]graph.Policy]
	service  analysis.Reading[graph.MFAServicePolicy]
	apps     analysis.Reading[[]app]

	eligible      analysis.Reading[[]graph.Role] // roles of the operator that wait to be activated
	methods       analysis.Reading[graph.AuthenticationMethodsPolicy]
	authorization analysis.Reading[graph.AuthorizationPolicy]
	strengths     analysis.Reading[[]graph.AuthenticationStrength]
	controls      analysis.Reading[[]graph.SecureScoreControl]
	secrets       analysis.Reading[graph.AppManagementPolicy]
	audit         analysis.Reading[bool]              // whether the audit log can be read
	protected     analysis.Reading[map[string]string] // authentication contexts of protected actions
	whatIf        analysis.Reading[int]               // what Microsoft's what-if answers about the operator
	privileged    privileged                          // what Privileged Identity Management says
	at            time.Time                           // when all of it had been read
	hides         bool                                // the policies were read from a version of Graph that leaves some out
}

// licence is whether the tenant may have, and change, Conditional Access policies.
type licence int

const (
	licensed   licence = iota // or not known
	unlicensed                // there are no policies, and can be none
	lapsed                    // there are policies, and nobody can change them
)

// conditionalAccess decides by the licences; the policies only confirm.
func (p *posture) conditionalAccess() licence {
	switch {
	case errors.Is(p.policies.Err(), graph.ErrUnlicensed):
		return unlicensed
	case !p.skus.Done() || p.skus.Err() != nil || graph.Premium(p.skus.Content()):
		return licensed
	case len(p.policies.Content()) > 0:
		return lapsed
	}
	return unlicensed
}

// known adds what the check read about the tenant to what is known of an account.
func (p *posture) known(f analysis.Facts) analysis.Facts {
	if p.strengths.Done() {
		var all []analysis.Strength
		for _, s := range p.strengths.Content() {
			all = append(all, analysis.Strength{ID: s.ID, Name: s.Name, Allowed: s.AllowedCombinations})
		}
		f.Strengths = analysis.Read(all, p.strengths.Err())
	}
	if p.methods.Done() && (p.methods.Err() != nil || p.methods.Content().Campaign.State != "") { // Graph may not say
		c := p.methods.Content().Campaign
		f.Campaign = analysis.Read(analysis.Campaign{
			On: c.State != "disabled", Excluded: excludes(c, f.Account), Snooze: c.SnoozeDays > 0,
		}, p.methods.Err())
	}
	if p.authorization.Done() {
		f.SSPR = analysis.Read(p.authorization.Content().AdministratorsReset, p.authorization.Err())
	}
	if p.service.Done() && (p.service.Err() != nil || p.service.Content().AllowAppPasswordsKnown) {
		f.AppPasswords = analysis.Read(p.service.Content().AllowAppPasswords, p.service.Err())
	}
	f.Lapsed = p.conditionalAccess() == lapsed
	return f
}

// excludes reports that the campaign leaves the account alone.
func excludes(c graph.Campaign, a analysis.Account) bool {
	return slices.ContainsFunc(c.Exclude, func(t graph.CampaignTarget) bool {
		is := func(id string) bool { return id != "" && objectid.Same(t.ID, id) }
		return is(a.ID) || slices.ContainsFunc(a.Groups, is)
	})
}

// foundUser is what stands in the directory under the account's name.
type foundUser struct {
	name    accountName
	user    graph.User                     // zero when there is none
	deleted graph.User                     // zero when there is none
	binErr  error                          // why it is not known whether a deleted account had the name
	facts   mfa.Facts                      // of the user
	exposed bool                           // it is Global Administrator, and nothing demands MFA of it
	waiting analysis.Reading[[]graph.Role] // roles that the user can activate at any time; not read where the tenant has none of that
	err     error
	at      time.Time            // when it was looked up
	made    readBack[graph.User] // of the user that this run has just made

	elsewhere bool // an onboarding on another computer may have made it just now
}

// ours reports an account that carries the mark of those that this program creates. Whoever manages users can write it.
//
//go:noinline // every copy would be carried
func ours(u graph.User) bool { return u.ID != "" && u.JobTitle == Marker }

// app is a service principal of Delegate365's and what was granted to it.
type app struct {
	graph.ServicePrincipal
	grants []graph.PermissionGrant
}

// atOnce is what a reading waits for that need not wait.
var atOnce = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// readPosture reads the tenant side by side, Conditional Access once free is closed: it takes a request a second, and there may be
// something more urgent to ask of it. ready is called from then on, by this goroutine, after each part with what is known so far.
func readPosture(ctx context.Context, client *graph.Client, platform string, free <-chan struct{}, ready func(*posture)) posture {
	var p posture
	client.Tenant.LookAgain()
	done := make(chan func(*posture))
	var g errgroup.Group
	read(&g, done, func() ([]graph.Role, error) { return client.Roles.MyRoles(ctx) }, func(p *posture) *analysis.Reading[[]graph.Role] { return &p.roles })
	read(&g, done, func() ([]graph.Domain, error) { return client.Tenant.Domains(ctx) }, func(p *posture) *analysis.Reading[[]graph.Domain] { return &p.domains })
	read(&g, done, func() ([]graph.SKU, error) { return client.Tenant.SubscribedSKUs(ctx) }, func(p *posture) *analysis.Reading[[]graph.SKU] { return &p.skus })
	read(&g, done, func() (graph.SecureScore, error) { return secureScore(ctx, client) }, func(p *posture) *analysis.Reading[graph.SecureScore] { return &p.score })
	read(&g, done, func() (bool, error) { return client.MFA.SecurityDefaults(ctx) }, func(p *posture) *analysis.Reading[bool] { return &p.defaults })
	g.Go(func() error {
		select {
		case <-free:
		case <-ctx.Done():
		}
		readPolicies(ctx, client, platform, done)
		return nil
	})
	read(&g, done, func() (graph.MFAServicePolicy, error) { return client.MFA.MFAServicePolicy(ctx) }, func(p *posture) *analysis.Reading[graph.MFAServicePolicy] { return &p.service })
	read(&g, done, func() ([]app, error) { return delegate365Apps(ctx, client) }, func(p *posture) *analysis.Reading[[]app] { return &p.apps })
	read(&g, done, func() ([]graph.Role, error) { return client.Roles.EligibleRoles(ctx, client.Identity().ObjectID) }, func(p *posture) *analysis.Reading[[]graph.Role] { return &p.eligible })
	read(&g, done, func() (graph.AuthenticationMethodsPolicy, error) { return client.MFA.AuthenticationMethodsPolicy(ctx) }, func(p *posture) *analysis.Reading[graph.AuthenticationMethodsPolicy] { return &p.methods })
	read(&g, done, func() (graph.AuthorizationPolicy, error) { return client.Tenant.AuthorizationPolicy(ctx) }, func(p *posture) *analysis.Reading[graph.AuthorizationPolicy] { return &p.authorization })
	read(&g, done, func() ([]graph.AuthenticationStrength, error) {
		return client.ConditionalAccess.AuthenticationStrengths(ctx)
	}, func(p *posture) *analysis.Reading[[]graph.AuthenticationStrength] { return &p.strengths })
	read(&g, done, func() ([]graph.SecureScoreControl, error) { return secureScoreControls(ctx, client) }, func(p *posture) *analysis.Reading[[]graph.SecureScoreControl] { return &p.controls })
	read(&g, done, func() (graph.AppManagementPolicy, error) { return client.Tenant.AppManagementPolicy(ctx) }, func(p *posture) *analysis.Reading[graph.AppManagementPolicy] { return &p.secrets })
	read(&g, done, func() (bool, error) { return client.Tenant.AuditLogReadable(ctx) }, func(p *posture) *analysis.Reading[bool] { return &p.audit })
	read(&g, done, func() (map[string]string, error) { return client.Roles.ProtectedActions(ctx) }, func(p *posture) *analysis.Reading[map[string]string] { return &p.protected })
	go func() { _ = g.Wait(); close(done) }()
	held := free
	for {
		select {
		case <-held:
			held = nil
			ready(&p)
		case set, more := <-done:
			if !more {
				return p
			}
			set(&p)
			p.hides = client.ConditionalAccess.HidesPolicies()
			if held == nil {
				ready(&p)
			}
		}
	}
}

// assemble hands on each answer as it arrives, and returns after the last.
func assemble(g *errgroup.Group, done chan func(*posture), take func(func(*posture))) {
	go func() { _ = g.Wait(); close(done) }()
	for set := range done {
		take(set)
	}
}

// errNoScore says that this cloud has no Secure Score.
var errNoScore = errors.New("this cloud has no Secure Score")

func secureScore(ctx context.Context, client *graph.Client) (graph.SecureScore, error) {
	if !client.Cloud().HasSecureScore() {
		return graph.SecureScore{}, errNoScore
	}
	return client.Tenant.SecureScore(ctx)
}

func secureScoreControls(ctx context.Context, client *graph.Client) ([]graph.SecureScoreControl, error) {
	if !client.Cloud().HasSecureScore() {
		return nil, errNoScore
	}
	return client.Tenant.SecureScoreControls(ctx)
}

// read starts one read.
func read[T any](g *errgroup.Group, done chan<- func(*posture), ask func() (T, error), part func(*posture) *analysis.Reading[T]) {
	g.Go(func() error { _ = get(done, ask, part); return nil })
}

// get hands the answer of a read to whoever assembles the posture, and returns why there is none.
func get[T any](done chan<- func(*posture), ask func() (T, error), part func(*posture) *analysis.Reading[T]) error {
	value, err := panics.Call(ask)
	done <- func(p *posture) { *part(p) = analysis.Read(value, err) }
	return err
}

// delegate365Apps lists the service principals whose names start with Delegate365, with their grants. The grants of those that are
// known by their ids are read beside the list; what the list does not have counts for nothing.
func delegate365Apps(ctx context.Context, client *graph.Client, known ...string) ([]app, error) {
	at := func(id string) int {
		return slices.IndexFunc(known, func(k string) bool { return objectid.Same(k, id) })
	}
	var apps []app
	early := make([]analysis.Reading[[]graph.PermissionGrant], len(known))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	g.Go(recovered(func() error {
		principals, err := client.Apps.ServicePrincipals(ctx, "Delegate365")
		if err != nil {
			return err
		}
		apps = make([]app, len(principals))
		for i, sp := range principals {
			apps[i].ServicePrincipal = sp
			if at(sp.ID) < 0 {
				g.Go(recovered(func() (err error) { apps[i].grants, err = client.Apps.Grants(ctx, sp.ID); return err }))
			}
		}
		return nil
	}))
	for i, id := range known {
		g.Go(recovered(func() error { early[i] = analysis.Read(client.Apps.Grants(ctx, id)); return nil }))
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i := range apps {
		k := at(apps[i].ID)
		if k < 0 {
			continue
		}
		if err := early[k].Err(); err != nil {
			return nil, err
		}
		apps[i].grants = early[k].Content()
	}
	sort.Slice(apps, func(i, j int) bool { return apps[i].DisplayName+apps[i].ID < apps[j].DisplayName+apps[j].ID })
	return apps, nil
}

// findUser looks for the account's name among the users and the deleted users, side by side. An account that is known already
// is read by its id, which no replica mistakes for another, and is never taken for gone because one read lags.
func findUser(ctx context.Context, client *graph.Client, name accountName, id string) foundUser {
	if id != "" {
		user, err := client.Users.User(ctx, id)
		return foundUser{name: name, user: user, err: err, at: time.Now()}
	}
	var f, bin foundUser
	if err := panics.Each(
		func() error { f.user, f.err = client.Users.User(ctx, name.String()); return nil },
		func() error { bin.deleted, bin.binErr = client.Users.DeletedUser(ctx, name.String()); return nil },
	); err != nil {
		f.err = err
	}
	f.name, f.at = name, time.Now()
	if !errors.Is(f.err, graph.ErrNotFound) {
		return f
	}
	f.err, f.deleted, f.binErr = nil, bin.deleted, bin.binErr
	if errors.Is(f.binErr, graph.ErrNone) {
		f.binErr = nil
	}
	return f
}
