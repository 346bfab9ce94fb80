package wizard

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// scene is a screen worth looking at, and how to get there.
type scene struct {
	name string
	opts Options
	run  *fakeRun
	list []*fakeStep
	act  func(d *driver)
}

const (
	longName = "delegate365-service-account-for-onboarding-of-contoso-holdings@very-long-subsidiary-name-of-contoso.onmicrosoft.com"
	japanese = "株式会社コントソ・ホールディングス東日本支社"
)

// titles are those of the rail, so that its width is the real one.
var titles = []string{
	"Sign in", "Check the tenant", "Create service account", "Assign Global Admin", "Suspend MFA",
	"Run Delegate365 setup", "Re-enable MFA", "Enable app passwords", "Capture app password", "Hand over",
}

// tenSteps are ten steps of which all but the n-th are done.
func tenSteps(n int, found steps.Finding) []*fakeStep {
	var list []*fakeStep
	for i, title := range titles {
		step := &fakeStep{info: steps.Info{
			ID: steps.ID(title), Title: title, Actor: steps.You, About: time.Minute,
			Why: finding.Advice("Delegate365's setup signs in with a password and cannot answer a second factor."),
			Help: []string{
				"This step finds every policy that would ask the service account for a second factor, and suspends only those.",
				"It touches no other account.",
			},
		}, found: steps.Finding{
			Status:   steps.Done,
			Text:     finding.Advise("The tenant says that this is done."),
			Sections: stands,
			Actions:  []steps.Action{{ID: steps.ActNext, Label: "Continue"}},
		}}
		if i == n {
			step.found = found
		}
		list = append(list, step)
	}
	return list
}

// stands keeps a step that is done on screen.
var stands = []steps.Section{{Facts: []steps.Fact{{Label: "Colleagues", Value: "work here too", Mark: steps.MarkDecide}}}}

// to goes to the n-th step.
func to(n int) func(d *driver) {
	return func(d *driver) {
		for range n {
			d.press("enter")
		}
	}
}

// captions says as much as a caption may, of whatever step.
func captions(steps.ID) string {
	return "MFA is suspended for this account alone, and the clock runs. Whatever ends this program now, a second one puts MFA back."
}

func contoso() *fakeRun { return &fakeRun{operator: "admin@contoso.com", tenant: "contoso.com"} }

var suspend = steps.Finding{
	Status: steps.Ready,
	Text: finding.Advise("Delegate365's setup signs in with a password and cannot answer a second factor. In this tenant two " +
		"policies ask this account for one:"),
	Sections: []steps.Section{{Facts: []steps.Fact{
		{Label: "Per-user MFA", Value: "disabled", Note: "nothing to do"},
		{Label: "Security defaults", Value: "off", Note: "nothing to do"},
		{Label: "Conditional Access", Value: "2 apply", Note: "exclude this account from CA01 Require MFA for all users " +
			"and Microsoft-managed: MFA for admins"},
	}}},
	Changes: []steps.Change{
		{Op: steps.Modify, Object: "excluded users of CA01 Require MFA for all users", From: "3", To: "4"},
		{Op: steps.Modify, Object: "excluded users of Microsoft-managed: Multifactor authentication for admins accessing Microsoft Admin Portals", From: "0", To: "1"},
	},
	Notice:  finding.Advice(`Only service.delegate365@contoso.com, and only until "Re-enable MFA".`),
	Actions: []steps.Action{{ID: steps.ActApply, Label: "Apply 2 changes"}},
}

