// Package objectid takes the ids of directory objects in. They are GUIDs, which have no case: Graph may write an account
// in capitals in a policy, and in small letters in the account itself. What is decoded as an ID is therefore in small
// letters, so that two ids of one object are the same text. Only what is written back keeps the spelling that Graph used.
package objectid

import (
	"encoding/json"
	"strings"

	"github.com/google/uuid"
)

// ID is an id, or a keyword in its place, in an answer or in a file.
type ID string

// List is a list of them.
type List []ID

// UnmarshalJSON takes an id in, whatever its case.
func (i *ID) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	*i = ID(Canonical(s))
	return nil
}

// Strings are the ids as text, and nil where there was no list.
//
//go:noinline // every copy would be carried
func (l List) Strings() []string {
	if l == nil {
		return nil
	}
	out := make([]string, len(l))
	for i, id := range l {
		out[i] = string(id)
	}
	return out
}

// Is reports whether text has the form of such an id.
func Is(text string) bool { return len(text) == 36 && uuid.Validate(text) == nil }

// Canonical is an id in small letters; what is none stays as it is.
func Canonical(text string) string {
	if !Is(text) {
		return text
	}
	return strings.ToLower(text)
}

// Same reports two ids of one object.
func Same(a, b string) bool { return Canonical(a) == Canonical(b) }
