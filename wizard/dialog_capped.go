package wizard

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// cappedDialog explains why the program closed the exposure window by itself.
type cappedDialog struct {
	position
	open steps.Exposure // as it was
}

const actResume = "wizard:resume"

func (*cappedDialog) title(*Model) (string, steps.Actor) { return phrase.T("MFA is back"), steps.You }

func (d *cappedDialog) body(p *page) {
	p.marked(p.m.look.glyphs.Done, p.m.look.palette.Good, phrase.T("MFA is back for %s.", d.open.Account))
	why := phrase.T("The exposure window had been open for its limit of %s", phrase.Count(int(d.open.Cap/time.Minute), "minute", "minutes"))
	if d.open.NoGuard != "" {
		why = phrase.T("Nobody else could have closed the exposure window if this program had ended, for %s", d.open.NoGuard)
	}
	p.paragraph(phrase.T("%s. So this program closed it by itself and read back that it is closed.", strings.TrimSuffix(why, ".")))
	p.paragraph(phrase.T("Nothing else was undone. Continue shows where the onboarding stands now."))
}

func (*cappedDialog) actions(*Model) []steps.Action {
	return []steps.Action{{ID: actResume, Label: phrase.T("Continue")}}
}

func (*cappedDialog) esc(*Model) steps.Action {
	return steps.Action{ID: actResume, Label: phrase.T("continue")}
}

func (*cappedDialog) act(m *Model, _ string) tea.Cmd {
	m.over.ask(nil)
	return m.flow.carryOut(m, m.flow.walk.Reopen())
}

func (*cappedDialog) traits(*Model) traits { return traits{goesOn: true} }
