package wizard

import (
	"cmp"
	"context"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Rules of this file: whatever a frame claims is held against the simulated tenant itself, and never against what the client was
// answered. Whatever the operator said is held against what was handed to the steps, and what was written against what arrived.

// outside is a tenant, looked at from outside, and what was sent to it and answered to the steps.
type outside struct {
	t       *testing.T
	tenant  *simtest.Tenant
	before  simtest.Snapshot
	earlier string        // the step at which an earlier run was left; empty where there was none
	named   string        // the service account, where another is chosen than is suggested
	one     chan struct{} // one at a time writes, or speaks
	writes  []write
	lags    bool
	failed  atomic.Int64 // requests that were not answered well
	said    []string

	claims int
	wrong  []string // by what was claimed
	until  string   // what is wrong is only noted, and once this is among it, that is enough
}

// write is a request to Graph that may have changed something.
type write struct {
	method, path string
	changed      bool
	at           time.Time
}

// account is the service account's user name: of the one that carries its display name, or as it is suggested.
func (o *outside) account() string {
	for upn, u := range o.tenant.Snapshot().Users {
		if u.DisplayName == "Delegate365 Service" {
			return upn
		}
	}
	return cmp.Or(o.named, "service.delegate365@contoso.com")
}

// whole is everything that this program may change, as it stands.
type whole struct {
	simtest.Snapshot
	service  state.MFAServicePolicy
	requests int // to Privileged Identity Management
	password string
	enabled  bool
}

func (o *outside) whole() whole {
	w, upn := whole{Snapshot: o.tenant.Snapshot()}, o.account()
	o.tenant.State.Lock()
	defer o.tenant.State.Unlock()
	w.service, w.requests = o.tenant.State.MFA.Service.Latest(), len(o.tenant.State.Directory.Schedules.Requests)
	if u := o.tenant.State.Directory.UserByUPNLocked(upn); u != nil {
		w.password, w.enabled = u.Credentials.Password, u.AccountEnabled
	}
	return w
}

// transport is the way to the tenant, which notes what changes something there.
func (o *outside) transport(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		reads := q.Method == http.MethodGet || strings.Contains(q.URL.Path, "/oauth2/") || strings.HasSuffix(q.URL.Path, "/evaluate") || strings.HasSuffix(q.URL.Path, "$batch")
		if !reads {
			o.one <- struct{}{}
			defer func() { <-o.one }()
		}
		before := whole{}
		if !reads {
			before = o.whole()
		}
		answer, err := next.RoundTrip(q)
		switch {
		case !reads:
			o.writes = append(o.writes, write{q.Method, q.URL.Path, !reflect.DeepEqual(before, o.whole()), time.Now()})
		case q.Method == http.MethodGet && (err != nil || answer.StatusCode >= http.StatusBadRequest && answer.StatusCode != http.StatusNotFound):
			o.failed.Add(1)
		}
		return answer, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

// written is how many writes changed something.
func (o *outside) written() (n int) {
	for _, w := range o.writes {
		if w.changed {
			n++
		}
	}
	return n
}

// settling reports that a change may not have reached each of the tenant's replicas: what it demands is not one thing then.
func (o *outside) settling() bool {
	return o.lags && len(o.writes) > 0 && time.Since(o.writes[len(o.writes)-1].at) < replicasTake
}

// replicasTake is the longest that the weather lets a replica lag.
const replicasTake = time.Minute

// overheard is a step whose answers are noted.
type overheard struct {
	steps.Step
	o *outside
}

func (s overheard) Answer(r *steps.Run, id string, value graph.Secret) error {
	text := value.Reveal()
	err := s.Step.Answer(r, id, value)
	if err == nil {
		s.o.hear(id, id+"="+text)
	}
	return err
}

func (s overheard) Apply(ctx context.Context, r *steps.Run, report func(steps.Event)) error {
	s.o.hear("apply " + string(s.Info().ID))
	return s.Step.Apply(ctx, r, report)
}

// hear notes what the steps are told.
func (o *outside) hear(words ...string) {
	o.one <- struct{}{}
	defer func() { <-o.one }()
	o.said = append(o.said, words...)
}

// answered reports that the steps were told one of these.
func (o *outside) answered(ids ...string) bool {
	o.one <- struct{}{}
	defer func() { <-o.one }()
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(o.said, id) })
}

// demanded reports whether the tenant demands another factor of an account at a sign-in of Delegate365's setup, from its server or
// from a browser.
func (o *outside) demanded(upn string) bool {
	some, _ := o.demands(upn)
	return some
}

// everywhere reports whether it demands one at each of them, and from other clients and systems too.
func (o *outside) everywhere(upn string) bool {
	_, all := o.demands(upn)
	return all
}

