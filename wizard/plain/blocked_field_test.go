package plain

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// taken is a step that is blocked until another name is entered, or the one that is there is taken over.
type taken struct {
	doubtful
	answered []string
}

func (k *taken) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	if len(k.answered) > 0 {
		return steps.Finding{Status: steps.Done, Text: finding.Advise("It is settled.")}, nil
	}
	return steps.Finding{
		Status:  steps.Blocked,
		Fields:  []steps.Field{{ID: "name", Label: "Another name"}},
		Actions: []steps.Action{{ID: "use", Label: "Use this name"}, {ID: "adopt", Label: "Take it over"}},
	}, nil
}

func (k *taken) Answer(_ *steps.Run, id string, value graph.Secret) error {
	k.answered = append(k.answered, id+"="+value.Reveal())
	return nil
}

// Of a blocked step the entry can be left empty for another answer, and its question says so.
func TestBlockedStepTakesAnotherAnswer(t *testing.T) {
	for typed, want := range map[string]string{"\n2\n": "adopt=", "other\n\n": "name=other"} {
		run, err := steps.NewRun(steps.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		k := &taken{}
		_ = Run(t.Context(), Options{Run: run, Steps: []steps.Step{k}, In: strings.NewReader(typed + "\n\n"), Out: &out})
		if len(k.answered) == 0 || k.answered[0] != want {
			t.Errorf("%q answered %q:\n%s", typed, k.answered, &out)
		}
		if !strings.Contains(out.String(), "Another name, or an empty line for the other answers:") {
			t.Errorf("the question is\n%s", &out)
		}
	}
}