var setupTask = steps.Finding{
	Status: steps.Waiting,
	Actor:  steps.Customer,
	Text:   finding.Advise("Delegate365's own setup runs in a browser, as the service account."),
	Task: &steps.Task{
		Part:  "run-setup",
		Where: "In a private browser window",
		URL:   "https://contoso.delegate365.com/setup",
		Items: []steps.Item{
			{ID: "open", Text: "Open the setup page", Opens: true},
			{ID: "config", Text: "Paste the configuration password", Copy: graph.NewSecret("conf-secret-1")},
			{ID: "user", Text: "Paste the user name", Copy: graph.NewText("service.delegate365@contoso.com"), Shown: "service.delegate365@contoso.com"},
			{ID: "password", Text: "Paste the password", Copy: graph.NewSecret("pass-secret-2")},
			{ID: "wait", Text: `Wait for "Setup completed", then choose Login`},
		},
		Watched: "Watching the tenant for the Delegate365 apps",
	},
	Sections: []steps.Section{{Facts: []steps.Fact{
		{Label: "Delegate365", Value: "created 09:41:07", Mark: steps.MarkOK, Note: "permissions granted"},
		{Label: "Second app", Mark: steps.MarkPending, Value: "not seen yet"},
	}}},
	Actions: []steps.Action{{ID: "setup-done", Label: "I have seen Setup completed"}, {ID: steps.ActRetry, Label: "Look again"}},
	Poll:    5 * time.Second,
}

var account = steps.Finding{
	Status: steps.Ready,
	Text:   finding.Advise("Delegate365 works through one account of its own. It needs no licence."),
	Fields: []steps.Field{
		{ID: "name", Label: "User name", Kind: steps.TextField, Value: "service.delegate365", Help: "The part before the @."},
		{ID: "domain", Label: "Domain", Kind: steps.ChoiceField, Value: "contoso.com", Options: []steps.Option{
			{ID: "contoso.com", Label: "contoso.com (default)"}, {ID: "contoso.onmicrosoft.com", Label: "contoso.onmicrosoft.com"},
		}},
	},
	Changes: []steps.Change{{Op: steps.Add, Object: "user service.delegate365@contoso.com", To: "enabled, password does not expire"}},
	Actions: []steps.Action{{ID: steps.ActApply, Label: "Create the account"}, {ID: "other", Label: "Use an account that exists"}},
}

var checkFacts = []steps.Fact{
	{Label: "Operator", Value: "admin@contoso.com", Mark: steps.MarkOK, Note: "Global Administrator, active"},
	{Label: "Cloud", Value: "global", Mark: steps.MarkOK},
	{Label: "Domains", Value: "3 verified", Mark: steps.MarkNote, Note: "fabrikam.com is federated: the account cannot be created there"},
	{Label: "Licences", Value: "Microsoft Entra ID P1", Mark: steps.MarkOK},
	{Label: "Secure Score", Value: "142 of 290", Mark: steps.MarkNote, Ratio: 142, Of: 290, Note: "tenants of this size: 120"},
	{Label: "Security defaults", Value: "off", Mark: steps.MarkOK},
	{Label: "Conditional Access", Value: "8 policies", Mark: steps.MarkDecide, Note: "two ask for MFA once the account is Global Administrator"},
	{Label: "App passwords", Value: "not allowed", Mark: steps.MarkBlocks, Note: "is turned on later, with your yes"},
	{Label: "Existing account", Value: "none", Mark: steps.MarkOK},
}

func checkPlan() steps.Finding {
	return steps.Finding{
		Status: steps.Ready,
		Text:   finding.Advise("This is what the tenant says and what will be done. This run has written nothing yet."),
		Sections: []steps.Section{
			{Title: "The tenant", Facts: checkFacts},
			{Title: "The plan", Facts: []steps.Fact{
				{Label: "Create account", Value: "1 user", Note: "You, 1 min"},
				{Label: "Suspend MFA", Value: "2 policies, this account only", Note: "You, 1 min"},
				{Label: "Run setup", Value: "Delegate365 creates its apps", Note: "Customer, 5 min"},
				{Label: "Re-enable MFA", Value: "2 policies, per-user MFA", Note: "You, 1 min"},
			}},
		},
		Fields: []steps.Field{
			{ID: "cap", Label: "Longest exposure window", Kind: steps.ChoiceField, Value: "30m", Options: []steps.Option{
				{ID: "15m", Label: "15 minutes"}, {ID: "30m", Label: "30 minutes"}, {ID: "60m", Label: "60 minutes"},
			}},
		},
		Actions: []steps.Action{{ID: steps.ActNext, Label: "Accept the plan"}},
	}
}

