package steps

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/steps/review"
)

// ReviewOptions are what a review is held against.
type ReviewOptions struct {
	Report *report.Report // nil compares with none
	SHA256 string         // of the report's data
}

// ReviewTenant reads the tenant that the run has signed in to and says whether the onboarding still stands. It writes nothing. Errors mean
// that the tenant could not be read, or that nobody can tell which account is meant.
func ReviewTenant(ctx context.Context, r *Run, o ReviewOptions, event func(Event)) (review.Review, error) {
	defer r.listen(event)()
	client, err := r.tenant()
	if err != nil {
		return review.Review{}, err
	}
	m := r.snapshot()
	if o.Report != nil && !objectid.Same(o.Report.Tenant.ID, m.identity.TenantID) {
		return review.Review{}, &Error{Op: "compare with a report about another tenant", Hint: phrase.T("It is about %s. Name that tenant's with --against.", phrase.Name(o.Report.Tenant.DefaultDomain)), Err: errOtherTenant}
	}
	event(Event{Text: phrase.T("Looking for the service account")})
	f := review.Facts{At: time.Now(), AppOnly: client.Identity().Application, Report: o.Report}
	if f.User, f.Name, err = reviewedAccount(ctx, r, client, o.Report); err != nil {
		return review.Review{}, err
	}
	event(Event{Text: phrase.T("Reading the tenant")})
	readForReview(ctx, r, client, &f)
	if err := ctx.Err(); err != nil {
		return review.Review{}, &Error{Op: "read the tenant", Err: err}
	}
	out := review.Review{
		Schema: review.Schema, ReviewedAt: f.At.UTC().Truncate(time.Second),
		Tenant:  review.Tenant{ID: m.org.ID, DisplayName: m.org.DisplayName, DefaultDomain: m.org.DefaultDomain, Cloud: m.signedIn.cloud.Name},
		By:      review.By{UserPrincipalName: m.identity.UserPrincipalName, ClientID: cmp.Or(r.opts.ClientID, graph.DefaultClientID), AppOnly: f.AppOnly},
		Account: review.Account{ID: f.User.ID, UserPrincipalName: cmp.Or(f.User.UserPrincipalName, f.Name)},
	}
	if o.Report != nil {
		out.Against = &review.Against{SHA256: o.SHA256, MadeAt: o.Report.MadeAt}
	}
	out.Rows, out.Verdict = review.Of(f)
	return out, nil
}

var errOtherTenant = errors.New("the report is about another tenant")

// OtherTenant reports an error that came of a report about another tenant than the one signed in to.
func OtherTenant(err error) bool { return errors.Is(err, errOtherTenant) }

// reviewedAccount is the account to review: the report's by its id, the named one, or the one with this program's mark. It is zero
// where the tenant has no such account, with the name that was looked for.
func reviewedAccount(ctx context.Context, r *Run, client *graph.Client, said *report.Report) (graph.User, string, error) {
	m := r.snapshot()
	named := accountName{local: m.account.local, domain: cmp.Or(m.account.domain, m.org.DefaultDomain)}.String()
	key, name := named, named
	switch {
	case said != nil && said.Account.ID != "":
		key, name = said.Account.ID, said.Account.UserPrincipalName
	case r.opts.Account == "":
		titled, err := client.Users.UsersTitled(ctx, Marker)
		if err != nil {
			return graph.User{}, "", &Error{Op: "look for the service account", Hint: phrase.T("Name it with --account."), Err: err}
		}
		if len(titled) > 1 {
			var names []string
			for _, u := range titled {
				names = append(names, u.UserPrincipalName)
			}
			return graph.User{}, "", &Error{Op: "tell which account is meant: %s carry this program's mark", Of: []any{phrase.JoinFew(names)}, Hint: phrase.T("Name one with --account.")}
		}
		if len(titled) == 1 {
			key, name = titled[0].ID, titled[0].UserPrincipalName
		}
	}
	user, err := client.Users.User(ctx, key)
	switch {
	case errors.Is(err, graph.ErrNotFound):
		return graph.User{}, name, nil
	case err != nil:
		return graph.User{}, "", &Error{Op: "read the account %s", Of: []any{name}, Err: err}
	}
	if said != nil && r.opts.Account != "" && !strings.EqualFold(named, user.UserPrincipalName) {
		return graph.User{}, "", &Error{Op: "review %s by a report about another account", Of: []any{named}, Hint: phrase.T("It is about %s. Name that account's with --against.", phrase.Name(user.UserPrincipalName)), Err: errOtherTenant}
	}
	return user, name, nil
}

