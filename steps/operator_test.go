package steps_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// operator walks an onboarding as pass does, and tells what stopped it instead of ending the test: an operator who takes
// every primary action, and who leaves when something fails more often than they have patience for.
type operator struct {
	*rehearsal
	patience int  // how often they try again
	lag      bool // pages may lag as well: the person waits a minute and tries again
	believed func(steps.ID)
	moved    bool // went back to another step
	at       int
	polls    int  // looked again while nothing came of it
	steps    int  // taken, those taken again included
	demanded bool // the sign-in of the setup had the person register a second factor, because MFA was not off everywhere yet
}

// stop is where an onboarding stopped, and what the operator was told.
type stop struct {
	step       steps.ID
	what, next string
	err        error // nil when a finding said it
}

func (s *stop) String() string {
	if s == nil {
		return "finished"
	}
	return fmt.Sprintf("%s: %s %s (%v)", s.step, s.what, s.next, s.err)
}

// walk takes every step to its end. Nil means that the last one is done.
func (o *operator) walk() *stop {
	all := steps.All()
	for o.at < len(all) {
		here := all[o.at]
		o.moved = false
		if s := o.through(here); s != nil {
			return s
		}
		if o.moved {
			continue
		}
		if o.believed != nil {
			o.believed(here.Info().ID)
		}
		o.at++
	}
	return nil
}

// through brings one step to its end, or goes to another one.
func (o *operator) through(s steps.Step) *stop {
	id := s.Info().ID
	played, last := "", steps.Finding{}
	if o.steps++; o.steps > 60 {
		return &stop{step: id, err: errEndless}
	}
	for range 120 {
		f, err := s.Inspect(o.t.Context(), o.run, o.report)
		if err != nil {
			if stop := o.again(id, err); stop != nil || o.moved {
				return stop
			}
			continue
		}
		if len(f.Actions) == 0 {
			return &stop{step: id, what: "no way out"}
		}
		last = f
		over, stop := o.take(s, f, &played)
		if over || stop != nil {
			return stop
		}
	}
	return &stop{step: id, err: fmt.Errorf("%w: %+v", errEndless, last)}
}

var errEndless = errors.New("it does not come to its end")

func stopped(id steps.ID, err error) *stop {
	p := steps.Explain(err)
	return &stop{id, p.What, p.Next, err}
}

// take does what a finding asks for first.
func (o *operator) take(s steps.Step, f steps.Finding, played *string) (over bool, _ *stop) {
	id, primary := s.Info().ID, f.Actions[0]
	target, goes := strings.CutPrefix(primary.ID, steps.ActGo)
	switch {
	case f.Status == steps.Blocked && slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "role-lasts" }): // who knows, says so
		o.answer(id, "role-lasts", "")
		return false, nil
	case f.Status == steps.Blocked && (o.patience <= 0 || !goes && !canReread(f)):
		return false, &stop{step: id, what: finding.Read(f.Text), next: primary.Label}
	case f.Status == steps.Blocked && !goes && id == steps.Check:
		o.patience--
		time.Sleep(time.Second)
		return false, o.say(s, "reread", "")
	case goes:
		o.patience--
		to, _, _ := strings.Cut(target, "/")
		o.goTo(steps.ID(to))
		return true, nil
	case primary.ID == steps.ActNext && f.Status != steps.Waiting:
		return true, nil
	case f.Task != nil && f.Status == steps.Waiting && f.Task.Part != *played:
		*played = f.Task.Part
		stop := o.act(s, f, played)
		if stop == nil || !errors.Is(stop.err, errPerson) || !o.lag {
			return false, stop
		}
		if strings.Contains(stop.err.Error(), "AADSTS5007") { // the screen has this choice: setup asked for MFA
			o.goTo(steps.SuspendMFA)
			return true, nil
		}
		*played = ""
		time.Sleep(time.Minute) // as the help says
		return false, nil
	case primary.ID == steps.ActApply:
		if err := o.try(s); err != nil {
			stop := o.again(id, err)
			return o.moved, stop
		}
	case f.Poll > 0 && primary.ID != steps.ActRetry && o.polls >= 5: // nothing notices it: they give their word
		o.polls = 0
		return false, o.say(s, primary.ID, "")
	case primary.ID == steps.ActRetry || f.Poll > 0:
		o.polls++
		if f.Status == steps.Blocked {
			o.patience--
		}
		time.Sleep(max(f.Poll, time.Second))
	default:
		return false, o.say(s, primary.ID, "")
	}
	return false, nil
}

// again is what they do about an error: try again, or sign in again where that is what it takes.
func (o *operator) again(id steps.ID, err error) *stop {
	if o.patience--; o.patience < 0 {
		return stopped(id, err)
	}
	if errors.Is(err, graph.ErrUnauthorized) && id != steps.SignIn {
		o.goTo(steps.SignIn)
	}
	time.Sleep(time.Second)
	return nil
}

func (o *operator) goTo(id steps.ID) {
	for i, s := range steps.All() {
		if s.Info().ID == id {
			o.at, o.moved = i, true
		}
	}
}

