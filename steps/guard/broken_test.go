package guard

import (
	"errors"
	"strings"
	"testing"
)

func TestSurvive(t *testing.T) {
	broken := func() (err error) {
		defer survive(&err)
		panic("hunter2")
	}
	if err := broken(); !errors.Is(err, ErrBroken) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("it ends with %v", err)
	}
}
