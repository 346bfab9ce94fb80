package steps_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// rehearsal is one run against a simulated tenant in this process, in virtual time when the test is in a bubble.
type rehearsal struct {
	t             *testing.T
	tenant        *simtest.Tenant
	run           *steps.Run
	person        *simtenant.Person
	mail          string // what the person pastes as the welcome mail
	mu            sync.Mutex
	events        []steps.Event
	keepsConsents bool     // of an offboarding: those that an earlier run added as well
	refused       bool     // the person is expected to be refused
	letIn         bool     // security defaults don't block the person's sign-in by a code: these tests can't use a browser
	leaves        steps.ID // a step of an offboarding that is left as it is
	planned       steps.ReportPlan
}

// setup changes what a rehearsal starts with.
type setup struct {
	profile string
	options func(*steps.Options)
	wrap    func(http.RoundTripper) http.RoundTripper
}

func rehearse(t *testing.T, s setup) *rehearsal {
	t.Helper()
	return rehearseOn(t, build(t, s), s)
}

func build(t *testing.T, s setup) *simtest.Tenant {
	t.Helper()
	if s.profile == "" {
		s.profile = "fresh"
	}
	tenant, err := simtest.New(simtenant.Options{Profile: s.profile})
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// rehearseOn starts a run on a tenant that exists, as a second start of the program would.
func rehearseOn(t *testing.T, tenant *simtest.Tenant, s setup) *rehearsal {
	t.Helper()
	ep := tenant.Endpoints()
	transport := tenant.Transport()
	if s.wrap != nil {
		transport = s.wrap(transport)
	}
	o := steps.Options{
		Cloud: graph.Cloud{
			Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Account: ep.Portal,
			SecurityInfo: ep.Portal + "/security-info", Delegate365: ep.Delegate365, Custom: true,
		},
		Tenant:     ep.TenantID,
		DeviceCode: true,
		Transport:  transport,
	}
	if s.options != nil {
		s.options(&o)
	}
	run, err := steps.NewRun(o)
	if err != nil {
		t.Fatal(err)
	}
	return &rehearsal{
		t: t, tenant: tenant, run: run, mail: string(tenant.WelcomeMail(ep.Delegate365)),
		person: tenant.NewPerson(&http.Client{Transport: tenant.Transport()}, ep),
	}
}

// report is called from any goroutine.
func (r *rehearsal) report(e steps.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func step(id steps.ID) steps.Step {
	all := steps.All()
	return all[slices.IndexFunc(all, func(s steps.Step) bool { return s.Info().ID == id })]
}

// inspect reads a step's finding and fails the test when it can't.
func (r *rehearsal) inspect(id steps.ID) steps.Finding {
	r.t.Helper()
	f, err := step(id).Inspect(r.t.Context(), r.run, r.report)
	if err != nil {
		r.t.Fatalf("inspect %s: %v", id, err)
	}
	if len(f.Actions) == 0 {
		r.t.Fatalf("%s leaves no way out: %+v", id, f)
	}
	return f
}

// answer gives an answer that has to be taken.
func (r *rehearsal) answer(id steps.ID, field, value string) {
	r.t.Helper()
	r.answerTo(step(id), field, value)
}

func (r *rehearsal) answerTo(s steps.Step, field, value string) {
	r.t.Helper()
	if err := s.Answer(r.run, field, typed(field, value)); err != nil {
		r.t.Fatalf("answer %s of %s: %v", field, s.Info().ID, err)
	}
}

// typed is what a front end makes of what is typed: only a masked field's is a secret.
func typed(field, value string) graph.Secret {
	if field == "app-password" || field == "configuration-password" {
		return graph.NewSecret(value)
	}
	return graph.NewText(value)
}

// apply runs a step's changes, with the person doing what it asks for meanwhile.
func (r *rehearsal) apply(ctx context.Context, id steps.ID) error {
	r.t.Helper()
	return r.applyOf(ctx, step(id))
}

func (r *rehearsal) applyOf(ctx context.Context, s steps.Step) error {
	r.t.Helper()
	played := make(chan error, 8)
	parts := 0
	err := s.Apply(ctx, r.run, func(e steps.Event) {
		r.report(e)
		if e.Task != nil {
			parts++
			task := *e.Task
			go func() { played <- r.asked(ctx, task) }()
		}
	})
	for range parts {
		if p := <-played; p != nil && err == nil && !r.refused {
			r.t.Fatalf("the person failed while %s was applied: %v", s.Info().ID, p)
		}
	}
	return err
}

// asked has the person do what a step asks for while it is applied.
func (r *rehearsal) asked(ctx context.Context, task steps.Task) error {
	if r.letIn && task.Part == steps.PartDeviceLogin && r.tenant.Snapshot().SecurityDefaults {
		r.tenant.SetSecurityDefaults(false)
		defer r.tenant.SetSecurityDefaults(true)
	}
	_, err := r.person.Play(ctx, task.Part, carried(task))
	return err
}

func carried(t steps.Task) map[string]string {
	with := map[string]string{"url": t.URL, "code": t.Code}
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			with[item.ID] = item.Copy.Reveal()
		}
	}
	return with
}

