package wizard

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// overAfter is a step that waits for a person, until over is set.
func overAfter(over *bool) []*fakeStep {
	list := tenSteps(0, setupTask)
	list[0].inspect = func(context.Context, func(steps.Event)) (steps.Finding, error) {
		if !*over {
			return setupTask, nil
		}
		return steps.Finding{Status: steps.Done, Text: finding.Advise("Over."), Sections: stands, Actions: []steps.Action{{ID: steps.ActNext, Label: "Continue"}}}, nil
	}
	return list
}

// When a wait is over while the terminal does not have the focus, the window's title says where to go on until it has.
func TestNoticeWhenAWaitIsOver(t *testing.T) {
	t.Parallel()
	const goOn = "Go on: Sign in"
	for name, c := range map[string]struct {
		options Options
		before  []tea.Msg
		want    string
	}{
		"away":         {Options{}, []tea.Msg{tea.BlurMsg{}}, goOn},
		"back again":   {Options{}, []tea.Msg{tea.BlurMsg{}, tea.FocusMsg{}}, product},
		"never said":   {Options{}, nil, product},
		"without bell": {Options{NoBell: true}, []tea.Msg{tea.BlurMsg{}}, product},
	} {
		t.Run(name, func(t *testing.T) {
			over := false
			drive(t, c.options, contoso(), overAfter(&over), func(d *driver) {
				for _, msg := range c.before {
					d.send(msg)
				}
				d.wait(6 * time.Second)
				if got := d.m.View().WindowTitle; got != product {
					t.Errorf("while it waits the title is %q", got)
				}
				if got := d.m.View().ReportFocus; got == c.options.NoBell {
					t.Errorf("the focus is asked for: %t", got)
				}
				over = true
				d.wait(6 * time.Second)
				if got := d.m.View().WindowTitle; got != c.want {
					t.Errorf("when it is over the title is %q, want %q", got, c.want)
				}
				d.send(tea.FocusMsg{})
				if got := d.m.View().WindowTitle; got != product {
					t.Errorf("with the focus the title is %q", got)
				}
			})
		})
	}
}

// The bell rings once for a wait that is over, and not for what goes on by the operator's own hand.
func TestBell(t *testing.T) {
	t.Parallel()
	over := false
	drive(t, Options{}, contoso(), overAfter(&over), func(d *driver) {
		rings := 0
		d.wait(10 * time.Second)
		d.send(tea.BlurMsg{})
		over = true
		d.m.current().Found.Status = steps.Done // as the next look finds it
		for range 3 {
			if cmd := d.m.notice.watch(d.m); cmd != nil {
				if raw, is := cmd().(tea.RawMsg); is && raw.Msg == bell {
					rings++
				}
			}
		}
		if rings != 1 {
			t.Errorf("it rang %d times", rings)
		}
	})
	drive(t, Options{}, contoso(), tenSteps(0, suspend), func(d *driver) {
		d.send(tea.BlurMsg{})
		d.press("enter")
		d.wait(6 * time.Second)
		if d.m.notice.title != "" {
			t.Errorf("the title is %q", d.m.notice.title)
		}
	})
}
