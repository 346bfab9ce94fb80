package graph

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A request that waits for its turn is given up at once, one that is on its way is seen through for a while.
func TestLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		longer, done := Linger(ctx, 8*time.Second)
		defer done()
		limit := &rateLimit{every: time.Minute}
		if err := limit.wait(waitContext(longer)); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		time.AfterFunc(time.Second, cancel)
		if err := limit.wait(waitContext(longer)); !errors.Is(err, context.Canceled) || time.Since(begun) != time.Second {
			t.Errorf("it waited %s for its turn: %v", time.Since(begun), err)
		}
		if longer.Err() != nil {
			t.Error("what is on its way is cut off")
		}
		<-longer.Done()
		if since := time.Since(begun); since != 9*time.Second {
			t.Errorf("it is seen through for %s", since)
		}
	})
}
