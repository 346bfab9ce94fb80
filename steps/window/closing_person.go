package window

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// A part of closing may wait for a person: for the operator's sign-in, which lapsed in the middle, or for a stronger one. That takes
// as long as a sign-in page is open. The other parts go on meanwhile, per-user MFA first, and take nothing off the screen that a
// person is to do.

// signedIn does one part. Where the sign-in lapses in it, the operator is asked, and it is done again: what was done is read first.
func (c *closing) signedIn(ctx context.Context, part func(mfa.Account) error) error {
	voice := c.voices.part()
	defer voice.end()
	a := c.account
	a.Report = voice.say
	before := a.Client.TokenExpires()
	err := part(a)
	switch {
	case !errors.Is(err, graph.ErrUnauthorized):
		return err
	case a.Client.Lapsed():
		if asked := a.Require(ctx, a.Report, mfa.WriteMFA); asked != nil {
			return errors.Join(err, asked)
		}
	case a.Client.TokenExpires().Equal(before):
		return err
	}
	return part(a)
}

// askedOnce asks for a sign-in that has lapsed once in a closing, however many parts wait for it.
func (c *closing) askedOnce(require mfa.Require) mfa.Require {
	turn := make(chan error, 1)
	turn <- nil
	return func(ctx context.Context, report func(finding.Event), permissions ...finding.Permission) error {
		var refused error
		if len(mfa.Lacking(c.account.Client, permissions)) == 0 {
			return nil // there is nothing to wait for
		}
		select {
		case refused = <-turn:
		case <-ctx.Done():
			return mfa.NotGiven(permissions, ctx.Err())
		}
		defer func() { turn <- refused }()
		if refused == nil || !c.account.Client.Lapsed() {
			refused = require(ctx, report, permissions...)
		}
		return refused
	}
}

// lookAgain looks at per-user MFA again while the rest goes on, where a suspension may still reach the tenant.
func (c *closing) lookAgain(ctx context.Context, over <-chan struct{}) {
	for _, wait := range guard.Aftermath {
		if s := c.window.current(); !s.mayArrive() {
			return
		}
		select {
		case <-over:
			return
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		_ = c.signedIn(ctx, func(a mfa.Account) error { return a.RestoreState(ctx) }) // the look after the rest decides
	}
}

// voices pass on what the parts of a closing say, one at a time.
type voices struct {
	turn    chan struct{} // of one
	waiting int           // parts that wait for a person
	report  func(finding.Event)
}

func newVoices(report func(finding.Event)) *voices {
	return &voices{turn: make(chan struct{}, 1), report: report}
}

// voice is that of one part.
type voice struct {
	of      *voices
	waiting bool
}

func (v *voices) part() *voice { return &voice{of: v} }

func (p *voice) say(e finding.Event) {
	p.of.turn <- struct{}{}
	defer func() { <-p.of.turn }()
	p.waits(e.Task != nil)
	e.Beside = e.Task == nil && p.of.waiting > 0
	p.of.report(e)
}

// end is called when the part is over.
func (p *voice) end() {
	p.of.turn <- struct{}{}
	defer func() { <-p.of.turn }()
	p.waits(false)
}

func (p *voice) waits(now bool) {
	switch {
	case now && !p.waiting:
		p.of.waiting++
	case p.waiting && !now:
		p.of.waiting--
	}
	p.waiting = now
}
