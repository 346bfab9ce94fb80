package graphapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// licensedForCA: only what writes, and what-if, is refused without a licence. The list answers with what there is, which
// is nothing, or what a licence that lapsed has left in force.
func (c *Call) licensedForCA() *odata.Error {
	if !c.t.Organization.PremiumLocked() {
		return odata.Unlicensed()
	}
	return nil
}

func listCAPolicies(c *Call) (*Answer, *odata.Error) {
	objects, failure := objectsOf(c.visiblePolicies())
	if failure != nil {
		return nil, failure
	}
	return c.collection("identity/conditionalAccess/policies", objects)
}

// findPolicy finds the path's policy in a list.
func (c *Call) findPolicy(list []*conditionalaccess.Policy) (*conditionalaccess.Policy, *odata.Error) {
	i := slices.IndexFunc(list, func(p *conditionalaccess.Policy) bool { return strings.EqualFold(p.ID, c.params["id"]) })
	if i < 0 {
		return nil, odata.Refuse(http.StatusNotFound, "ResourceNotFound", "%s was not found in the directory.", c.params["id"])
	}
	return list[i], nil
}

func getCAPolicy(c *Call) (*Answer, *odata.Error) {
	p, failure := c.findPolicy(c.visiblePolicies())
	if failure != nil {
		return nil, failure
	}
	object, failure := p.Object()
	if failure != nil {
		return nil, failure
	}
	return c.entity("identity/conditionalAccess/policies", object)
}

// updateCAPolicy merges members of conditions, and of users within them; every other member of conditions is replaced
// whole. Only what is sent is checked, so that an account deleted long ago stands in the way of nobody who leaves its
// list alone (https://github.com/KelvinTegelaar/CIPP/issues/3614).
func updateCAPolicy(c *Call) (*Answer, *odata.Error) {
	t := c.t
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	list := t.Policies.ConditionalAccess.Latest()
	old, failure := c.findPolicy(list)
	if failure != nil {
		return nil, failure
	}
	if !c.isBeta() && old.Preview() {
		return nil, previewPolicy()
	}
	if failure := c.checkSentUsers(); failure != nil {
		return nil, failure
	}
	if c.body["sessionControls"] != nil {
		return nil, BadPolicy("1012: session controls are not simulated.")
	}
	changed, failure := c.mergedPolicy(old)
	if failure != nil {
		return nil, failure
	}
	if failure := changed.Check(); failure != nil {
		return nil, failure
	}
	if old.Managed() && !conditionalaccess.OnlyExclusionsDiffer(old, changed) {
		return nil, BadPolicy("1034: Microsoft-managed policies can be changed in their state and their exclusions only.")
	}
	if changed.State == conditionalaccess.Enabled && t.Policies.SecurityDefaults.Latest() {
		return nil, BadPolicy("Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.")
	}
	now := c.now
	changed.ModifiedTime = &now
	list = slices.Clone(list)
	list[slices.Index(list, old)] = changed
	state.Replicate(t.Base, &t.Policies.ConditionalAccess, list)
	auditPolicy(c, old, changed)
	return noContent()
}

// auditPolicy notes a change of a policy, as live tenants' logs have it: by Conditional Access with the whole policy before and after, and by
// the directory in a form of its own.
func auditPolicy(c *Call, old, changed *conditionalaccess.Policy) {
	directory, ca := state.NewActivity("Update policy", "Core Directory", "Update"), state.NewActivity("Update conditional access policy", "Conditional Access", "Update")
	c.t.Log.AuditPolicyLocked(c.who.User, directory, changed.DisplayName, changed.ID,
		state.Change{Name: "PolicyDetail", Before: policyDetail(old), After: policyDetail(changed)},
		state.Change{Name: "Included Updated Properties", After: `"PolicyDetail"`})
	c.t.Log.AuditPolicyLocked(c.who.User, ca, changed.DisplayName, changed.ID, state.Change{Name: "ConditionalAccessPolicy", Before: wholePolicy(old), After: wholePolicy(changed)})
}

func wholePolicy(p *conditionalaccess.Policy) string {
	object, _ := p.Object() // one that was taken has one
	text, _ := json.Marshal(object)
	return string(text)
}

// policyDetail is a policy as the directory keeps it: JSON as a text in a list.
func policyDetail(p *conditionalaccess.Policy) string {
	users := map[string]any{"Include": []any{map[string]any{"Users": p.Conditions.Users.IncludeUsers}}}
	if out := p.Conditions.Users.ExcludeUsers; len(out) > 0 {
		users["Exclude"] = []any{map[string]any{"Users": out}}
	}
	detail, _ := json.Marshal(map[string]any{"Version": 1, "State": p.State, "Conditions": map[string]any{"Users": users}})
	text, _ := json.Marshal([]string{string(detail)})
	return string(text)
}

// BadPolicy is how Graph refuses a Conditional Access policy.
func BadPolicy(format string, args ...any) *odata.Error {
	return odata.Refuse(http.StatusBadRequest, "BadRequest", format, args...)
}

func (c *Call) mergedPolicy(old *conditionalaccess.Policy) (*conditionalaccess.Policy, *odata.Error) {
	object, failure := old.Object()
	if failure != nil {
		return nil, failure
	}
	for name, value := range c.body {
		switch {
		case strings.HasPrefix(name, "@"):
		case name == "conditions":
			conditions, _ := object["conditions"].(map[string]any)
			given, _ := value.(map[string]any)
			for member, part := range given {
				if users, merged := conditions[member].(map[string]any); merged && member == "users" {
					maps.Copy(users, AsObject(part))
					continue
				}
				conditions[member] = part
			}
		default:
			object[name] = value
		}
	}
	changed := &conditionalaccess.Policy{}
	if failure := odata.DecodeInto(object, changed); failure != nil {
		return nil, failure
	}
	changed.Conditions.Beta = old.Conditions.Beta
	if g := changed.GrantControls; g != nil && g.AuthenticationStrength != nil {
		g.AuthenticationStrength = c.t.Policies.StrengthLocked(g.AuthenticationStrength.ID)
	}
	changed.Fill()
	return changed, nil
}
