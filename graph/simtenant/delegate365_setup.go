package simtenant

import (
	"strconv"
	"strings"
	"time"
)

// setupSeconds is how long each phase of a setup takes, and the finish after them: together one to two minutes.
const (
	setupPhaseSeconds  = 30
	setupFinishSeconds = 15
)

// setupRefresh is how often the progress page renews itself: by the header rather than the page, which accessibility
// checkers refuse, and with a link beside it that does the same.
const setupRefresh = 2 * time.Second

// setupRun is one run of Delegate365's setup. Its account is signed in to the setup until it ends.
type setupRun struct {
	user   string
	upn    string
	phases int // done so far
	ended  bool
	err    error
}

func (r *setupRun) completed() bool { return r != nil && r.ended && r.err == nil }

type setupView struct {
	Done     bool
	UserName string
}

func (s *site) showSetup(v *visit) {
	if s.portal.run != nil && !s.portal.run.ended {
		v.redirect("/setup/progress")
		return
	}
	v.show("delegate365-setup", "Delegate365 setup", setupView{s.portal.administrator != "", v.form("user-name")})
}

// setupResources are the applications that the setup takes tokens for. Windows Azure Active Directory is the audience by
// which a sign-in for the scopes of the base alone is judged
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-enforcement-resource-exclusions).
var setupResources = []string{appGraph, appExchange, appAzureAD}

// setupSignIn signs in twice, with the password alone each time: from the vendor's server, which is somewhere else, says
// nothing of its platform and is no browser, and then from the browser that the setup is run in.
func (s *site) setupSignIn(upn, password string) (*user, *aadError) {
	server := signInAttempt{ClientApp: clientModern, Platform: platformUnknown, IP: "198.51.100.44", Country: "NL"}
	browser := signInAttempt{ClientApp: clientBrowser, Platform: s.t.opts.Platform}
	var u *user
	for _, from := range []signInAttempt{server, browser} {
		for _, app := range setupResources {
			from.UPN, from.Password, from.AppID, from.AppName = upn, password, app, appPortalSetup.Name
			var err *aadError
			if u, err = s.t.signIn(from); err != nil {
				return u, err
			}
		}
	}
	return u, nil
}

// runSetup: anything that demands more of the account than its password ends it.
func (s *site) runSetup(v *visit) {
	if s.portal.run != nil && !s.portal.run.ended {
		v.redirect("/setup/progress")
		return
	}
	if !s.portal.rightConfigurationPassword(v.form("configuration-password")) {
		v.problem = &problem{Summary: "The configuration password is not right. It is in the mail “Welcome to Delegate365”"}
		s.showSetup(v)
		return
	}
	u, err := s.setupSignIn(strings.TrimSpace(v.form("user-name")), v.form("password"))
	if err != nil {
		v.problem = entraProblem("Setup could not sign in as the service account", err)
		s.showSetup(v)
		return
	}
	facts, _ := s.t.facts(u.id)
	run := &setupRun{user: facts.ID, upn: facts.UPN}
	s.portal.run = run
	if s.t.opts.Pace <= 0 {
		for !run.ended {
			s.advanceSetup(run)
		}
	} else {
		s.scheduleSetup(run)
	}
	v.redirect("/setup/progress")
}

// scheduleSetup lets the run go on whether or not anybody looks at its page.
func (s *site) scheduleSetup(run *setupRun) {
	seconds := setupPhaseSeconds
	if run.phases == len(setupPhases) {
		seconds = setupFinishSeconds
	}
	time.AfterFunc(time.Duration(seconds)*s.t.opts.Pace, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if run.ended {
			return
		}
		s.advanceSetup(run)
		if !run.ended {
			s.scheduleSetup(run)
		}
	})
}

// advanceSetup does the next phase, or the finish.
func (s *site) advanceSetup(run *setupRun) {
	if run.phases == len(setupPhases) {
		run.ended = true
		s.portal.administrator = run.user
		return
	}
	if err := s.t.runDelegate365SetupPhase(run.user, run.phases); err != nil {
		run.ended, run.err = true, err
		return
	}
	run.phases++
}

// finishSetup spares a rehearsal the rest of the wait.
func (s *site) finishSetup(v *visit) {
	for run := s.portal.run; run != nil && !run.ended; {
		s.advanceSetup(run)
	}
	v.redirect("/setup/progress")
}

type progressView struct {
	Steps             []progressStep
	Completed, Failed bool
	Every             int // seconds
}

type progressStep struct {
	Text, Mark, State string
	Done              bool
}

// add appends a step. The first that is not done is the one that runs, or that failed.
func (p *progressView) add(text string, done bool) {
	step := progressStep{text, "·", "waiting", done}
	before := len(p.Steps) == 0 || p.Steps[len(p.Steps)-1].Done
	switch {
	case done:
		step.Mark, step.State = "✓", "done"
	case p.Failed && before:
		step.Mark, step.State = "✗", "failed"
	case p.Failed:
		step.State = "not done"
	case before:
		step.Mark, step.State = "▸", "running"
	}
	p.Steps = append(p.Steps, step)
}

func (s *site) showSetupProgress(v *visit) {
	run := s.portal.run
	if run == nil {
		v.redirect("/setup")
		return
	}
	data := progressView{Completed: run.completed(), Failed: run.err != nil, Every: int(setupRefresh.Seconds())}
	data.add("Sign in as "+run.upn, true)
	for i, phase := range setupPhases {
		data.add("Create the app "+phase.name+" and grant its permissions", run.phases > i)
	}
	data.add("Connect the portal", data.Completed)
	title := "Setup is running"
	switch {
	case data.Completed:
		title = "Setup completed"
	case data.Failed:
		title = "Setup failed"
		v.problem = &problem{Summary: "Delegate365 could not be connected with the tenant", Text: sentence(run.err)}
	default:
		v.w.Header().Set("Refresh", strconv.Itoa(data.Every))
	}
	v.show("delegate365-progress", title, data)
}

// sentence is an error as a page says it.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
