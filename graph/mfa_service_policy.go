package graph

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"sort"
	"strings"
)

// MFAServicePolicy is the tenant's settings of the MFA service. Graph's endpoint for it is undocumented: which members it
// has, and what a PATCH does to those it does not name, is not known. So all of them are kept.
type MFAServicePolicy struct {
	AllowAppPasswords      bool
	AllowAppPasswordsKnown bool           // the answer held it
	Members                map[string]any // everything the answer held, as JSON is decoded, without annotations
}

const (
	mfaServicePolicy = "/policies/mfaServicePolicy"
	allowAppPassword = "allowAppPasswords"
)

// MFAServicePolicy reads the settings: GET /beta/policies/mfaServicePolicy, Policy.Read.All. No page of Microsoft's
// describes it; it may change or be refused at any time.
func (s MFA) MFAServicePolicy(ctx context.Context) (MFAServicePolicy, error) {
	var members map[string]any
	if err := s.client.getJSON(ctx, "read the MFA service settings", s.client.beta(mfaServicePolicy), &members); err != nil {
		return MFAServicePolicy{}, err
	}
	return newMFAServicePolicy(members), nil
}

func newMFAServicePolicy(members map[string]any) MFAServicePolicy {
	maps.DeleteFunc(members, func(name string, _ any) bool { return strings.Contains(name, "@") })
	p := MFAServicePolicy{Members: members}
	for name, value := range members {
		if strings.EqualFold(name, allowAppPassword) {
			p.AllowAppPasswords, p.AllowAppPasswordsKnown = value.(bool)
		}
	}
	return p
}

// JSON is every member, for whoever has to put them back; empty when none is known.
func (p MFAServicePolicy) JSON() string {
	if len(p.Members) == 0 {
		return ""
	}
	text, err := json.Marshal(p.Members)
	if err != nil {
		return "" // it was decoded from JSON
	}
	return string(text)
}

// Moved is a member that is not as it was: nested members are named with dots. A value that is not there is empty.
type Moved struct{ Member, From, To string }

// MovedSince lists what differs from an earlier answer, but for whether app passwords are allowed.
func (p MFAServicePolicy) MovedSince(before MFAServicePolicy) []Moved {
	was, is := map[string]any{}, map[string]any{}
	flatten("", before.Members, was)
	flatten("", p.Members, is)
	var moved []Moved
	names := maps.Clone(was)
	maps.Copy(names, is)
	for name := range names {
		if strings.EqualFold(name, allowAppPassword) || reflect.DeepEqual(was[name], is[name]) {
			continue
		}
		moved = append(moved, Moved{name, valueText(was, name), valueText(is, name)})
	}
	sort.Slice(moved, func(i, j int) bool { return moved[i].Member < moved[j].Member })
	return moved
}

// flatten names the members of objects with dots. A list is one value.
func flatten(prefix string, members, into map[string]any) {
	for name, value := range members {
		if object, ok := value.(map[string]any); ok {
			flatten(prefix+name+".", object, into)
			continue
		}
		into[prefix+name] = value
	}
}

func valueText(members map[string]any, name string) string {
	value, there := members[name]
	if !there {
		return ""
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// SetAllowAppPasswords lets users create app passwords, or stops them: PATCH of the same path, expected to need
// Policy.ReadWrite.AuthenticationMethod. Undocumented too: read it back.
func (s MFA) SetAllowAppPasswords(ctx context.Context, on bool) error {
	op := "allow app passwords"
	if !on {
		op = "stop allowing app passwords"
	}
	return s.client.patchJSON(ctx, op, s.client.beta(mfaServicePolicy), map[string]any{allowAppPassword: on})
}

// PutBackMFAService sets every member as it was, except whether app passwords are allowed, which is set as it is to be: a
// service that takes a PATCH for the whole would reset what is left out. The id is not sent.
func (s MFA) PutBackMFAService(ctx context.Context, before MFAServicePolicy, allow bool) error {
	body := maps.Clone(before.Members)
	maps.DeleteFunc(body, func(name string, _ any) bool { return name == "id" || strings.EqualFold(name, allowAppPassword) })
	body[allowAppPassword] = allow
	return s.client.patchJSON(ctx, "put the MFA service settings back", s.client.beta(mfaServicePolicy), body)
}