var errRefused = &steps.Error{
	Op:   "assign Global Administrator",
	Hint: "Activate the role Privileged Role Administrator for yourself, then try again.",
	Err:  errors.New("HTTP 403 Authorization_RequestDenied: Insufficient privileges to complete the operation. request-id 11111111-2222-3333-4444-555555555555"),
}

func hold(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// applyThen is a step whose Apply reports events and then does not return until it is told to stop.
func applyThen(list []*fakeStep, n int, events ...steps.Event) []*fakeStep {
	list[n].apply = func(ctx context.Context, report func(steps.Event)) error {
		for _, e := range events {
			report(e)
		}
		return hold(ctx)
	}
	return list
}

func scenes() []scene {
	return append(append(findings(), work()...), layers()...)
}

// findings are screens of what Inspect returned.
func findings() []scene {
	return []scene{
		{name: "ready", run: contoso(), list: tenSteps(4, suspend), act: to(4)},
		{name: "ready-fields", run: contoso(), list: tenSteps(2, account), act: func(d *driver) {
			to(2)(d)
			d.press("tab")
		}},
		{name: "field-refused", run: contoso(), list: refusing(tenSteps(2, account), "name", &steps.Error{
			Op: "use this name", Hint: "Use letters, digits, dots and hyphens only, at most 64 of them.",
		}), act: func(d *driver) {
			to(2)(d)
			d.press("tab")
			d.write("!")
			d.press("enter", "enter")
		}},
		{name: "check-plan", run: contoso(), list: tenSteps(1, checkPlan()), act: to(1)},
		{name: "waiting-task", opts: Options{Copy: confirmed}, run: contoso(), list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.press("o", "c")
			d.wait(4 * time.Second)
		}},
		{name: "waiting-rehearsal", run: &fakeRun{operator: "admin@contoso.com", tenant: "contoso.com", person: playerFunc(
			func(ctx context.Context, _ string, _ map[string]string) (string, error) { return "", hold(ctx) },
		)}, list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.run.expose("service.delegate365@contoso.com", 30*time.Minute)
			d.wait(42 * time.Second)
		}},
		{name: "captioned", opts: Options{Autopilot: true, Pace: time.Hour, Caption: captions}, run: contoso(), list: tenSteps(0, suspend), act: to(0)},
		{name: "waiting-secret", run: contoso(), list: tenSteps(8, steps.Finding{
			Status: steps.Waiting,
			Text:   finding.Advise("The app password was shown once, on the account's own security-info page."),
			Fields: []steps.Field{{ID: "app-password", Label: "App password", Kind: steps.SecretField, Help: "16 letters, with or without spaces."}},
			Task: &steps.Task{
				Part: "app-password", Where: "In the service account's browser window", URL: "https://mysignins.microsoft.com/security-info",
				Items:   []steps.Item{{ID: "add", Text: "Add sign-in method, App password", Opens: true}, {ID: "copy", Text: "Copy it before you close the page"}},
				Watched: "An app password cannot be noticed from outside",
			},
			Actions: []steps.Action{{ID: "keep", Label: "Keep the app password"}},
		}), act: func(d *driver) {
			to(8)(d)
			d.send(tea.PasteMsg{Content: "abcd efgh ijkl mnop"})
		}},
		{name: "waiting-paste", run: contoso(), list: tenSteps(5, steps.Finding{
			Status:  steps.Waiting,
			Text:    finding.Advise("Delegate365's welcome mail holds the setup link and the configuration password."),
			Fields:  []steps.Field{{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField, Help: "Paste the whole mail, its setup link, or the path of the saved .eml file."}},
			Actions: []steps.Action{{ID: "read", Label: "Read it"}},
		}), act: func(d *driver) {
			to(5)(d)
			d.send(tea.PasteMsg{Content: "Subject: Welcome\n\nhttps://contoso.delegate365.com/setup\nPassword: mail-secret-3\n"})
		}},
		{name: "mail-in-doubt", run: contoso(), list: tenSteps(5, steps.Finding{
			Status: steps.Waiting,
			Text:   finding.Advise("Not all of the mail could be read for certain. Compare what was read with the mail before you use it."),
			Sections: []steps.Section{{Title: "Not certain", Facts: []steps.Fact{
				{Label: "Portal", Value: "https://northwindtraders.delegate365.com", Mark: steps.MarkNote, Note: "It is put together of two lines."},
				{Label: "Password", Value: "in line 12", Mark: steps.MarkNote, Note: "The mail is damaged and was repaired to read it; something that stuck to it was left off."},
			}}},
			Fields: []steps.Field{
				{
					ID: "which-portal", Label: "Portal", Kind: steps.ChoiceField, Help: "Whoever runs it gets the password of a Global Administrator.",
					Options: []steps.Option{{Label: "not chosen yet"}, {ID: "https://northwindtraders.delegate365.com", Label: "https://northwindtraders.delegate365.com"}},
				},
				{
					ID: "which-password", Label: "Configuration password", Kind: steps.ChoiceField, Help: "Look the line up in the mail, outside of this window. The passwords are not shown.",
					Options: []steps.Option{
						{Label: "not chosen yet"},
						{ID: "0", Label: "the one after \"Configuration password\" in line 12"},
						{ID: "typed-in-the-browser", Label: "none of them: I type it in the browser"},
					},
				},
			},
			Actions: []steps.Action{
				{ID: steps.ActRetry, Label: "Continue"},
				{ID: "show-ends", Label: "Show lengths, first and last characters"},
				{ID: "other-portal", Label: "Paste another mail or address"},
			},
		}), act: to(5)},
		{name: "blocked", run: contoso(), list: tenSteps(4, steps.Finding{
			Status: steps.Blocked,
			Text: finding.Advise(
				"Security defaults are on. They ask every account for a second factor and know no exception.",
				"Turning them off concerns the whole tenant, so this program does not do it here.",
			),
			Actions: []steps.Action{
				{ID: steps.ActRetry, Label: "Look again"},
				{ID: steps.ActGo + "Check the tenant", Label: "Back to the check"},
				{ID: steps.ActLeave, Label: "Leave"},
			},
		}), act: to(4)},
		{name: "done", run: contoso(), list: tenSteps(10, suspend), act: to(3)},
		{name: "not-needed", run: contoso(), list: tenSteps(7, steps.Finding{
			Status:   steps.NotNeeded,
			Text:     finding.Advise("This Delegate365 portal has no Administration / Office 365 account, so it needs no app password."),
			Sections: stands,
			Actions:  []steps.Action{{ID: steps.ActNext, Label: "Continue"}},
		}), act: to(7)},
		{name: "last-done", run: contoso(), list: tenSteps(10, suspend), act: to(9)},
		{name: "looking-back", run: contoso(), list: tenSteps(4, suspend), act: func(d *driver) {
			to(4)(d)
			d.press("esc", "esc")
		}},
		{name: "wide-names", run: &fakeRun{operator: longName, tenant: japanese}, list: tenSteps(4, steps.Finding{
			Status: steps.Ready,
			Text:   finding.Advise("In " + japanese + japanese + " one policy asks " + longName + " for a second factor."),
			Sections: []steps.Section{{Facts: []steps.Fact{
				{Label: "Account", Value: longName, Mark: steps.MarkOK},
				{Label: "Tenant", Value: japanese, Mark: steps.MarkNote, Note: "named " + japanese},
			}}},
			Fields: []steps.Field{{ID: "upn", Label: "User name", Kind: steps.TextField, Value: longName}},
			Changes: []steps.Change{
				{Op: steps.Modify, Object: "excluded users of " + japanese + japanese, From: "0", To: "1"},
				{Op: steps.Add, Object: "user " + longName, To: "enabled"},
				{Op: steps.Remove, Object: "role assignment \x1b[31mred\x1b[0m\u202eGlobal", From: longName, To: "none"},
			},
			Actions: []steps.Action{{ID: steps.ActApply, Label: "Apply 3 changes"}},
		}), act: func(d *driver) {
			to(4)(d)
			d.press("shift+tab")
		}},
	}
}

