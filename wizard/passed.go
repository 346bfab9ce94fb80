package wizard

import (
	"cmp"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// What was changed and read back stands at the top of the next screen. Where that leaves no room for what is to be read there,
// or where many steps were left, a line says it: the steps themselves are one Esc away.

// telling is how much is told of the steps that were left by themselves.
type telling int

const (
	wholly telling = iota
	shortly
	hardly // only of those that changed something
)

// mostPassed is how many steps are told one by one that changed nothing.
const mostPassed = 2

// passed adds the steps that were left by themselves: of each the changes that were read back, or else what it found.
func (p *page) passed(stops []*walker.Stop, how telling) {
	if found := p.m.current().Found; how == hardly && p.m.flow.walk.AtLast() && found != nil && found.Status != steps.Waiting {
		return // the last screen has all of it
	}
	var quiet []*walker.Stop
	for _, stop := range stops {
		switch {
		case len(stop.Applied) > 0 && how == wholly:
			p.made(stop.Applied)
			if brief := stop.Found.Brief.String(); brief != "" {
				p.told(stop.Found.Status, brief)
			}
		case len(stop.Applied) > 0:
			p.told(stop.Found.Status, p.inOneLine(stop, nothingToDo(stops, how)))
		default:
			quiet = append(quiet, stop)
		}
	}
	if how == hardly && !p.m.flow.walk.AtLast() {
		return
	}
	if how == wholly && len(quiet) <= mostPassed {
		for _, stop := range quiet {
			p.told(stop.Found.Status, cmp.Or(stop.Found.Gist().String(), stop.Info.Title))
		}
		return
	}
	for _, status := range []steps.Status{steps.Done, steps.NotNeeded} {
		var titles, said []string
		for _, stop := range quiet {
			stands := stop.Found.Status
			if stop.Unneeded {
				stands = steps.NotNeeded
			}
			switch brief := stop.Found.Brief.String(); {
			case stands != status:
			case brief != "":
				said = append(said, stop.Info.Title+": "+strings.TrimSuffix(brief, "."))
			default:
				titles = append(titles, stop.Info.Title)
			}
		}
		if len(titles) > 0 {
			said = append(said, phrase.JoinAnd(titles)+": "+statusWord(status))
		}
		if len(said) > 0 {
			p.told(status, strings.Join(said, "; "))
		}
	}
}

// inOneLine says what a step changed and what it came to, and what else has to be said, as far as a line has room for it.
func (p *page) inOneLine(stop *walker.Stop, more string) string {
	count := phrase.Count(len(stop.Applied), "change", "changes")
	changed, brief := stop.Info.Title+": "+count+", "+steps.ReadBack(stop.Applied...), stop.Found.Brief.String()
	counted := stop.Info.Title + ": " + count
	shorter := counted
	if brief != "" {
		changed, counted, shorter = changed+". "+brief, counted+". "+brief, stop.Info.Title+": "+brief
	}
	for _, said := range []string{goingOn(changed, more), goingOn(counted, more), goingOn(shorter, more), changed, counted} {
		if width(said) <= p.w-4 {
			return said
		}
	}
	return shorter
}

// goingOn is a sentence with what follows it in the same line.
func goingOn(said, more string) string {
	if more == "" {
		return said
	}
	return strings.TrimSuffix(said, ".") + more
}

// nothingToDo are the steps that found nothing to do, where only those are told that changed something.
func nothingToDo(stops []*walker.Stop, how telling) (said string) {
	for _, stop := range stops {
		if how == hardly && len(stop.Applied) == 0 && !stop.Found.Brief.IsZero() {
			said += "; " + stop.Info.Title + ": " + stop.Found.Brief.String()
		}
	}
	return said
}

// told adds a sentence about a step that stands as it says.
func (p *page) told(status steps.Status, text string) {
	glyph, style := p.m.look.statusMark(status)
	p.add(hang("  "+style.Render(glyph)+" ", wrap(text, p.w-4))...)
}
