package graph

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// TestLeastPermission asks with the least permission that Microsoft lists, as somebody with a role that reads and
// nothing more; then without the permission, without the role, and in a tenant without the licence.
func TestLeastPermission(t *testing.T) {
	type call func(context.Context, *simulated, *Client) (int, error)
	for name, test := range map[string]struct {
		call     call
		scopes   []string
		want     int   // how many items, at least
		roleless error // what somebody without a role is told
		fresh    error // what a tenant without licences answers
	}{
		"MyRoles": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			roles, err := c.Roles.MyRoles(ctx)
			return len(roles), err
		}, []string{"User.Read", "RoleManagement.Read.Directory"}, 1, nil, nil},
		"EligibleRoles": {func(ctx context.Context, s *simulated, c *Client) (int, error) {
			roles, err := c.Roles.EligibleRoles(ctx, s.id(globalAdmin))
			return len(roles), err
		}, []string{"RoleEligibilitySchedule.Read.Directory"}, 1, ErrForbidden, ErrUnlicensed},
		"RoleHoldings": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			holdings, err := c.Roles.RoleHoldings(ctx, GlobalAdministrator)
			return len(holdings), err
		}, []string{"RoleManagement.Read.Directory"}, 2, ErrForbidden, ErrUnlicensed},
		"RoleRules": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			rules, err := c.Roles.RoleRules(ctx, GlobalAdministrator)
			return int(rules.Longest.Hours() / 24), err
		}, []string{"RoleManagement.Read.Directory"}, 180, ErrForbidden, ErrUnlicensed},
		"MemberGroups": {func(ctx context.Context, s *simulated, c *Client) (int, error) {
			groups, err := c.Users.MemberGroups(ctx, s.id("yuki.tanaka@contoso.com"))
			return len(groups), err
		}, []string{"User.Read.All", "GroupMember.Read.All"}, 3, nil, nil},
		"AuthenticationMethodsPolicy": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			p, err := c.MFA.AuthenticationMethodsPolicy(ctx)
			return len(p.Enabled), err
		}, []string{"Policy.Read.AuthenticationMethod"}, 3, ErrForbidden, nil},
		"AuthorizationPolicy": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			_, err := c.Tenant.AuthorizationPolicy(ctx)
			return 0, err
		}, []string{"Policy.Read.All"}, 0, ErrForbidden, nil},
		"AuthenticationStrengths": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			strengths, err := c.ConditionalAccess.AuthenticationStrengths(ctx)
			return len(strengths), err
		}, []string{"Policy.Read.AuthenticationMethod"}, 3, ErrForbidden, nil},
		"SecureScore": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			score, err := c.Tenant.SecureScore(ctx)
			return len(score.Controls), err
		}, []string{"SecurityEvents.Read.All"}, 3, ErrForbidden, nil},
		"SecureScoreControls": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			controls, err := c.Tenant.SecureScoreControls(ctx)
			return len(controls), err
		}, []string{"SecurityEvents.Read.All"}, 3, ErrForbidden, nil},
		"SecurityDefaults": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			_, err := c.MFA.SecurityDefaults(ctx)
			return 0, err
		}, []string{"Policy.Read.All"}, 0, ErrForbidden, nil},
		"NamedLocations": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			names, err := c.ConditionalAccess.NamedLocations(ctx)
			return len(names), err
		}, []string{"Policy.Read.All"}, 1, ErrForbidden, ErrUnlicensed},
		"Policies": {func(ctx context.Context, _ *simulated, c *Client) (int, error) {
			policies, err := c.ConditionalAccess.Policies(ctx)
			return len(policies), err
		}, []string{"Policy.Read.All", "LicenseAssignment.Read.All"}, 8, ErrForbidden, ErrUnlicensed},
		"Evaluate": {func(ctx context.Context, s *simulated, c *Client) (int, error) {
			verdicts, err := c.ConditionalAccess.Evaluate(ctx, SignInContext{UserID: s.id(globalAdmin), AppID: appGraph, ClientApp: "browser", Platform: "windows"})
			return len(verdicts), err
		}, []string{"Policy.Read.ConditionalAccess"}, 1, ErrForbidden, ErrUnlicensed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulate(t, "business")
				prepare(t, s)
				var n int
				var err error
				if sent := s.count(func() { n, err = test.call(t.Context(), s, s.as(globalReader, test.scopes...)) }); err != nil || n < test.want || sent != 1 {
					t.Errorf("%d items in %d requests, %v", n, sent, err)
				}
				if _, err := test.call(t.Context(), s, s.as(globalReader, "Domain.Read.All")); !errors.Is(err, ErrForbidden) {
					t.Errorf("without the permission: %v", err)
				}
				if _, err := test.call(t.Context(), s, s.as(nobodyMuch)); !errors.Is(err, test.roleless) {
					t.Errorf("without a role: %v", err)
				}
				small := simulate(t, "fresh")
				if _, err := test.call(t.Context(), small, small.as(globalReader, test.scopes...)); !errors.Is(err, test.fresh) {
					t.Errorf("without a licence: %v", err)
				}
			})
		})
	}
}
