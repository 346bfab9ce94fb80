package report

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// defaultsMoved is when this program turned security defaults off first, and when they were read to be on again last; zero where it did not.
//
//go:noinline // every copy would be carried
func defaultsMoved(changes []Change) (off, on time.Time) {
	for i := range changes {
		switch c := &changes[i]; {
		case c.Object.Kind != string(journal.InverseSecurityDefaults) || c.undone():
		case !c.Restores && off.IsZero():
			off = c.At
		case c.Restores && c.Verified != nil:
			on = c.Verified.At
		}
	}
	return off, on
}

// defaultsSaid is, where this program turned security defaults off, how they were read at the end; empty where it did not.
//
//go:noinline // every copy would be carried
func defaultsSaid(r *Report, f *Facts) string {
	off, on := defaultsMoved(r.Changes)
	now, read := f.After.Of(WhatDefaults, "")
	switch {
	case off.IsZero():
		return ""
	case !read:
		return phrase.T("Security defaults were turned off for the whole tenant at %s; whether they are on again could not be read.", off.Format(hourAndClock))
	case now.Value == "off":
		return defaultsOff(r, f).whole()
	case on.Before(off):
		return phrase.T("Security defaults were off for the whole tenant from %s on; they are on again.", off.Format(hourAndClock))
	}
	return phrase.T("Security defaults were off for the whole tenant from %s to %s; they are on again.", off.Format(hourAndClock), on.Format(hourAndClock))
}

// defaultsOff says of security defaults that this program turned off that they are off still; empty where they are not read to be.
//
//go:noinline // every copy would be carried
func defaultsOff(r *Report, f *Facts) alarm {
	off, _ := defaultsMoved(r.Changes)
	if now, read := f.After.Of(WhatDefaults, ""); off.IsZero() || !read || now.Value != "off" {
		return alarm{}
	}
	return alarm{phrase.T("SECURITY DEFAULTS ARE OFF for the whole tenant."), phrase.T("This program turned them off at %s: enable them in the Entra admin center, Overview, Properties.", off.Format(hourAndClock))}
}

// defaultsAfter is the same, to follow a sentence.
func defaultsAfter(r *Report, f *Facts) string {
	if said := defaultsSaid(r, f); said != "" {
		return " " + said
	}
	return ""
}
