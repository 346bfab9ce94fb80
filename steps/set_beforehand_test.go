package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What decides about a sign-in and was not typed, or is not the usual, is a row of the first screen, whichever list of steps it begins:
// in the onboarding too, which has no room for what else is said of the application.
func TestSetBeforehandIsSaid(t *testing.T) {
	t.Parallel()
	const client = "5f5b5c0e-3f0a-4f0e-9b43-1f6f6c0f2a11"
	global, err := graph.LookupCloud("global")
	if err != nil {
		t.Fatal(err)
	}
	own := graph.Cloud{Name: "evil.example (Microsoft 365)", Authority: "https://evil.example", Graph: "https://graph.evil.example", Custom: true}
	for name, c := range map[string]struct {
		options steps.Options
		from    map[string]string
		rows    []string
	}{
		"the usual, typed": {options: steps.Options{Cloud: global, Tenant: "contoso.com", Account: "d365", Portal: "https://contoso.delegate365.com"}},
		"the usual client": {options: steps.Options{Cloud: global, ClientID: strings.ToUpper(graph.DefaultClientID)}},
		"a rehearsal's":    {options: steps.Options{Cloud: graph.Cloud{Name: "simulated", Custom: true}}},
		"typed": {
			options: steps.Options{Cloud: own, ClientID: client},
			rows:    []string{"note: Cloud: your own, evil.example (Microsoft 365). Graph at graph.evil.example.", "note: Through the application: " + client + ". "},
		},
		"set elsewhere": {
			options: steps.Options{Cloud: global, ClientID: client, Tenant: "contoso.com", Account: "d365", Portal: "https://contoso.delegate365.com"},
			from:    map[string]string{"cloud": "CLOUD.", "client-id": "CLIENT.", "tenant": "TENANT.", "account": "ACCOUNT.", "portal": "PORTAL.", "window": "WINDOW."},
			rows: []string{
				"look: Cloud: global, login.microsoftonline.com. Graph at graph.microsoft.com. CLOUD.", "look: Through the application: " + client + ". CLIENT.",
				"look: Tenant: contoso.com. TENANT.", "look: Service account: d365. ACCOUNT.", "look: Portal: https://contoso.delegate365.com. PORTAL.",
			},
		},
	} {
		for list, all := range map[string][]steps.Step{"onboard": steps.All(), "offboard": steps.Offboard(), "restore": steps.Restore()} {
			run, err := steps.NewRun(c.options)
			if err != nil {
				t.Fatal(err)
			}
			steps.Untyped(run, c.from)
			f, err := all[0].Inspect(t.Context(), run, func(steps.Event) {})
			if err != nil {
				t.Fatal(err)
			}
			var rows []string
			if f.Sections[0].Title == "Set beforehand" {
				for _, row := range f.Sections[0].Facts {
					rows = append(rows, row.Mark.String()+": "+row.Label+": "+row.Value+". "+row.Note)
				}
			}
			if !slices.Equal(rows, c.rows) {
				t.Errorf("%s, %s:\n%s\nwant\n%s", name, list, strings.Join(rows, "\n"), strings.Join(c.rows, "\n"))
			}
			if others := strings.Contains(f.Notice.String(), "Graph Command Line Tools"); others && c.options.ClientID == client {
				t.Errorf("%s, %s: it says %q", name, list, f.Notice)
			}
		}
	}
}

// A cloud of somebody's own is told apart on the check's row of the tenant.
func TestOwnCloudInTheCheck(t *testing.T) {
	t.Parallel()
	for cloud, note := range map[string]string{"simulated": "simulated cloud", "evil.example (Microsoft 365)": "Cloud: your own, evil.example (Microsoft 365)"} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{options: func(o *steps.Options) { o.Cloud.Name = cloud }})
			r.pass(steps.SignIn)
			f := r.inspect(steps.Check)
			var notes []string
			for _, s := range f.Sections {
				for _, row := range s.Facts {
					notes = append(notes, row.Note)
				}
			}
			if !slices.Contains(notes, note) {
				t.Errorf("%s: %q", cloud, notes)
			}
		})
	}
}

// The portal that a cloud's file names is asked about as any other.
func TestPortalOfACloudFileIsAskedAbout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Cloud.Delegate365 = "https://evil.example" }})
		r.answer(steps.SignIn, "mail", "https://evil.example/setup")
		r.passUntil(steps.AssignAdmin)
		if f := r.inspect(steps.AssignAdmin); f.Status != steps.Blocked || !strings.Contains(f.Text[0].String(), "https://evil.example") {
			t.Errorf("%+v", f)
		}
	})
}