func (o *outside) demands(upn string) (some, all bool) {
	s := o.tenant.State
	s.Lock()
	defer s.Unlock()
	u := s.Directory.UserByUPNLocked(upn)
	if u == nil {
		return false, false
	}
	if u.Factors.PerUserMFA != state.MFADisabled || s.Policies.SecurityDefaults.Latest() {
		return true, true
	}
	setups := []state.SignInAttempt{
		{AppID: state.AppGraph, ClientApp: state.ClientModern, Platform: state.PlatformUnknown, IP: "198.51.100.44", Country: "NL"},
		{AppID: state.AppGraph, ClientApp: state.ClientBrowser},
	}
	all = true
	for i, from := range append(setups, state.SignInAttempt{AppID: state.AppGraph, ClientApp: state.ClientModern, Platform: "iOS"}, state.SignInAttempt{AppID: state.AppGraph, ClientApp: state.ClientModern}) {
		asks, lets := false, true
		for _, p := range s.Policies.ConditionalAccess.Latest() {
			if p.State == "enabled" && s.Policies.PolicyAppliesLocked(p, u, entra.SignInFacts(from)) && len(entra.DemandsOf(p)) > 0 {
				asks = true
				lets = lets && slices.Contains(p.GrantControls.BuiltInControls, "block") // that is no factor
			}
		}
		some, all = some || asks && i < len(setups), all && !lets
	}
	return some, all
}

func (o *outside) administrator(upn string) bool {
	return slices.Contains(o.tenant.Snapshot().Users[upn].Roles, "Global Administrator")
}

// apps counts Delegate365's apps.
func (o *outside) apps() (n int) {
	for _, name := range o.tenant.Snapshot().Applications {
		if strings.HasPrefix(name, "Delegate365") {
			n++
		}
	}
	return n
}

// excluded are the policies that exclude an account.
func (o *outside) excluded(upn string) (names []string) {
	s := o.tenant.Snapshot()
	for name, p := range s.Policies {
		if slices.Contains(p.Users.ExcludeUsers, s.Users[upn].ID) {
			names = append(names, name)
		}
	}
	return names
}

// truthWalk is one walk whose every screen is held against the tenant.
type truthWalk struct {
	profile string
	weather string
	seed    int64
	cap     time.Duration
	account string                // the service account, where another is chosen than is suggested
	answers map[steps.ID][]string // field=value, before the walk begins
	fate    func(o *outside, d *driver, name string)
	earlier bool                              // a run that only made the account was left before
	lies    map[steps.ID]func(*steps.Finding) // changed before they are shown
	run     *lyingRun                         // nil is the run itself
}

// runBefore is a run that makes the account, and is left then.
func (o *outside) runBefore(options steps.Options) {
	o.t.Helper()
	run, err := steps.NewRun(options)
	if err != nil {
		o.t.Fatal(err)
	}
	defer run.Close()
	person := func(e steps.Event) {
		if e.Task != nil {
			_, _ = options.Person.Play(o.t.Context(), e.Task.Part, map[string]string{"code": e.Task.Code})
		}
	}
	for _, s := range steps.All()[:3] {
		for range 2 {
			if _, err := s.Inspect(o.t.Context(), run, person); err != nil {
				o.t.Fatal(err)
			}
			if s.Info().ID == steps.Check {
				_ = s.Answer(run, "plan", graph.Secret{})
			}
		}
		if err := s.Apply(o.t.Context(), run, person); err != nil {
			o.t.Fatal(err)
		}
	}
	o.earlier, o.before, o.writes = string(steps.CreateAccount), o.tenant.Snapshot(), nil
}

// begin opens the wizard on a tenant that is watched from outside.
func (w truthWalk) begin(t *testing.T, use func(d *driver, o *outside)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		weather, err := fault.Parse(w.weather, w.seed)
		if err != nil {
			t.Fatal(err)
		}
		tenant, err := simtest.New(simtenant.Options{Profile: w.profile, Weather: weather})
		if err != nil {
			t.Fatal(err)
		}
		ep := tenant.Endpoints()
		person := rehearser{tenant.NewPerson(&http.Client{Transport: tenant.Transport()}, ep), string(tenant.WelcomeMail(ep.Delegate365))}
		o := &outside{t: t, named: w.account, lags: strings.Contains(w.weather, string(fault.Lag)), tenant: tenant, before: tenant.Snapshot(), one: make(chan struct{}, 1)}
		options := steps.Options{
			Cloud: graph.Cloud{
				Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Account: ep.Portal,
				SecurityInfo: ep.Portal + "/security-info", Delegate365: ep.Delegate365, Custom: true,
			},
			Tenant: ep.TenantID, DeviceCode: true, Transport: o.transport(tenant.Transport()), Cap: w.cap, Account: w.account, Person: letIn{person, tenant}, Journal: filepath.Join(t.TempDir(), "journal"),
		}
		if w.earlier {
			o.runBefore(options)
		}
		run, err := steps.NewRun(options)
		if err != nil {
			t.Fatal(err)
		}
		var list []steps.Step
		for _, s := range steps.All() {
			for _, answer := range w.answers[s.Info().ID] {
				field, value, _ := strings.Cut(answer, "=")
				if err := s.Answer(run, field, graph.NewText(value)); err != nil {
					t.Fatal(err)
				}
				o.said = append(o.said, field, answer)
			}
			if lie := w.lies[s.Info().ID]; lie != nil {
				s = lying{s, lie}
			}
			list = append(list, overheard{s, o})
		}
		var told onboarding = run
		if w.run != nil {
			told = lyingRun{run, w.run.lie, w.run.n}
		}
		m := newModel(Options{Run: run, Steps: list}, told)
		d := &driver{t: t, m: m, msgs: make(chan tea.Msg), done: make(chan struct{})}
		defer func() {
			m.jobs.life.stop()
			close(d.done)
			synctest.Wait()
			run.Close()
		}()
		d.start(m.Init())
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		use(d, o)
	})
}