func refusing(list []*fakeStep, id string, err error) []*fakeStep {
	for _, s := range list {
		s.refuse = func(field, _ string) error {
			if field == id {
				return err
			}
			return nil
		}
	}
	return list
}

// work are screens of something under way or gone wrong.
func work() []scene {
	inspecting := tenSteps(1, suspend)
	inspecting[1].inspect = func(ctx context.Context, report func(steps.Event)) (steps.Finding, error) {
		for _, f := range checkFacts[:4] {
			report(steps.Event{Fact: &f})
		}
		report(steps.Event{Fact: &steps.Fact{Label: "Secure Score", Mark: steps.MarkPending}})
		report(steps.Event{Text: "reading eight Conditional Access policies"})
		return steps.Finding{}, hold(ctx)
	}
	unread := tenSteps(3, suspend)
	unread[3].inspect = func(context.Context, func(steps.Event)) (steps.Finding, error) { return steps.Finding{}, errRefused }
	broken := tenSteps(4, suspend)
	broken[4].apply = func(_ context.Context, report func(steps.Event)) error {
		report(steps.Event{Applied: &suspend.Changes[0]})
		return errRefused
	}
	reading := tenSteps(4, suspend)
	reading[4].apply = func(_ context.Context, report func(steps.Event)) error {
		for _, c := range suspend.Changes {
			report(steps.Event{Applied: &c})
		}
		reading[4].found = steps.Finding{
			Status: steps.Done, Text: finding.Advise("Nothing asks service.delegate365@contoso.com for a second factor."),
			Sections: stands,
			Actions:  []steps.Action{{ID: steps.ActNext, Label: "Continue"}},
		}
		return nil
	}
	return []scene{
		{name: "loading", run: contoso(), list: inspecting, act: func(d *driver) {
			to(1)(d)
			d.wait(3 * time.Second)
		}},
		{name: "inspect-failed", run: contoso(), list: unread, act: to(3)},
		{name: "applying", run: contoso(), list: applyThen(tenSteps(4, suspend), 4,
			steps.Event{Text: "excluding the account from CA01 Require MFA for all users"},
			steps.Event{Applied: &suspend.Changes[0]},
			steps.Event{Text: "excluding the account from Microsoft-managed: MFA for admins"},
			steps.Event{Wait: &steps.Wait{Text: "Microsoft asked us to wait", Until: time.Date(2000, 1, 1, 0, 0, 9, 0, time.UTC)}},
		), act: func(d *driver) {
			to(4)(d)
			d.press("enter")
			d.run.expose("service.delegate365@contoso.com", 30*time.Minute)
			d.wait(2 * time.Second)
		}},
		{name: "applying-code", run: &fakeRun{}, list: applyThen(tenSteps(0, steps.Finding{
			Status:  steps.Ready,
			Text:    finding.Advise("Sign in with your own administrator account."),
			Actions: []steps.Action{{ID: steps.ActApply, Label: "Sign in"}},
		}), 0, steps.Event{Task: &steps.Task{
			Part: "sign-in", Where: "In any browser, as yourself", URL: "https://microsoft.com/devicelogin", Code: "F7QK2LMNP",
			Watched: "Waiting for Microsoft to say that you have signed in",
		}}), act: func(d *driver) {
			d.press("enter")
			d.wait(75 * time.Second)
		}},
		{name: "applied", run: contoso(), list: reading, act: func(d *driver) {
			to(4)(d)
			d.press("enter")
		}},
		{name: "apply-failed", run: contoso(), list: broken, act: func(d *driver) {
			to(4)(d)
			d.press("enter")
		}},
		{name: "copied-blindly", opts: Options{Copy: blind}, run: contoso(), list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.press("c")
		}},
		{name: "copied-twofold", opts: Options{Copy: twofold}, run: contoso(), list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.press("c")
		}},
		{name: "no-clipboard", run: contoso(), list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.press("c")
		}},
		{name: "may-be-seen", run: contoso(), list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.press("c", "s")
		}},
		{name: "hidden-again", run: contoso(), list: tenSteps(5, setupTask), act: func(d *driver) {
			to(5)(d)
			d.press("c", "s", "tab", "enter", "esc")
		}},
		{
			name: "no-browser", run: &fakeRun{operator: "admin@contoso.com", tenant: "contoso.com", openErr: steps.ErrNoBrowser},
			list: tenSteps(5, setupTask), act: func(d *driver) {
				to(5)(d)
				d.press("o")
			},
		},
	}
}

