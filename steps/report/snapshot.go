package report

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// SnapshotSchema names the form of a Snapshot in JSON.
const SnapshotSchema = "delegate365-onboard/snapshot/1"

// Snapshot is the tenant as far as this onboarding can touch it, at one time.
type Snapshot struct {
	Schema string    `json:"schema"`
	At     time.Time `json:"at"`
	Items  []Item    `json:"items"`
	Unread []Doubt   `json:"unread"` // About is the What that was not read
}

// Item is one thing in the tenant.
type Item struct {
	What   string `json:"what"`
	ID     string `json:"id"` // what it is the same thing by
	Object string `json:"object"`
	Value  string `json:"value"`
}

// What a snapshot holds. In brackets: the id, and the values.
const (
	WhatAccount    = "account"                // [user id or user principal name: enabled, disabled]
	WhatPerUserMFA = "per-user MFA"           // [user id: disabled, enabled, enforced]
	WhatRole       = "role of the account"    // [template id: assigned, until when where it ends by itself]
	WhatPolicy     = "Conditional Access"     // [policy id: its state]
	WhatExclusion  = "exclusion"              // [policy id: the account is excluded]
	WhatDefaults   = "security defaults"      // [tenant: on, off]
	WhatService    = "MFA service setting"    // [name of the setting: its value]
	WhatCampaign   = "registration campaign"  // [state, or excluded]
	WhatApp        = "Delegate365 app"        // [service principal id: its state]
	WhatPermission = "permission of the app"  // [service principal id, API and permission: granted]
	WhatMethods    = "methods of the account" // [user id: how many are registered]
	WhatAdmins     = "Global Administrators"  // [role: how many hold it directly]
	WhatLog        = "Microsoft's audit log"  // [read: it can be read]
)

// Of looks one thing up; false where it is not there, or was not read.
//
//go:noinline // every copy would be carried
func (s *Snapshot) Of(what, id string) (Item, bool) {
	if s == nil {
		return Item{}, false
	}
	i := slices.IndexFunc(s.Items, func(i Item) bool { return i.What == what && (id == "" || strings.EqualFold(i.ID, id)) })
	if i < 0 {
		return Item{}, false
	}
	return s.Items[i], true
}

// All are the things of a kind.
func (s *Snapshot) All(what string) []Item {
	if s == nil {
		return nil
	}
	var out []Item
	for _, i := range s.Items {
		if i.What == what {
			out = append(out, i)
		}
	}
	return out
}

// Unreadable says why things of a kind were not read; empty where they were.
//
//go:noinline // every copy would be carried
func (s *Snapshot) Unreadable(what string) string {
	if s == nil {
		return "the tenant was not read"
	}
	for _, d := range s.Unread {
		if d.About == what {
			return d.Why
		}
	}
	return ""
}

// Encode is the snapshot as its file has it.
func (s Snapshot) Encode() ([]byte, error) { return encode(s) }

// DecodeSnapshot reads the file of a snapshot.
func DecodeSnapshot(data []byte) (*Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	if s.Schema != SnapshotSchema {
		return nil, errors.New("the file is no snapshot of a tenant")
	}
	return &s, nil
}

// compare is what is not the same in both, for kinds that were read both times.
func compare(before, after *Snapshot) []Difference {
	out := []Difference{}
	if before == nil || after == nil {
		return out
	}
	both := func(what string) bool { return before.Unreadable(what) == "" && after.Unreadable(what) == "" }
	for _, b := range before.Items {
		a, there := after.Of(b.What, b.ID)
		if both(b.What) && (!there || a.Value != b.Value) {
			out = append(out, Difference{What: b.What, ID: b.ID, Object: named(a, b), Before: b.Value, After: a.Value, ExplainedBy: byNobody})
		}
	}
	for _, a := range after.Items {
		if _, there := before.Of(a.What, a.ID); both(a.What) && !there {
			out = append(out, Difference{What: a.What, ID: a.ID, Object: a.Object, After: a.Value, ExplainedBy: byNobody})
		}
	}
	return out
}

func named(a, b Item) string {
	if a.Object != "" {
		return a.Object
	}
	return b.Object
}

// Who explains a difference, beside the number of a change.
const (
	byVendor = "vendor"
	byAsked  = "asked"
	byNobody = "none"
)
