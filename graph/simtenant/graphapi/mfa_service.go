package graphapi

import (
	"maps"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: the endpoint is in no metadata of Microsoft's. Its members are those seen in the wild, and what a
// PATCH does to the members it does not name is not known: it merges here, unless the tenant was told to replace.

// mfaServiceDefaults are the settings that a PATCH which replaces gives to what it does not name.
var mfaServiceDefaults = state.MFAServicePolicy{RememberDays: 14}

// getMFAServicePolicy is not in Microsoft's metadata; its members are those seen in the wild.
func getMFAServicePolicy(c *Call) (*Answer, *odata.Error) {
	p := c.t.MFA.Service.Seen(c.now, c.t.Lag)
	body := map[string]any{
		"@odata.context":             c.base + "/$metadata#policies/mfaServicePolicy/$entity",
		"allowAppPasswords":          p.AllowAppPasswords,
		"trustedIps":                 map[string]any{"skipMfaForFederatedUsers": p.SkipMFAForFederated},
		"rememberMfaOnTrustedDevice": map[string]any{"isEnabled": p.RememberOnDevice, "allowedNumberOfDays": p.RememberDays},
	}
	maps.Copy(body, p.Unseen)
	return ok(body)
}

func updateMFAServicePolicy(c *Call) (*Answer, *odata.Error) {
	if failure := odata.CheckBody("undocumented.mfaServicePolicy", mfaServiceBody(c.t, c.body)); failure != nil {
		return nil, failure
	}
	p := c.t.MFA.Service.Latest()
	if c.t.MFA.ServiceReplaces {
		p = mfaServiceDefaults
		p.Unseen = map[string]any{}
		for name := range c.t.MFA.Service.Latest().Unseen {
			p.Unseen[name] = nil
		}
	}
	if on, ok := c.body["allowAppPasswords"].(bool); ok {
		p.AllowAppPasswords = on
	}
	if ips, ok := c.body["trustedIps"].(map[string]any); ok {
		p.SkipMFAForFederated, _ = ips["skipMfaForFederatedUsers"].(bool)
	}
	if remember, ok := c.body["rememberMfaOnTrustedDevice"].(map[string]any); ok {
		if on, ok := remember["isEnabled"].(bool); ok {
			p.RememberOnDevice = on
		}
		if days := remember["allowedNumberOfDays"]; days != nil {
			p.RememberDays = number(days)
		}
		if p.RememberDays < 1 || p.RememberDays > 365 {
			return nil, odata.BadRequest("The value of 'allowedNumberOfDays' is out of range: 1 to 365.").At("allowedNumberOfDays")
		}
	}
	p.Unseen = maps.Clone(p.Unseen)
	for name := range p.Unseen {
		if value, given := c.body[name]; given {
			p.Unseen[name] = value
		}
	}
	c.t.MFA.SetMFAServicePolicyLocked(c.who.User, p)
	return noContent()
}

// mfaServiceBody leaves the members that only this tenant has out of what is held against the known ones.
func mfaServiceBody(t *state.Tenant, body map[string]any) map[string]any {
	known := maps.Clone(body)
	for name := range t.MFA.Service.Latest().Unseen {
		delete(known, name)
	}
	return known
}
