package simtenant

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// licensedForCA: only what writes, and what-if, is refused without a licence. The list answers with what there is, which
// is nothing, or what a licence that lapsed has left in force.
func (c *graphCall) licensedForCA() *odata.Error {
	if !c.t.premiumLocked() {
		return odata.Unlicensed()
	}
	return nil
}

func (p *caPolicy) object() (map[string]any, *odata.Error) {
	object := map[string]any{}
	failure := odata.DecodeInto(p, &object)
	if failure == nil {
		maps.Copy(asObject(object["conditions"]), p.Conditions.beta)
	}
	return object, failure
}

func listCAPolicies(c *graphCall) (*graphAnswer, *odata.Error) {
	objects, failure := objectsOf(c.visiblePolicies())
	if failure != nil {
		return nil, failure
	}
	return c.collection("identity/conditionalAccess/policies", objects)
}

// findPolicy finds the path's policy in a list.
func (c *graphCall) findPolicy(list []*caPolicy) (*caPolicy, *odata.Error) {
	i := slices.IndexFunc(list, func(p *caPolicy) bool { return strings.EqualFold(p.ID, c.params["id"]) })
	if i < 0 {
		return nil, odata.Refuse(http.StatusNotFound, "ResourceNotFound", "%s was not found in the directory.", c.params["id"])
	}
	return list[i], nil
}

func getCAPolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	p, failure := c.findPolicy(c.visiblePolicies())
	if failure != nil {
		return nil, failure
	}
	object, failure := p.object()
	if failure != nil {
		return nil, failure
	}
	return c.entity("identity/conditionalAccess/policies", object)
}

// updateCAPolicy merges members of conditions, and of users within them; every other member of conditions is replaced
// whole. Only what is sent is checked, so that an account deleted long ago stands in the way of nobody who leaves its
// list alone (https://github.com/KelvinTegelaar/CIPP/issues/3614).
func updateCAPolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	list := t.policies.latest()
	old, failure := c.findPolicy(list)
	if failure != nil {
		return nil, failure
	}
	if !c.isBeta() && old.preview() {
		return nil, previewPolicy()
	}
	if failure := c.checkSentUsers(); failure != nil {
		return nil, failure
	}
	if c.body["sessionControls"] != nil {
		return nil, badPolicy("1012: session controls are not simulated.")
	}
	changed, failure := c.mergedPolicy(old)
	if failure != nil {
		return nil, failure
	}
	if failure := changed.check(); failure != nil {
		return nil, failure
	}
	if old.managed() && !onlyExclusionsDiffer(old, changed) {
		return nil, badPolicy("1034: Microsoft-managed policies can be changed in their state and their exclusions only.")
	}
	if changed.State == policyEnabled && t.securityDefaults.latest() {
		return nil, badPolicy("Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.")
	}
	now := c.now
	changed.ModifiedTime = &now
	list = slices.Clone(list)
	list[slices.Index(list, old)] = changed
	replicate(t, &t.policies, list)
	t.auditPolicyLocked(c.who.user, "Update conditional access policy", "Conditional Access", changed.DisplayName, changed.ID,
		change{"excludeUsers", strings.Join(old.Conditions.Users.ExcludeUsers, ","), strings.Join(changed.Conditions.Users.ExcludeUsers, ",")},
		change{"state", old.State, changed.State})
	return noContent()
}

func badPolicy(format string, args ...any) *odata.Error {
	return odata.Refuse(http.StatusBadRequest, "BadRequest", format, args...)
}

func (c *graphCall) mergedPolicy(old *caPolicy) (*caPolicy, *odata.Error) {
	object, failure := old.object()
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
					maps.Copy(users, asObject(part))
					continue
				}
				conditions[member] = part
			}
		default:
			object[name] = value
		}
	}
	changed := &caPolicy{}
	if failure := odata.DecodeInto(object, changed); failure != nil {
		return nil, failure
	}
	changed.Conditions.beta = old.Conditions.beta
	if g := changed.GrantControls; g != nil && g.AuthenticationStrength != nil {
		g.AuthenticationStrength = c.t.strengthLocked(g.AuthenticationStrength.ID)
	}
	changed.fill()
	return changed, nil
}

func (t *Tenant) strengthLocked(id string) *authenticationStrength {
	i := slices.IndexFunc(t.strengths, func(s *authenticationStrength) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return t.strengths[i]
}

// check refuses a policy that could not be saved in the portal either.
func (p *caPolicy) check() *odata.Error {
	u := p.Conditions.Users
	if len(u.IncludeUsers)+len(u.IncludeGroups)+len(u.IncludeRoles) == 0 && u.IncludeGuests == nil {
		return badPolicy("1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type: no users, groups or roles are included.")
	}
	if p.DisplayName == "" || p.GrantControls == nil && p.SessionControls == nil {
		return badPolicy("1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type.")
	}
	return nil
}

// onlyExclusionsDiffer compares two policies but for their state and whom they exclude.
func onlyExclusionsDiffer(a, b *caPolicy) bool {
	blank := func(p *caPolicy) caPolicy {
		q := *p
		q.State, q.ModifiedTime = "", nil
		u := &q.Conditions.Users
		u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests = nil, nil, nil, nil
		return q
	}
	return reflect.DeepEqual(blank(a), blank(b))
}
