package graph

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A policy may have conditions that came after this program. They narrow the policy or widen it, nobody can tell which, so
// they are kept by their paths, and whoever judges the policy has a doubt for each.

// UnmarshalJSON keeps the paths of the members that have a value and are not known.
func (w *policyJSON) UnmarshalJSON(raw []byte) error {
	type plain policyJSON
	if err := json.Unmarshal(raw, (*plain)(w)); err != nil {
		return err
	}
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil {
		return err
	}
	w.unknown = unknownMembers(members, reflect.TypeFor[policyJSON](), "")
	return nil
}

// notConditions are members of a policy that say nothing about when it applies; the last two stand in what-if's answer.
var notConditions = []string{"deletedDateTime", "policyApplies", "analysisReasons"}

// unknownMembers are the paths of what an object has and its type has not. Annotations and what is empty are left out.
func unknownMembers(object map[string]any, known reflect.Type, path string) []string {
	fields := membersOf(known)
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		kind, found := fields[name]
		switch {
		case strings.Contains(name, "@") || !holds(object[name]) || path == "" && slices.Contains(notConditions, name):
		case !found:
			unknown = append(unknown, path+name)
		default:
			if kind.Kind() == reflect.Pointer {
				kind = kind.Elem()
			}
			part, is := object[name].(map[string]any)
			if is && kind.Kind() == reflect.Struct && name != "authenticationStrength" {
				unknown = append(unknown, unknownMembers(part, kind, path+name+".")...)
			}
		}
	}
	return unknown
}

// knownMembers are the members of the types of a policy, which are the same for each of hundreds of policies.
var knownMembers sync.Map // of reflect.Type, to map[string]reflect.Type

func membersOf(known reflect.Type) map[string]reflect.Type {
	if members, ok := knownMembers.Load(known); ok {
		return members.(map[string]reflect.Type)
	}
	members := map[string]reflect.Type{}
	for i := range known.NumField() {
		name, _, _ := strings.Cut(known.Field(i).Tag.Get("json"), ",")
		members[name] = known.Field(i).Type
	}
	knownMembers.Store(known, members)
	return members
}

// holds reports a value that says something.
func holds(value any) bool {
	switch value := value.(type) {
	case nil:
		return false
	case string:
		return value != ""
	case bool:
		return value
	case []any:
		return len(value) > 0
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), holds)
	}
	return true
}

// elsewhere sorts out the members by which a policy is about no user account: agents and workloads are no users to any policy for all
// users (https://learn.microsoft.com/entra/identity/conditional-access/agent-id), as long as it names no users beside them, and traffic
// profiles are selected in place of applications.
func (p Policy) elsewhere(members []string) (is bool, rest []string) {
	for _, m := range members {
		condition := strings.TrimPrefix(m, "conditions.")
		switch {
		case condition == "applications.globalSecureAccess", condition == "applications.networkAccess":
			is = true
		case !p.Users.names() && (condition == "agents" || condition == "agentIdRiskLevels" || strings.HasPrefix(condition, "clientApplications.")):
			is = true
		default:
			rest = append(rest, condition)
		}
	}
	return is, rest
}

// names reports that anybody is included by any of the ways there are. None is Microsoft's word for nobody.
func (u PolicyUsers) names() bool {
	one := func(id string) bool { return id != "None" }
	return u.IncludeGuests != "" || slices.ContainsFunc(u.IncludeUsers, one) || len(u.IncludeGroups)+len(u.IncludeRoles) > 0
}

// asksUnknown reports members by which a policy may ask for something in a way that came after this program.
func asksUnknown(members []string) bool {
	return slices.ContainsFunc(members, func(m string) bool { return !strings.HasPrefix(m, "conditions.") })
}

const notGiven = "missing" // stands for an enumeration's member

// whole fills in what every policy has and this one lacks: nobody knows whom it is about, or what it asks for, and that is
// not nobody and nothing. Policies about workloads and agents name no users and no applications.
func (p Policy) whole() Policy {
	users := p.Users
	if p.State == "" {
		p.State = notGiven
	}
	if p.Name == "" {
		p.Name = "a policy without a name, " + p.ID
	}
	elsewhere := p.Elsewhere || len(p.Workloads.Include) > 0
	if !elsewhere && users.IncludeGuests == "" && len(users.IncludeUsers)+len(users.IncludeGroups)+len(users.IncludeRoles) == 0 {
		p.Users.IncludeUsers = []string{"All"}
		p.Unknown = append(p.Unknown, "users")
	}
	a := p.Applications
	if !elsewhere && len(a.Include)+len(a.UserActions)+len(a.AuthenticationContext) == 0 && a.Filter == (Filter{}) {
		p.Applications.Include = []string{"All"}
		p.Unknown = append(p.Unknown, "applications")
	}
	p.mayInclude(&p.Users.IncludeUsers, "users.")
	p.mayInclude(&p.Applications.Include, "applications.")
	if len(p.Platforms.Include) > 0 { // none is every platform
		p.mayInclude(&p.Platforms.Include, "platforms.")
	}
	if !p.Session && p.Grant.asksNothing() {
		p.Grant = unknownGrant()
	}
	return p
}

// mayInclude has a list say that a member which came after this program may include more than it does.
func (p *Policy) mayInclude(list *[]string, path string) {
	more := func(m string) bool { return strings.HasPrefix(m, path) && !strings.HasPrefix(m, path+"exclude") }
	if slices.ContainsFunc(p.Unknown, more) {
		*list = append(slices.Clip(*list), notGiven)
	}
}

func (g *Grant) asksNothing() bool {
	return g == nil || len(g.Controls)+len(g.TermsOfUse)+len(g.Custom) == 0 && g.StrengthID == ""
}

// unknownGrant asks for something, nobody knows what.
func unknownGrant() *Grant { return &Grant{Operator: "OR", Controls: []string{notGiven}} }
