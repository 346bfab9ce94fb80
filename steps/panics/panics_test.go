package panics

import (
	"errors"
	"strings"
	"testing"
)

// A panic is an error that tells the type and not the value.
func TestCall(t *testing.T) {
	n, err := Call(func() (int, error) { panic("hunter2") })
	if n != 0 || !errors.Is(err, ErrBroken) {
		t.Errorf("it returns %d and %v", n, err)
	}
	if caught, ok := errors.AsType[*Error](err); !ok || caught.Kind != "string" || len(caught.Stack) == 0 || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("it tells %+v", err)
	}
	offline := errors.New("offline")
	if n, err := Call(func() (int, error) { return 1, offline }); n != 1 || !errors.Is(err, offline) {
		t.Errorf("without a panic it returns %d and %v", n, err)
	}
	if err := Caught(nil); err != nil {
		t.Errorf("nothing is caught as %v", err)
	}
}
