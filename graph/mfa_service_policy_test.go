package graph

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestMFAServicePolicyMoved(t *testing.T) {
	parse := func(text string) MFAServicePolicy {
		var members map[string]any
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			t.Fatal(err)
		}
		return newMFAServicePolicy(members)
	}
	before := parse(`{"@odata.context":"x","AllowAppPasswords":false,"trustedIps":{"skip":true,"ranges":["203.0.113.0/24"]},"days":60,"new":null}`)
	if !before.AllowAppPasswordsKnown || before.AllowAppPasswords {
		t.Error("a member in another case is not known")
	}
	for text, want := range map[string][]Moved{
		`{"allowAppPasswords":true,"trustedIps":{"skip":true,"ranges":["203.0.113.0/24"]},"days":60,"new":null,"@odata.etag":"y"}`: nil,
		`{"allowAppPasswords":true,"trustedIps":{"skip":false,"ranges":[]},"days":14}`: {
			{"days", "60", "14"}, {"trustedIps.ranges", `["203.0.113.0/24"]`, "[]"}, {"trustedIps.skip", "true", "false"},
		},
		`{"allowAppPasswords":true,"trustedIps":{"skip":true,"ranges":["203.0.113.0/24"]},"days":60,"new":null,"more":1}`: {{"more", "", "1"}},
	} {
		if got := parse(text).MovedSince(before); !slices.Equal(got, want) {
			t.Errorf("%s: moved %+v", text, got)
		}
	}
}