// layers are screens that lie over a step.
func layers() []scene {
	exposed := func(after time.Duration, keys ...string) func(d *driver) {
		return func(d *driver) {
			to(4)(d)
			d.run.expose("service.delegate365@contoso.com", 30*time.Minute)
			d.wait(after)
			d.press(keys...)
		}
	}
	offline := &steps.Error{Op: "enable per-user MFA", Hint: "Check the network. It is tried again by itself.", Err: errors.New("dial tcp: no route to host")}
	down := func() *fakeRun {
		run := contoso()
		run.close = func(context.Context, func(steps.Event)) error { return offline }
		return run
	}
	busy := contoso()
	busy.close = func(ctx context.Context, report func(steps.Event)) error {
		report(steps.Event{Text: "taking the account out of the exclusions of CA01"})
		return hold(ctx)
	}
	calls := contoso()
	calls.exchanges = []graph.Exchange{
		{At: time.Date(2000, 1, 1, 9, 41, 7, 0, time.Local), Took: 120 * time.Millisecond, Method: "GET", Path: "/v1.0/me?$select=id,displayName", Status: 200, RequestID: "11111111-2222-3333-4444-555555555555", Attempt: 1},
		{At: time.Date(2000, 1, 1, 9, 41, 8, 0, time.Local), Took: 80 * time.Millisecond, Method: "PATCH", Path: "/v1.0/identity/conditionalAccess/policies/77777777-2222-3333-4444-555555555555", Status: 429, Code: "TooManyRequests", Message: "Too many requests", RequestID: "21111111-2222-3333-4444-555555555555", Attempt: 2},
		{At: time.Date(2000, 1, 1, 9, 41, 9, 0, time.Local), Took: 10 * time.Second, Method: "GET", Path: "/beta/users/abc/authentication/requirements", Err: "connection reset", ClientRequestID: "31111111-2222-3333-4444-555555555555", Attempt: 1},
	}
	portal := Options{Portal: "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/PerUserMfa"}
	return []scene{
		{name: "exposed", run: contoso(), list: tenSteps(4, suspend), act: exposed(42 * time.Second)},
		{name: "exposed-urgent", run: contoso(), list: tenSteps(4, suspend), act: exposed(24*time.Minute + 5*time.Second)},
		{name: "help", run: contoso(), list: tenSteps(4, suspend), act: func(d *driver) {
			to(4)(d)
			d.press("?")
		}},
		{name: "details", run: calls, list: tenSteps(4, suspend), act: func(d *driver) {
			to(4)(d)
			d.press("d")
		}},
		{name: "leaving", run: contoso(), list: tenSteps(4, suspend), act: func(d *driver) {
			to(4)(d)
			d.press("q")
		}},
		{name: "leaving-exposed", run: contoso(), list: tenSteps(4, suspend), act: exposed(4*time.Minute+10*time.Second, "ctrl+c")},
		{name: "closing", run: busy, list: tenSteps(4, suspend), act: exposed(time.Minute, "q", "enter")},
		{name: "closing-failed", opts: portal, run: down(), list: tenSteps(4, suspend), act: exposed(time.Minute, "q", "enter")},
		{name: "closing-failed-cap", opts: portal, run: down(), list: tenSteps(4, suspend), act: exposed(30*time.Minute + 2*time.Second)},
		{name: "capped", run: contoso(), list: tenSteps(4, suspend), act: exposed(30*time.Minute + 2*time.Second)},
		{name: "ascii", opts: Options{ASCII: true}, run: contoso(), list: tenSteps(4, suspend), act: to(4)},
	}
}
