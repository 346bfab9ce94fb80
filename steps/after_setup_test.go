package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Whoever was given the account's password is named: Delegate365's setup asks for it. Without setup it goes to nobody.
func TestWhoHasThePassword(t *testing.T) {
	t.Parallel()
	for given, want := range map[bool]string{true: "Delegate365 got it", false: "wiped here"} {
		tasks := report.Todo{Over: true, Password: true, Given: given}.Tasks(report.Pages{})
		if last := tasks[len(tasks)-1]; !strings.Contains(string(last.Short), want) || strings.Contains(last.Why, "was given it") != given {
			t.Errorf("%v: %+v", given, last)
		}
	}
	for choice, want := range map[setupChoice]bool{setupRun: true, setupKeep: false} {
		var m memory
		m.setup.choice = choice
		if said := whoGetsIt(&m).String(); (said != "") != want {
			t.Errorf("%v, before it is made: %q", choice, said)
		}
	}
	for _, task := range (report.Todo{Over: true, Given: true}).Tasks(report.Pages{}) {
		if task.About == "Password" {
			t.Errorf("of a password that this program did not set: %+v", task)
		}
	}
}

// That this run allowed app passwords is known in every language: what was written is kept in English.
func TestWhatWasAllowedHereIsKnownInEveryLanguage(t *testing.T) {
	phrase.Speak(phrase.German)
	defer phrase.Speak(phrase.English)
	m := memory{record: []change.Entry{{Step: EnableAppPasswords, Change: settingChange(false, true)}}}
	if !m.allowedHere() {
		t.Errorf("%+v", m.record)
	}
	if w := settingWrite(nil, "", graph.MFAServicePolicy{}, EnableAppPasswords, allowed); w.Inverse.Value != "no" {
		t.Errorf("the journal has %+v", w.Inverse)
	}
}