// letIn is a person whose sign-in by a code security defaults don't block: these tests can't use a browser.
type letIn struct {
	rehearser
	tenant *simtest.Tenant
}

func (p letIn) Play(ctx context.Context, part string, with map[string]string) (string, error) {
	if part == steps.PartDeviceLogin && p.tenant.Snapshot().SecurityDefaults {
		p.tenant.SetSecurityDefaults(false)
		defer p.tenant.SetSecurityDefaults(true)
	}
	return p.rehearser.Play(ctx, part, with)
}

// stroll walks on as an operator does who presses Enter and plays each part, and looks at every screen: at each new one also back,
// and at the question whether to leave.
func (w truthWalk) stroll(d *driver, o *outside) {
	before, idle := "", 0
	for seen := map[string]bool{}; !d.quit && !o.enough() && idle < 60; {
		d.wait(2 * time.Second)
		o.look(d)
		what := d.place()
		if what == before {
			idle++
		} else {
			before, idle = what, 0
		}
		if !seen[what] {
			seen[what] = true
			if w.fate != nil {
				w.fate(o, d, what)
			}
			o.backAndForth(d)
		}
		f := d.m.current().Found
		switch state := d.m.flow.walk.State; {
		case d.m.over.question != nil:
			d.press("enter")
		case state == walker.Found && f != nil && f.Status == steps.Blocked && w.stopsAt(f):
			return
		case state == walker.Found && f != nil && strings.Contains(f.Actions[0].Label, "in the browser"): // no socket stands in virtual time
			return
		case d.m.rehearsal.playable(d.m) && !strings.Contains(d.m.note, "part was played"):
			if d.m.focus().typing() {
				d.press("shift+tab")
			}
			d.press("p")
		case state == walker.Found && f != nil && slices.ContainsFunc(f.Fields, func(f steps.Field) bool { return f.ID == "tenant-name" }):
			if !slices.ContainsFunc(d.m.current().form.entries, func(e *entry) bool { return e.text() == "contoso.com" }) {
				d.write("contoso.com")
			}
			d.press("enter")
		case state == walker.Found, state == walker.Failed:
			d.press("enter")
		}
	}
}

// enough reports that a walk for the sake of one claim has seen it noticed.
func (o *outside) enough() bool { return o.until != "" && slices.Contains(o.wrong, o.until) }

// leave asks to leave, and leaves, wherever the walk stands; what stays on the terminal is held then.
func (o *outside) leave(d *driver) {
	for range 40 {
		if d.quit {
			break
		}
		if d.m.over.question == nil {
			d.press("ctrl+c")
		} else if len(d.m.focus().actions()) > 0 {
			d.press("enter")
		}
		d.wait(3 * time.Second)
		o.look(d)
	}
	o.remains(d)
}

// stopsAt reports a block that Enter does not lead out of.
func (truthWalk) stopsAt(f *steps.Finding) bool {
	return !strings.HasPrefix(f.Actions[0].ID, steps.ActGo)
}

// backAndForth goes back two steps and on again, asks to leave and stays, and looks each time.
func (o *outside) backAndForth(d *driver) {
	m := d.m
	if m.flow.walk.State != walker.Found || m.over.question != nil || d.quit {
		return
	}
	d.press("ctrl+c")
	o.look(d)
	d.press("esc")
	d.wait(time.Second)
	for range min(2, m.flow.walk.Viewing()) {
		d.press("esc")
		d.wait(3 * time.Second)
		o.look(d)
	}
	for range 10 {
		if !m.flow.walk.LookingBack() || d.quit {
			return
		}
		if m.flow.walk.State == walker.Found && m.over.question == nil {
			m.focus().on(len(m.focus().entries())) // the first action: on
			d.press("enter")
		}
		d.wait(3 * time.Second)
		o.look(d)
	}
}
