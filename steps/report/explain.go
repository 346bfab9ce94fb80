package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// about is the kind of change that explains a difference.
var about = map[string][]journal.InverseKind{
	WhatAccount: {journal.InverseUser, journal.InverseSignIn}, WhatPerUserMFA: {journal.InversePerUserMFA, journal.InverseUser},
	WhatRole:   {journal.InverseRoleAssignment, journal.InverseRoleEnd, journal.InverseUser},
	WhatPolicy: {journal.TargetPolicyState}, WhatExclusion: {journal.InversePolicyExclusion}, WhatDefaults: {journal.InverseSecurityDefaults},
	WhatService: {journal.InverseAppPasswordSetting}, WhatCampaign: {journal.InverseCampaignExclusion},
	WhatApp: {journal.InverseDeletedApp}, WhatPermission: {journal.InverseDeletedApp}, WhatMethods: {journal.InverseUser},
}

// many are the kinds of which a tenant has several: a change explains only that of its own object.
var many = []string{WhatPolicy, WhatExclusion, WhatApp, WhatPermission}

// explain says of each difference which change made it, or else who was to make it.
func (r *Report) explain(all []Difference) []Difference {
	for i := range all {
		d := &all[i]
		d.ExplainedBy = expected(r, *d)
		if d.What == WhatAdmins {
			d.ExplainedBy = r.whoMadeAdmins(*d)
			continue
		}
		gone := false // a change before took it away, so that a later one found nothing of it
		for _, c := range r.Changes {
			if c.undone() || !c.explains(*d) {
				continue
			}
			takes := d.After == "" && c.Op == "-"
			if !takes || !gone {
				d.ExplainedBy = strconv.Itoa(c.N)
			}
			gone = takes && c.Outcome == string(journal.Applied)
		}
	}
	return all
}

// explains reports a change that makes such a difference. An account that was created has neither second factors, nor roles, nor a demand for
// MFA by that; and no change is about another role than the one that this program assigns.
func (c Change) explains(d Difference) bool {
	kind := journal.InverseKind(c.Object.Kind)
	switch {
	case !slices.Contains(about[d.What], kind), d.What == WhatMethods && !c.takesOut():
		return false
	case kind == journal.InverseUser && c.Step == "create-account":
		return d.What == WhatAccount || d.After == "disabled"
	case d.What == WhatRole && kind != journal.InverseUser:
		return isOf(d.ID, globalAdministrator)
	}
	return !slices.Contains(many, d.What) || isOf(d.ID, c.Object.ID)
}

// isOf reports the id of an object, or of something of it, which begins with that.
func isOf(id, object string) bool {
	id, object = strings.ToLower(id), strings.ToLower(object)
	return object != "" && (id == object || strings.HasPrefix(id, object+" "))
}

// expected is who makes a difference without a change of this program's: Delegate365's setup, or a person who was asked to. What an
// offboarding finds gone was to go by a change.
func expected(r *Report, d Difference) string {
	gone := d.After == "" && r.offboards()
	switch d.What {
	case WhatApp, WhatPermission:
		if !gone {
			return byVendor
		}
	case WhatMethods:
		if !gone {
			return byAsked
		}
	case WhatService:
		if slices.ContainsFunc(r.Entries, func(e Entry) bool { return e.Class == Asked && strings.EqualFold(e.Activity, serviceUpdated) }) {
			return byAsked
		}
	}
	return byNobody
}

// whoMadeAdmins is the change that explains how many Global Administrators there are now: only where what this program did to the
// account is all of the difference. Asking twice makes one.
func (r *Report) whoMadeAdmins(d Difference) string {
	var all []Change
	for _, c := range r.Changes {
		if c.Object.Kind == string(journal.InverseRoleAssignment) && !c.undone() {
			all = append(all, c)
		}
	}
	was, err1 := strconv.Atoi(d.Before)
	is, err2 := strconv.Atoi(d.After)
	if err1 != nil || err2 != nil || len(all) == 0 {
		return byNobody
	}
	first, last := all[0], all[len(all)-1]
	more := 0
	if !last.Restores {
		more++
	}
	if first.Restores {
		more--
	}
	if is-was != more {
		return byNobody
	}
	return strconv.Itoa(last.N)
}
