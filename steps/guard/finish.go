package guard

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// How a guard closes the window, and what it waits for after that.

// finish closes the window, and stays until nothing of its wizard can open it again. It does not stay longer than that: the
// next window may be another computer's.
func (s *service) finish(told context.Context) error {
	ctx := context.WithoutCancel(told)
	s.with(func() { s.late = true })
	if err := s.close(ctx); err != nil {
		return err
	}
	if told.Err() != nil {
		return nil
	}
	if s.outwait(told); !time.Now().Before(s.tokens.Expires()) {
		return nil
	}
	for _, pause := range Aftermath {
		if !s.underway() || s.released() || told.Err() != nil {
			return nil
		}
		time.Sleep(pause)
		// It was closed. A look that fails changes nothing about that.
		_ = recovered(func() error { return s.worker.Close(ctx) })
	}
	return nil
}

// outwait waits for the end of a wizard that was there when the cap passed. It may be stopped, and go on at any time.
func (s *service) outwait(ctx context.Context) {
	for time.Now().Before(s.tokens.Expires()) {
		select {
		case <-s.ended:
			return
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

// close closes the window. It tries again for as long as that can help; when it can't, it says so in the journal.
func (s *service) close(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.ended:
			if s.released() {
				cancel()
			}
		case <-ctx.Done():
		}
	}()
	pause := backoff.NewExponentialBackOff()
	pause.MaxInterval = lastRetry
	_, err := backoff.Retry(ctx, func() (bool, error) {
		err := recovered(func() error { return s.worker.Close(ctx) })
		if err != nil && s.hopeless() {
			err = backoff.Permanent(err)
		}
		return err == nil, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(0))
	if err == nil || s.released() {
		return nil
	}
	s.worker.Stuck(err)
	return err
}

// recovered calls f. A panic in it is an error like any other: the window has to be closed all the same.
func recovered(f func() error) (err error) {
	defer survive(&err)
	return f()
}

// hopeless reports that trying again can't close the window any more.
func (s *service) hopeless() bool {
	var broken time.Time
	s.with(func() { broken = s.broken })
	if retryFor := s.order.RetryFor; retryFor > 0 && !broken.IsZero() && time.Since(broken) > retryFor {
		return true
	}
	return !time.Now().Before(s.tokens.Expires())
}

// noteGone has it written down when the wizard ended, where it said no goodbye.
func (s *service) noteGone() {
	noter, notes := s.worker.(Noter)
	if !notes || s.wizardLives() || s.released() {
		return
	}
	var at time.Time
	s.with(func() { at = s.broken })
	_ = recovered(func() error { noter.Gone(at); return nil })
}

// reportWithin is how long a guard goes on for the report.
const reportWithin = time.Minute

// report writes the report of a wizard that is gone without a goodbye. It comes after everything else, and not when the machine
// goes down.
func (s *service) report(told context.Context) {
	reporter, writes := s.worker.(Reporter)
	if !writes || s.wizardLives() || s.released() || told.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(told, reportWithin)
	defer cancel()
	_ = recovered(func() error { reporter.Report(ctx); return nil }) // the window is closed: that is what this process is for
}
