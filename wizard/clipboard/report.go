package clipboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Report says what became of a copy, in sentences for a screen. It never holds the value.
type Report struct {
	// Confirmed are the places that were read back and hold the value.
	Confirmed []string
	// Unconfirmed are the places of which nobody can say it, and why.
	Unconfirmed []string
	// Unrecorded says that the histories of all places that were used were told to leave the value out: Windows and
	// macOS do so by themselves, on Linux it is up to the clipboard manager.
	Unrecorded bool
	// Hold is when the value is taken away, from now; 0 where it is no secret and stays.
	Hold time.Duration

	public   bool // the value
	recorded bool
	remains  []string // about the value that was copied before
}

// Held reports that at least one place is known to hold the value.
func (r Report) Held() bool { return len(r.Confirmed) > 0 }

// Sentences are all that a screen has to say about the copy.
func (r Report) Sentences() []string { return r.sentences(false) }

// Again are what it has to say about a copy after one of which all was said: what is so of each is not repeated.
func (r Report) Again() []string { return r.sentences(r.Held()) }

func (r Report) sentences(again bool) []string {
	var out []string
	out = append(out, r.Confirmed...)
	if r.Held() && r.Hold > 0 {
		last := phrase.T("It is taken away in %d s, or at the next copy.", int(r.Hold.Seconds()))
		if !r.Unrecorded && !again {
			last += " " + phrase.T("A clipboard history may keep it.")
		}
		out = append(out, last)
	}
	if !again {
		out = append(out, r.Unconfirmed...)
	}
	return append(out, r.remains...)
}

// earlier adds what could not be taken away before.
func (r *Report) earlier(c Cleared) {
	c.Emptied, c.Kept, c.Blind = nil, nil, nil
	r.remains = c.Sentences()
}

func (r Report) nowhere() bool { return len(r.Confirmed)+len(r.Unconfirmed) == 0 }

func (r *Report) confirmed(place string, p placing) {
	r.Confirmed = append(r.Confirmed, phrase.T("Copied to %s and read back.", place))
	r.note(p)
}

func (r *Report) blind(place string, p placing) {
	if r.public {
		r.Unconfirmed = append(r.Unconfirmed, phrase.T("Sent to %s, which confirms nothing.", place))
		return
	}
	r.Unconfirmed = append(r.Unconfirmed, phrase.T("Sent to %s, which confirms nothing and can't be cleared from here. When you have pasted it, copy something else.", place))
	r.note(p)
}

func (r *Report) unconfirmed(place string) {
	r.Unconfirmed = append(r.Unconfirmed, phrase.T("Sent to %s, but it could not be read back.", place))
	r.note(placing{})
}

func (r *Report) note(p placing) {
	if p.aside != "" && !r.public {
		r.Unconfirmed = append(r.Unconfirmed, p.aside)
	}
	r.recorded = r.recorded || !p.unrecorded
	r.Unrecorded = !r.recorded
}

// Cleared says what became of values whose time was over, by the names of the places.
type Cleared struct {
	Emptied []string // held the value, and no longer does
	Kept    []string // held something else, which was left alone
	Blind   []string // can't be read, and was left alone
	Failed  []string // could not be reached, or still holds the value
}

// Sentences are all that a screen has to say about it; none when nothing was copied.
func (c Cleared) Sentences() []string {
	var out []string
	say := func(places []string, format string) {
		if len(places) > 0 {
			out = append(out, fmt.Sprintf(format, strings.Join(places, " and ")))
		}
	}
	say(c.Emptied, phrase.T("The copied value was taken off %s."))
	say(c.Kept, phrase.T("What is on %s now is something else and was left alone."))
	say(c.Blind, phrase.T("A value may still be on %s. Copy something else."))
	say(c.Failed, phrase.T("A value could not be taken off %s. Copy something else."))
	return out
}
