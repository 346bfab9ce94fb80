package simtenant

import (
	"maps"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: the endpoint is in no metadata of Microsoft's. Its members are those seen in the wild, and what a
// PATCH does to the members it does not name is not known: it merges here, unless the tenant was told to replace.

// mfaServiceDefaults are the settings that a PATCH which replaces gives to what it does not name.
var mfaServiceDefaults = mfaServicePolicy{rememberDays: 14}

// getMFAServicePolicy is not in Microsoft's metadata; its members are those seen in the wild.
func getMFAServicePolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	p := c.t.mfaService.Seen(c.now, c.t.opts.Lag)
	body := map[string]any{
		"@odata.context":             c.base + "/$metadata#policies/mfaServicePolicy/$entity",
		"allowAppPasswords":          p.allowAppPasswords,
		"trustedIps":                 map[string]any{"skipMfaForFederatedUsers": p.skipMFAForFederated},
		"rememberMfaOnTrustedDevice": map[string]any{"isEnabled": p.rememberOnDevice, "allowedNumberOfDays": p.rememberDays},
	}
	maps.Copy(body, p.unseen)
	return ok(body)
}

func updateMFAServicePolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	if failure := odata.CheckBody("undocumented.mfaServicePolicy", c.t.mfaServiceBody(c.body)); failure != nil {
		return nil, failure
	}
	p := c.t.mfaService.Latest()
	if c.t.mfaServiceReplaces {
		p = mfaServiceDefaults
		p.unseen = map[string]any{}
		for name := range c.t.mfaService.Latest().unseen {
			p.unseen[name] = nil
		}
	}
	if on, ok := c.body["allowAppPasswords"].(bool); ok {
		p.allowAppPasswords = on
	}
	if ips, ok := c.body["trustedIps"].(map[string]any); ok {
		p.skipMFAForFederated, _ = ips["skipMfaForFederatedUsers"].(bool)
	}
	if remember, ok := c.body["rememberMfaOnTrustedDevice"].(map[string]any); ok {
		if on, ok := remember["isEnabled"].(bool); ok {
			p.rememberOnDevice = on
		}
		if days := remember["allowedNumberOfDays"]; days != nil {
			p.rememberDays = number(days)
		}
		if p.rememberDays < 1 || p.rememberDays > 365 {
			return nil, odata.BadRequest("The value of 'allowedNumberOfDays' is out of range: 1 to 365.").At("allowedNumberOfDays")
		}
	}
	p.unseen = maps.Clone(p.unseen)
	for name := range p.unseen {
		if value, given := c.body[name]; given {
			p.unseen[name] = value
		}
	}
	c.t.setMFAServicePolicyLocked(c.who.user, p)
	return noContent()
}

// mfaServiceBody leaves the members that only this tenant has out of what is held against the known ones.
func (t *Tenant) mfaServiceBody(body map[string]any) map[string]any {
	known := maps.Clone(body)
	for name := range t.mfaService.Latest().unseen {
		delete(known, name)
	}
	return known
}

// ReplaceMFAService makes a PATCH of the MFA service settings replace them, so that what it does not name goes back to how
// a new tenant has it.
func (t *Tenant) ReplaceMFAService() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mfaServiceReplaces = true
}

// AddMFAServiceMember gives the MFA service settings a member that nobody has seen yet.
func (t *Tenant) AddMFAServiceMember(name string, value any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.mfaService.Latest()
	p.unseen = maps.Clone(p.unseen)
	if p.unseen == nil {
		p.unseen = map[string]any{}
	}
	p.unseen[name] = value
	t.mfaService.Settle(p)
}

// SetRemembering lets people trust a device for so many days after MFA.
func (t *Tenant) SetRemembering(days int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.mfaService.Latest()
	p.rememberOnDevice, p.rememberDays = true, days
	t.mfaService.Settle(p)
}