// pass brings one step to its end as an operator does who takes every primary action, and returns the last finding.
func (r *rehearsal) pass(id steps.ID) steps.Finding {
	r.t.Helper()
	played := ""
	for range 60 {
		f := r.inspect(id)
		primary := f.Actions[0]
		switch {
		case f.Status == steps.Blocked:
			r.t.Fatalf("%s is blocked: %s", id, finding.Read(f.Text))
		case primary.ID == steps.ActNext && f.Status != steps.Waiting:
			return f
		case f.Task != nil && f.Status == steps.Waiting && f.Task.Part != played:
			played = f.Task.Part
			if r.play(id, f) {
				played = ""
			}
		case primary.ID == steps.ActApply:
			if err := r.apply(r.t.Context(), id); err != nil {
				r.t.Fatalf("apply %s: %v", id, err)
			}
		case primary.ID == steps.ActRetry && f.Task == nil && len(f.Fields) == 1 && f.Fields[0].Value != "":
			r.answer(id, f.Fields[0].ID, f.Fields[0].Value)
		case primary.ID == steps.ActRetry || f.Poll > 0:
			time.Sleep(max(f.Poll, time.Second))
		default:
			r.answer(id, primary.ID, "")
		}
	}
	r.t.Fatalf("%s does not come to its end", id)
	return steps.Finding{}
}

// play plays the part that a finding waits for. It reports that the person chose an answer by what they saw.
func (r *rehearsal) play(id steps.ID, f steps.Finding) bool {
	r.t.Helper()
	if f.Task.Part == steps.PartWelcomeMail {
		r.answer(id, f.Fields[0].ID, r.mail)
		return false
	}
	out, err := r.person.Play(r.t.Context(), f.Task.Part, carried(*f.Task))
	if err != nil {
		r.t.Fatalf("play %s: %v", f.Task.Part, err)
	}
	out, _, _ = strings.Cut(out, "\n")
	for _, field := range f.Fields {
		if out != "" && takes(field, out) {
			r.answer(id, field.ID, out)
			return field.Kind == steps.ChoiceField
		}
	}
	if chosen(f, out) {
		r.answer(id, out, "")
		return true
	}
	return false
}

// mailed pastes the welcome mail where it is asked for, before the window is opened.
func (r *rehearsal) mailed() { r.answer(steps.AssignAdmin, "mail", r.mail) }

// takes reports a field for what a person brings back.
func takes(f steps.Field, out string) bool {
	return f.Kind == steps.SecretField || slices.ContainsFunc(f.Options, func(o steps.Option) bool { return o.ID == out })
}

// chosen reports that what a person brings back is the action that they would choose.
func chosen(f steps.Finding, out string) bool {
	return slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == out })
}

// passUntil brings every step up to, and not including, the named one to its end.
func (r *rehearsal) passUntil(id steps.ID) {
	r.t.Helper()
	for _, s := range steps.All() {
		if s.Info().ID == id {
			return
		}
		r.pass(s.Info().ID)
	}
}

// asOperator asks the tenant for something, or changes it, with a client that is none of the program's.
func (r *rehearsal) asOperator(method, path, body string) []byte {
	r.t.Helper()
	ep := r.tenant.Endpoints()
	token, err := r.tenant.AccessToken(ep.Operator.UserPrincipalName)
	if err != nil {
		r.t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(r.t.Context(), method, ep.Graph+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Transport: r.tenant.Transport()}).Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		r.t.Fatalf("%s %s: %s", method, path, answer.Status)
	}
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

// recorder keeps every request and its answer.
type recorder struct {
	mu        sync.Mutex
	calls     []string
	throttled []int     // calls that Graph did not begin, by their number
	at        time.Time // of the last one
}

func (c *recorder) last() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *recorder) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) { return c.through(next, q) })
}

func (c *recorder) through(next http.RoundTripper, q *http.Request) (*http.Response, error) {
	c.mu.Lock()
	number := len(c.calls)
	c.calls, c.at = append(c.calls, q.Method+" "+q.URL.Path), time.Now()
	c.mu.Unlock()
	a, err := next.RoundTrip(q)
	if err == nil && a.StatusCode == http.StatusTooManyRequests {
		c.mu.Lock()
		c.throttled = append(c.throttled, number)
		c.mu.Unlock()
	}
	return a, err
}

// writes are the calls to Graph that change something. One that was throttled changed nothing, and is sent again.
func (c *recorder) writes() (out []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for number, call := range c.calls {
		read := strings.HasPrefix(call, "GET ") || strings.HasSuffix(call, "/evaluate") || strings.Contains(call, "/oauth2/") || strings.Contains(call, "/$batch")
		if !read && !slices.Contains(c.throttled, number) {
			out = append(out, call)
		}
	}
	return out
}

// hintOf is what an error tells the operator to do.
func hintOf(err error) string {
	if e, ok := errors.AsType[*steps.Error](err); ok {
		return e.Hint
	}
	return ""
}
