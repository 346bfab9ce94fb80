package graphapi

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// checkUPN holds a user principal name against Entra's rules and the tenant
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy#username-policies).
func (c *Call) checkUPN(upn string, self *state.User) *odata.Error {
	local, domainName, found := strings.Cut(upn, "@")
	legal := func(r rune) bool {
		return strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~", r)
	}
	if !found || local == "" || strings.HasSuffix(local, ".") || strings.HasPrefix(local, ".") || len(local) > 64 || len(domainName) > 48 || len(upn) > 113 ||
		strings.ContainsFunc(local, func(r rune) bool { return !legal(r) }) {
		return odata.BadRequest("Invalid value specified for property 'userPrincipalName' of resource 'User'.").At("userPrincipalName")
	}
	if d := c.t.Organization.DomainLocked(domainName); d == nil || !d.Verified {
		return odata.BadRequest("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.").At("userPrincipalName")
	}
	if other := c.t.Directory.UserByUPNLocked(upn); other != nil && other != self {
		e := odata.BadRequest("Another object with the same value for property userPrincipalName already exists.")
		e.Details = []odata.Detail{{Code: "ObjectConflict", Target: "userPrincipalName", Message: e.Message}}
		return e
	}
	return nil
}

// checkPassword holds a password against Entra's rules
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy#microsoft-entra-password-policies).
func checkPassword(password, policies string, u *state.User) *odata.Error {
	weak := odata.BadRequest("The specified password does not comply with password complexity requirements. Please provide a different password.").At("passwordProfile")
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case r > '~' || r < ' ':
			return weak
		case r >= 'a' && r <= 'z':
			lower = 1
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= '0' && r <= '9':
			digit = 1
		default:
			other = 1
		}
	}
	if len(password) < 8 || len(password) > 256 {
		return weak
	}
	if lower+upper+digit+other < 3 && !strings.Contains(policies, "DisableStrongPassword") {
		return weak
	}
	for _, banned := range []string{"password", "contoso2", state.Nickname(u.UPN)} {
		if len(banned) > 3 && strings.Contains(strings.ToLower(password), strings.ToLower(banned)) && len(password) < len(banned)+5 {
			return weak
		}
	}
	return nil
}

// applyUser writes the body's properties into u, whose rules it checks first. self is the account whose copy u is, or nil.
func (c *Call) applyUser(u, self *state.User) *odata.Error {
	policies := u.Credentials.Policies
	if value, ok := c.body["passwordPolicies"]; ok {
		policies, _ = value.(string)
		for part := range strings.SplitSeq(policies, ",") {
			if !slices.Contains([]string{"", "None", "DisablePasswordExpiration", "DisableStrongPassword"}, strings.TrimSpace(part)) {
				return odata.BadRequest("Invalid value specified for property 'passwordPolicies' of resource 'User'.").At("passwordPolicies")
			}
		}
	}
	if location, ok := c.body["usageLocation"].(string); ok && (len(location) != 2 || strings.ToUpper(location) != location) {
		return odata.BadRequest("Invalid value specified for property 'usageLocation' of resource 'User'.").At("usageLocation")
	}
	if name, ok := c.body["mailNickname"].(string); ok && (name == "" || len(name) > 64 || strings.ContainsAny(name, " @()\\[]\";:<>,")) {
		return odata.BadRequest("Invalid value specified for property 'mailNickname' of resource 'User'.").At("mailNickname")
	}
	if name, ok := c.body["displayName"]; ok && (name == nil || name == "" || len(c.text("displayName")) > 256) {
		return odata.BadRequest("Invalid value specified for property 'displayName' of resource 'User'.").At("displayName")
	}
	if upn, ok := c.body["userPrincipalName"].(string); ok {
		if failure := c.checkUPN(upn, self); failure != nil {
			return failure
		}
		u.UPN = upn
	}
	if profile, ok := c.body["passwordProfile"].(map[string]any); ok {
		if failure := applyPassword(u, profile, policies, c.now); failure != nil {
			return failure
		}
	}
	u.Credentials.Policies = policies
	for name, value := range c.body {
		switch name {
		case "accountEnabled":
			u.AccountEnabled, _ = value.(bool)
		case "displayName":
			u.DisplayName, _ = value.(string)
		case "mailNickname":
			u.MailNickname, _ = value.(string)
		case "userType":
			u.UserType, _ = value.(string)
		case "passwordProfile", "passwordPolicies", "userPrincipalName":
		default:
			if !strings.Contains(name, "@") {
				u.Attributes[name] = value
			}
		}
	}
	return nil
}

// applyPassword sets a new password, which ends the account's sessions.
func applyPassword(u *state.User, profile map[string]any, policies string, now time.Time) *odata.Error {
	if password, ok := profile["password"].(string); ok {
		if failure := checkPassword(password, policies, u); failure != nil {
			return failure
		}
		u.Credentials.Password, u.Credentials.LastChange, u.Sessions.ValidFrom = password, now, now
		u.Credentials.Set = append(u.Credentials.Set, password)
		u.Credentials.Failures, u.Credentials.LockedUntil = 0, time.Time{}
	}
	if force, ok := profile["forceChangePasswordNextSignIn"].(bool); ok {
		u.Credentials.MustChange = force
	}
	if force, ok := profile["forceChangePasswordNextSignInWithMfa"].(bool); ok {
		u.Credentials.MustChangeWithMFA = force
	}
	return nil
}
