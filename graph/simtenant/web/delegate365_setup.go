package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// How long each phase of a setup takes in seconds, and the finish after them: together one to two minutes.
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

func (p *portal) showSetup(v *visit) {
	if p.run != nil && !p.run.ended {
		v.redirect("/setup/progress")
		return
	}
	v.show("delegate365-setup", "Delegate365 setup", pageOf(v).setup(setupView{p.administrator != "", v.form("user-name")}))
}

// setupResources are the applications that the setup takes tokens for. Windows Azure Active Directory is the audience by
// which a sign-in for the scopes of the base alone is judged
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-enforcement-resource-exclusions).
var setupResources = []string{state.AppGraph, state.AppExchange, state.AppAzureAD}

// setupSignIn signs in twice, with the password alone each time: from the vendor's server, which is somewhere else, says
// nothing of its platform and is no browser, and then from the browser that the setup is run in.
func (p *portal) setupSignIn(upn, password string) (*state.User, *entra.Error) {
	server := state.SignInAttempt{ClientApp: state.ClientModern, Platform: state.PlatformUnknown, IP: "198.51.100.44", Country: "NL"}
	browser := state.SignInAttempt{ClientApp: state.ClientBrowser, Platform: p.s.Platform}
	var u *state.User
	for _, from := range []state.SignInAttempt{server, browser} {
		for _, app := range setupResources {
			from.UPN, from.Password, from.AppID, from.AppName = upn, password, app, AppPortalSetup.Name
			var err *entra.Error
			if u, err = p.s.entra.SignIn.SignIn(from); err != nil {
				return u, err
			}
		}
	}
	return u, nil
}

// runSetup: anything that demands more of the account than its password ends it.
func (p *portal) runSetup(v *visit) {
	if p.run != nil && !p.run.ended {
		v.redirect("/setup/progress")
		return
	}
	if !p.rightConfigurationPassword(v.form("configuration-password")) {
		v.problem = &problem{Summary: "The configuration password is not right. It is in the mail “Welcome to Delegate365”"}
		p.showSetup(v)
		return
	}
	u, err := p.setupSignIn(strings.TrimSpace(v.form("user-name")), v.form("password"))
	if err != nil {
		v.problem = entraProblem("Setup could not sign in as the service account", err)
		p.showSetup(v)
		return
	}
	facts, _ := p.s.facts(u.ID)
	run := &setupRun{user: facts.ID, upn: facts.UPN}
	p.run = run
	if p.s.Pace <= 0 {
		for !run.ended {
			p.advanceSetup(run)
		}
	} else {
		p.scheduleSetup(run)
	}
	v.redirect("/setup/progress")
}

// scheduleSetup lets the run go on whether or not anybody looks at its page.
func (p *portal) scheduleSetup(run *setupRun) {
	seconds := setupPhaseSeconds
	if run.phases == len(SetupPhases) {
		seconds = setupFinishSeconds
	}
	time.AfterFunc(time.Duration(seconds)*p.s.Pace, func() {
		p.s.mu.Lock()
		defer p.s.mu.Unlock()
		if run.ended {
			return
		}
		p.advanceSetup(run)
		if !run.ended {
			p.scheduleSetup(run)
		}
	})
}

// advanceSetup does the next phase, or the finish.
func (p *portal) advanceSetup(run *setupRun) {
	if run.phases == len(SetupPhases) {
		run.ended = true
		p.administrator = run.user
		return
	}
	if err := p.s.RunSetupPhase(run.user, run.phases); err != nil {
		run.ended, run.err = true, err
		return
	}
	run.phases++
}

// finishSetup spares a rehearsal the rest of the wait.
func (p *portal) finishSetup(v *visit) {
	for run := p.run; run != nil && !run.ended; {
		p.advanceSetup(run)
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

func (p *portal) showSetupProgress(v *visit) {
	run := p.run
	if run == nil {
		v.redirect("/setup")
		return
	}
	data := progressView{Completed: run.completed(), Failed: run.err != nil, Every: int(setupRefresh.Seconds())}
	data.add("Sign in as "+run.upn, true)
	for i, phase := range SetupPhases {
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
	v.show("delegate365-progress", title, pageOf(v).progress(data))
}

// sentence is an error as a page says it.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
