package steps_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// Whatever one onboarding wrote down may be called the configuration password in the mail of the next one, and hides nothing of it:
// the words of the journal and of the report, the names of their members, and those of the tenant.
func TestWhatARunSaysIsNoPassword(t *testing.T) {
	var words []string
	for again := range 2 {
		synctest.Test(t, func(t *testing.T) {
			journals, reports := t.TempDir(), t.TempDir()
			r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = journals, reports }})
			defer r.run.Close()
			for _, word := range words {
				if redact.Ordinary(word) {
					defer graph.NewSecret(word).Forget()
				}
			}
			r.toReport()
			if err := r.apply(t.Context(), steps.HandOver); err != nil {
				t.Fatal(err)
			}
			wrote := filed(t, "*.json*", journals, reports)
			if strings.Contains(wrote, "***") {
				t.Error("something was hidden")
			}
			for _, word := range words {
				if len(word) >= 8 && !redact.Ordinary(word) && strings.Contains(wrote, word) {
					t.Errorf("%q would be hidden, and stands there", word)
				}
			}
			words = wordsOf(wrote)
			if again == 0 && (len(words) < 500 || !slices.Contains(words, "window-opened") || !slices.Contains(words, "openSeconds")) {
				t.Errorf("it wrote %d words", len(words))
			}
		})
	}
}

// A name or a word is not taken as the configuration password, neither out of the mail, before or after it is known to be one, nor
// in the field for it; and it goes on being said.
func TestNoNameIsThePassword(t *testing.T) {
	const portal = "https://contoso.delegate365.com/setup\nConfiguration password: "
	ep := build(t, setup{}).Endpoints()
	for value, why := range map[string]string{
		"service.delegate365@contoso.com": "the user name of the service account",
		"Service.Delegate365@contoso.com": "the user name of the service account",
		"service.delegate365":             "the user name of the service account",
		ep.TenantID:                       "a name or a word",
		strings.ToUpper(ep.TenantID):      "a name or a word",
		ep.Operator.UserPrincipalName:     "a name or a word",
		"contoso.onmicrosoft.com":         "a name or a word",
		"enforced":                        "a name or a word",
		"window-opened":                   "a name or a word",
		"window-closed":                   "a name or a word",
		"per-user-mfa":                    "a name or a word",
		"desolc-wodniw":                   "a name or a word", // it is found written backwards too
	} {
		t.Run(value, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				journals := t.TempDir()
				r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal = journals }})
				defer r.run.Close()
				r.answer(steps.SignIn, "mail", portal+value+"\n")
				r.passUntil(steps.RunSetup)
				notTaken(t, r.inspect(steps.RunSetup), why)
				told(t, step(steps.RunSetup).Answer(r.run, "configuration-password", typed("configuration-password", " "+value+"\n")), why, "type it in the browser")
				r.answer(steps.RunSetup, "mail", portal+value+"\n")
				notTaken(t, r.inspect(steps.RunSetup), why)
				if wrote := filed(t, "*.json*", journals); strings.Contains(wrote, "***") || !strings.Contains(wrote, `"window-opened"`) || redact.Holds([]byte(value)) {
					t.Errorf("it is hidden: %s", wrote)
				}
				r.answer(steps.RunSetup, "mail", r.mail)
				f := r.inspect(steps.RunSetup)
				if f.Task.Items[1].Copy.IsZero() || len(f.Text) != 0 {
					t.Errorf("the right mail is not taken: %+v", f)
				}
			})
		})
	}
}

// notTaken fails the test unless the setup page is shown without a configuration password, and with why.
func notTaken(t *testing.T, f steps.Finding, why string) {
	t.Helper()
	if said := finding.Read(f.Text); f.Task == nil || !f.Task.Items[1].Copy.IsZero() || len(f.Fields) != 1 || !strings.Contains(said, why) {
		t.Fatalf("%s: %+v", said, f)
	}
}

// wordsOf are the names in JSON, and what stands between blanks in its values.
func wordsOf(text string) []string {
	var words []string
	var add func(any)
	add = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			for name, value := range v {
				if words = append(words, name); !slices.Contains([]string{"requestId", "correlationId", "sha256"}, name) { // the simulated tenant's are the same each time
					add(value)
				}
			}
		case []any:
			for _, value := range v {
				add(value)
			}
		case string:
			words = append(words, strings.Fields(v)...)
			var within any
			if json.Unmarshal([]byte(v), &within) == nil {
				add(within)
			}
		}
	}
	for d := json.NewDecoder(strings.NewReader(text)); d.More(); {
		var value any
		if d.Decode(&value) != nil {
			break
		}
		add(value)
	}
	slices.Sort(words)
	return slices.Compact(words)
}
