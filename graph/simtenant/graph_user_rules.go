package simtenant

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// checkUPN holds a user principal name against Entra's rules and the tenant
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy#username-policies).
func (c *graphCall) checkUPN(upn string, self *user) *odata.Error {
	local, domainName, found := strings.Cut(upn, "@")
	legal := func(r rune) bool {
		return strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~", r)
	}
	if !found || local == "" || strings.HasSuffix(local, ".") || strings.HasPrefix(local, ".") || len(local) > 64 || len(domainName) > 48 || len(upn) > 113 ||
		strings.ContainsFunc(local, func(r rune) bool { return !legal(r) }) {
		return odata.BadRequest("Invalid value specified for property 'userPrincipalName' of resource 'User'.").At("userPrincipalName")
	}
	if d := c.t.domainLocked(domainName); d == nil || !d.verified {
		return odata.BadRequest("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.").At("userPrincipalName")
	}
	if other := c.t.userByUPNLocked(upn); other != nil && other != self {
		e := odata.BadRequest("Another object with the same value for property userPrincipalName already exists.")
		e.Details = []odata.Detail{{Code: "ObjectConflict", Target: "userPrincipalName", Message: e.Message}}
		return e
	}
	return nil
}

// checkPassword holds a password against Entra's rules
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy#microsoft-entra-password-policies).
func checkPassword(password, policies string, u *user) *odata.Error {
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
	for _, banned := range []string{"password", "contoso2", nickname(u.upn)} {
		if len(banned) > 3 && strings.Contains(strings.ToLower(password), strings.ToLower(banned)) && len(password) < len(banned)+5 {
			return weak
		}
	}
	return nil
}

// applyUser writes the body's properties into u, whose rules it checks first. self is the account whose copy u is, or nil.
func (c *graphCall) applyUser(u, self *user) *odata.Error {
	policies := u.passwordPolicies
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
		u.upn = upn
	}
	if profile, ok := c.body["passwordProfile"].(map[string]any); ok {
		if failure := u.applyPassword(profile, policies, c.now); failure != nil {
			return failure
		}
	}
	u.passwordPolicies = policies
	for name, value := range c.body {
		switch name {
		case "accountEnabled":
			u.accountEnabled, _ = value.(bool)
		case "displayName":
			u.displayName, _ = value.(string)
		case "mailNickname":
			u.mailNickname, _ = value.(string)
		case "userType":
			u.userType, _ = value.(string)
		case "passwordProfile", "passwordPolicies", "userPrincipalName":
		default:
			if !strings.Contains(name, "@") {
				u.attributes[name] = value
			}
		}
	}
	return nil
}

// applyPassword sets a new password, which ends the account's sessions.
func (u *user) applyPassword(profile map[string]any, policies string, now time.Time) *odata.Error {
	if password, ok := profile["password"].(string); ok {
		if failure := checkPassword(password, policies, u); failure != nil {
			return failure
		}
		u.password, u.lastPasswordChange, u.sessionsValidFrom = password, now, now
		u.passwords = append(u.passwords, password)
		u.failures, u.lockedUntil = 0, time.Time{}
	}
	if force, ok := profile["forceChangePasswordNextSignIn"].(bool); ok {
		u.mustChangePassword = force
	}
	if force, ok := profile["forceChangePasswordNextSignInWithMfa"].(bool); ok {
		u.mustChangeWithMFA = force
	}
	return nil
}