// readForReview reads the tenant side by side, and the account.
func readForReview(ctx context.Context, r *Run, client *graph.Client, f *review.Facts) {
	p := readStanding(ctx, client)
	f.Service = p.service
	f.Campaign = analysis.Read(p.methods.Content().Campaign, p.methods.Err())
	f.Ours = ours(f.User)
	f.Standing = analysis.Facts{SecurityDefaults: p.defaults, Policies: p.policies}
	var g errgroup.Group
	each := func(read func()) { g.Go(recovered(func() error { read(); return nil })) }
	each(func() { f.Apps = reviewedApps(ctx, client, &p) })
	each(func() { f.Consents = analysis.Read(consentsOf(ctx, client, r.opts.ClientID)) })
	if f.User.ID == "" {
		_ = g.Wait() // what went wrong stands in each reading
		return
	}
	id := f.User.ID
	each(func() { f.Standing.PerUser = analysis.Read(client.MFA.PerUserMFA(ctx, id)) })
	each(func() { f.Standing.Methods = analysis.Read(client.MFA.AuthenticationMethods(ctx, id)) })
	each(func() { f.Roles.Assigned = analysis.Read(client.Roles.RoleAssignments(ctx, id)) })
	each(func() { f.Roles.Held = analysis.Read(client.Roles.RoleInstances(ctx, id)) })
	each(func() { f.Roles.Eligible = analysis.Read(client.Roles.EligibleRoles(ctx, id)) })
	each(func() { f.Groups = analysis.Read(client.Users.MemberGroups(ctx, id)) })
	each(func() { f.Activity = analysis.Read(client.Users.SignInActivity(ctx, id)) })
	each(func() { f.Password = analysis.Read(client.Users.PasswordChanged(ctx, id)) })
	_ = g.Wait() // what went wrong stands in each reading
	f.Standing.Account = accountOf(*f)
	f.Standing = p.known(f.Standing)
	if advised, err := r.advisor.Advise(ctx, client, mfa.Facts{User: f.User, Facts: f.Standing}, mfa.Known{}, append(analysis.Setup(""), analysis.LegacyAuthentication())); err == nil {
		f.Standing = advised.Facts // without what-if, the text of a policy leaves more open
	}
	for _, policy := range p.policies.Content() {
		if policy.Excludes(id) {
			f.Updates = analysis.Read(client.Tenant.PolicyUpdates(ctx, f.At.Add(-keptPremium)))
			break
		}
	}
}

// readStanding reads of the tenant what a review needs.
func readStanding(ctx context.Context, client *graph.Client) posture {
	var p posture
	done := make(chan func(*posture))
	var g errgroup.Group
	read(&g, done, func() ([]graph.SKU, error) { return client.Tenant.SubscribedSKUs(ctx) }, func(p *posture) *analysis.Reading[[]graph.SKU] { return &p.skus })
	read(&g, done, func() (bool, error) { return client.MFA.SecurityDefaults(ctx) }, func(p *posture) *analysis.Reading[bool] { return &p.defaults })
	read(&g, done, func() ([]graph.Policy, error) { return client.ConditionalAccess.Policies(ctx) }, func(p *posture) *analysis.Reading[[]graph.Policy] { return &p.policies })
	read(&g, done, func() (graph.MFAServicePolicy, error) { return client.MFA.MFAServicePolicy(ctx) }, func(p *posture) *analysis.Reading[graph.MFAServicePolicy] { return &p.service })
	read(&g, done, func() ([]app, error) { return delegate365Apps(ctx, client) }, func(p *posture) *analysis.Reading[[]app] { return &p.apps })
	read(&g, done, func() (graph.AuthenticationMethodsPolicy, error) { return client.MFA.AuthenticationMethodsPolicy(ctx) }, func(p *posture) *analysis.Reading[graph.AuthenticationMethodsPolicy] { return &p.methods })
	read(&g, done, func() (graph.AuthorizationPolicy, error) { return client.Tenant.AuthorizationPolicy(ctx) }, func(p *posture) *analysis.Reading[graph.AuthorizationPolicy] { return &p.authorization })
	read(&g, done, func() ([]graph.AuthenticationStrength, error) {
		return client.ConditionalAccess.AuthenticationStrengths(ctx)
	}, func(p *posture) *analysis.Reading[[]graph.AuthenticationStrength] { return &p.strengths })
	assemble(&g, done, func(set func(*posture)) { set(&p) })
	return p
}

// accountOf is the account as the analysis judges it.
func accountOf(f review.Facts) analysis.Account {
	a := analysis.Account{ID: f.User.ID, UPN: f.User.UserPrincipalName}
	for _, role := range f.Roles.Assigned.Content() {
		if role.Scope == "/" {
			a.Roles = append(a.Roles, role.RoleID)
		}
	}
	for _, g := range f.Groups.Content() {
		a.Groups = append(a.Groups, g.ID)
	}
	a.RolesKnown, a.GroupsKnown = f.Roles.Assigned.Err() == nil, f.Groups.Err() == nil
	return a
}

// reviewedApps are Delegate365's applications with their permissions by name and what they sign in with.
func reviewedApps(ctx context.Context, client *graph.Client, p *posture) analysis.Reading[[]review.App] {
	if err := p.apps.Err(); err != nil {
		return analysis.Read([]review.App(nil), err)
	}
	named, doubts := appsOf(ctx, client, p, nil)
	var all []review.App
	for i, a := range p.apps.Content() {
		made := review.App{App: named[i], Enabled: a.Enabled, Here: objectid.Same(a.OwnerTenantID, client.Identity().TenantID), Unnamed: len(doubts) > 0}
		registered, err := client.Apps.Application(ctx, a.AppID)
		made.Credentials = analysis.Read(registered.Credentials, err)
		made.Own = analysis.Read(client.Apps.OwnCredentials(ctx, a.ID))
		all = append(all, made)
	}
	return analysis.Read(all, nil)
}

// consentsOf are the delegated permissions of the client that this program signs in with, and of the one that a person was asked to
// consent to.
func consentsOf(ctx context.Context, client *graph.Client, clientID string) ([]review.Consent, error) {
	ids := []string{graph.DefaultClientID}
	if clientID != "" && !objectid.Same(clientID, graph.DefaultClientID) && !client.Identity().Application {
		ids = append(ids, clientID)
	}
	var all []review.Consent
	for _, id := range ids {
		sp, err := client.Apps.ServicePrincipal(ctx, id)
		if errors.Is(err, graph.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		grants, err := client.Apps.Grants(ctx, sp.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			if !g.Application {
				all = append(all, review.Consent{Client: sp.DisplayName, Scopes: g.Scopes(), TenantWide: g.ConsentType == "AllPrincipals", Who: g.PrincipalID})
			}
		}
	}
	return all, nil
}
