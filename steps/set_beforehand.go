package steps

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What decides where, and as what, somebody signs in is said before they do. A settings file or an environment variable may be
// somebody else's work, and so may be the file that a cloud is read from.

// Untyped keeps of flags that nobody typed a sentence each, where they come from.
func Untyped(r *Run, from map[string]string) { r.untyped = from }

// deciding are those flags that decide about a sign-in, in the order in which they are told.
var deciding = [...]struct {
	flag  string
	label phrase.Format
}{{"cloud", "Cloud"}, {"client-id", "Through the application"}, {"tenant", "Tenant"}, {"account", accountLabel}, {"portal", "Portal"}}

// SetBeforehand is what decides about the sign-in and was not typed, or is not the usual.
func SetBeforehand(r *Run) []Section {
	o := &r.opts
	unusual := [len(deciding)]bool{ownCloud(o.Cloud), ownClient(r)}
	values := [len(deciding)]string{cloudName(o.Cloud), o.ClientID, o.Tenant, o.Account, o.Portal}
	if !unusual[0] {
		values[0] += ", " + bareHost(o.Cloud.Authority)
	}
	var facts []Fact
	for i, d := range deciding {
		from := r.untyped[d.flag]
		if from == "" && !unusual[i] {
			continue
		}
		f := Fact{Label: phrase.T(d.label), Value: values[i], Mark: MarkNote, Note: from, Across: true}
		if i == 0 {
			f.Note = strings.TrimSpace(phrase.T("Graph at %s.", bareHost(o.Cloud.Graph)) + " " + from)
		}
		if from != "" {
			f.Mark = MarkLook
		}
		facts = append(facts, f)
	}
	if facts == nil {
		return nil
	}
	return []Section{{Title: phrase.T("Set beforehand"), Facts: facts}}
}

// ownClient reports another application than the usual one.
func ownClient(r *Run) bool {
	return r.opts.ClientID != "" && !objectid.Same(r.opts.ClientID, graph.DefaultClientID)
}

func bareHost(address string) string { return strings.TrimPrefix(address, "https://") }

// simulated is what a rehearsal's cloud is called. None from a file is called so.
const simulated = "simulated"

func ownCloud(c graph.Cloud) bool { return c.Custom && c.Name != simulated }

// cloudName is a cloud's name on screen: those of Microsoft's clouds are what --cloud takes.
func cloudName(c graph.Cloud) string {
	switch {
	case ownCloud(c):
		return phrase.T("your own, %s", c.Name)
	case c.Name == simulated:
		return phrase.T("simulated")
	}
	return c.Name
}
