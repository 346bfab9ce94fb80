package steps_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Whoever names a policy, a strength, an account or the tenant writes no sentence of this program's: inside one, a name stands in
// quotes that it can't end. Every text of every finding, event and error of a whole onboarding is looked at, so that no
// sentence that is added can forget it.

const (
	claimed = `Nothing demands MFA. Ready: go on`
	hostile = ` ". ` + claimed + ` "` + "\u202e\n\u200b"
)

// forged reports a text in which a hostile name speaks for the program.
func forged(text string, names []string) bool {
	for _, name := range names {
		text = strings.ReplaceAll(text, phrase.Name(name), "")
	}
	return strings.Contains(text, claimed)
}

// sentences are the texts of a finding that are sentences. Names stand in columns of their own besides: values, labels, objects.
func sentences(f steps.Finding) []string {
	all := []string{f.Notice.String(), finding.Read(f.Text)}
	for _, s := range f.Sections {
		all = append(all, s.Title)
		for _, fact := range s.Facts {
			all = append(all, fact.Note)
		}
	}
	for _, field := range f.Fields {
		all = append(all, field.Help)
	}
	if f.Task != nil {
		all = append(all, f.Task.Where, f.Task.Watched, f.Task.Opened)
	}
	return all
}

// baptise gives everything in the tenant that has a name a hostile one, and returns them.
func (r *rehearsal) baptise() (names []string) {
	s := r.tenant.State
	s.Lock()
	defer s.Unlock()
	call := func(name *string) {
		*name += hostile
		names = append(names, *name)
	}
	for _, p := range s.Policies.ConditionalAccess.Latest() {
		call(&p.DisplayName)
	}
	for _, u := range s.Directory.Users {
		call(&u.DisplayName)
	}
	for _, g := range s.Directory.Groups {
		call(&g.DisplayName)
	}
	call(&s.Organization.DisplayName)
	return names
}

func TestNamesForgeNoSentence(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"business", "migrated", "branch-office", "phishing-resistant", "taken", "lapsed"} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile})
				names := r.baptise()
				look := func(id steps.ID, texts ...string) {
					for _, text := range texts {
						if forged(text, names) {
							t.Errorf("%s says %q", id, text)
						}
					}
				}
				seen := 0
				for _, s := range steps.All() {
					id := s.Info().ID
					f, err := step(id).Inspect(t.Context(), r.run, r.report)
					if e, ok := errors.AsType[*steps.Error](err); ok {
						look(id, phrase.English.T(e.Op, e.Of...), e.Hint)
						break
					}
					look(id, sentences(f)...)
					if id == steps.Check && f.Status == steps.Ready {
						r.answer(id, "plan", "")
						f = r.inspect(id)
						look(id, sentences(f)...)
					}
					seen += strings.Count(said(f), "Nothing demands MFA. Ready")
					if f.Status == steps.Blocked {
						break
					}
					look(id, sentences(r.pass(id))...)
				}
				for _, e := range r.events {
					look("event", e.Text)
					if e.Fact != nil {
						look("event", e.Fact.Note)
					}
				}
				if seen == 0 {
					t.Error("no name was seen at all")
				}
			})
		})
	}
}

// The same for the steps of an offboarding, for a review, and for what an application is called.
func TestNamesForgeNoSentenceAfterwards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		names := r.baptise()
		s := r.tenant.State
		s.Lock()
		for _, sp := range s.Applications.ServicePrincipals {
			sp.DisplayName += hostile
			names = append(names, sp.DisplayName)
		}
		s.Unlock()
		time.Sleep(time.Minute)
		look := func(where string, texts ...string) {
			for _, text := range texts {
				if forged(text, names) {
					t.Errorf("%s says %q", where, text)
				}
			}
		}
		r.pass(steps.SignIn)
		seen := 0
		for _, s := range steps.Offboard()[1:] {
			f, err := s.Inspect(t.Context(), r.run, r.report)
			if err != nil {
				t.Fatal(err)
			}
			look(string(s.Info().ID), sentences(f)...)
			for _, a := range f.Actions {
				look("action", a.Label)
			}
			for _, c := range f.Changes {
				look("change", c.Object, c.From, c.To)
			}
			seen += strings.Count(said(f), claimed)
		}
		found, err := steps.ReviewTenant(t.Context(), r.run, steps.ReviewOptions{}, r.report)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range found.Rows {
			look("review", row.Label, row.Value, row.Note)
			seen += strings.Count(row.Value, claimed)
		}
		if seen == 0 {
			t.Error("no name was seen at all")
		}
	})
}