// canReread reports a way to look again at what is in the way.
func canReread(f steps.Finding) bool {
	return slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == steps.ActRetry || a.ID == "reread" || a.ID == "plan" })
}

func (o *operator) say(s steps.Step, field, value string) *stop {
	if err := s.Answer(o.run, field, typed(field, value)); err != nil {
		return stopped(s.Info().ID, err)
	}
	return nil
}

// try applies a step, with the person doing what it asks for meanwhile.
func (o *operator) try(s steps.Step) error {
	report, wait := o.accompany()
	err := s.Apply(o.t.Context(), o.run, report)
	return errors.Join(err, wait(err))
}

// accompany is a report for something that may ask for a person, and what waits for that person and tells what went wrong
// in their part, where nothing else did.
func (o *operator) accompany() (func(steps.Event), func(error) error) {
	played := make(chan error, 16)
	parts := 0
	return func(e steps.Event) {
			o.report(e)
			if e.Task != nil {
				parts++
				task := *e.Task
				go func() {
					_, err := o.person.Play(context.WithoutCancel(o.t.Context()), task.Part, carried(task))
					played <- err
				}()
			}
		}, func(err error) error {
			var failed error
			for range parts {
				failed = errors.Join(failed, <-played)
			}
			if err != nil {
				return nil
			}
			return failed
		}
}

// act plays the part that a finding waits for, and brings back what came of it.
func (o *operator) act(s steps.Step, f steps.Finding, played *string) *stop {
	id := s.Info().ID
	if f.Task.Part == steps.PartWelcomeMail {
		return o.say(s, f.Fields[0].ID, o.mail)
	}
	factors := o.factors()
	out, err := o.person.Play(o.t.Context(), f.Task.Part, carried(*f.Task))
	if f.Task.Part == steps.PartSetup && o.factors() > factors {
		o.demanded = true
	}
	if err != nil {
		return &stop{step: id, what: "The person failed.", err: fmt.Errorf("%w: %w", errPerson, err)}
	}
	out, _, _ = strings.Cut(out, "\n")
	for _, field := range f.Fields {
		if out != "" && takes(field, out) {
			if field.Kind == steps.ChoiceField {
				*played = "" // the same part may be asked for again
			}
			return o.say(s, field.ID, out)
		}
	}
	if chosen(f, out) {
		*played = "" // the same part may be asked for again
		return o.say(s, out, "")
	}
	return nil
}

// factors is how many second factors the accounts of the tenant have.
func (o *operator) factors() (n int) {
	for _, user := range o.tenant.Snapshot().Users {
		n += len(user.Methods)
	}
	return n
}

var errPerson = errors.New("the page did not do what it should")

// leave puts MFA back as the leaving screen does, and closes the journal. The guard is gone after it.
func (o *operator) leave(w *sentry) error {
	var err error
	for range 60 {
		report, wait := o.accompany()
		err = o.run.CloseExposure(o.t.Context(), report)
		_ = wait(err)
		if err == nil && o.open() {
			err = errors.New("it is called closed, and is open")
		}
		if err == nil {
			break
		}
		time.Sleep(5 * time.Second)
	}
	o.run.Close()
	w.end()
	return err
}

// believe holds a step that calls itself done against the tenant.
func believe(s simtest.Snapshot, id steps.ID) error {
	account, exists := s.Users[serviceAccount]
	is := func(ok bool, what string) error {
		if ok {
			return nil
		}
		return fmt.Errorf("%s is called done, but %s: %+v", id, what, account)
	}
	switch id {
	case steps.CreateAccount:
		return is(exists && account.Enabled && !account.MustChange && account.PasswordRules != "", "the account is not fit")
	case steps.AssignAdmin:
		return is(strings.Join(account.Roles, ", ") == "Global Administrator", "that is not its role")
	case steps.SuspendMFA:
		return is(account.PerUserMFA == "disabled" || delegate365(s) == 2, "per-user MFA is on")
	case steps.RunSetup:
		return is(delegate365(s) == 2, fmt.Sprintf("the tenant has %v", s.Applications))
	case steps.ReenableMFA:
		return is(account.PerUserMFA != "disabled" && exclusions(s) == 0, fmt.Sprintf("%d exclusions are left", exclusions(s)))
	case steps.EnableAppPasswords:
		return is(s.AppPasswords, "they are not allowed")
	case steps.CaptureAppPassword, steps.HandOver:
		return is(account.PerUserMFA == "enforced" && len(account.Methods) > 0 && account.AppPasswords > 0, "there is no app password")
	}
	return nil
}

// exclusions counts the policies that exclude the service account itself.
func exclusions(s simtest.Snapshot) (n int) {
	for _, p := range s.Policies {
		if slices.Contains(p.Users.ExcludeUsers, s.Users[serviceAccount].ID) {
			n++
		}
	}
	return n
}

// delegate365 counts the apps that setup made.
func delegate365(s simtest.Snapshot) (n int) {
	for _, name := range s.Applications {
		if strings.HasPrefix(name, "Delegate365") {
			n++
		}
	}
	return n
}
