package main

func tenChanges() []change {
	return []change{
		{"a shorter time without MFA, where nobody says", []edit{
			{"steps/window/exposure.go", "const DefaultCap = 30 * time.Minute", "const DefaultCap = 20 * time.Minute"},
		}},
		{"another step", []edit{
			{"steps/training.go", "", training},
			{"steps/step.go", "\t\tinstrumented{handOver{}},\n", "\t\tinstrumented{handOver{}},\n\t\tinstrumented{training{}},\n"},
		}},
		{"another cloud", []edit{
			{"graph/cloud.go", "\t\t{\n\t\t\tName:      \"china\",", "\t\t{\n\t\t\tName:      \"delos\",\n\t\t\tAuthority: \"https://login.example.de\",\n\t\t\tGraph:     \"https://graph.example.de\",\n\t\t},\n\t\t{\n\t\t\tName:      \"china\","},
		}},
		{"another sentence in the question before leaving", []edit{
			{"wizard/leaving/question.go", "This run has changed nothing in the tenant so far, but for permissions that may have been accepted when signing in.", "Nothing in the tenant was changed by this run."},
			{"steps/phrase/german.txt", "This run has changed nothing in the tenant so far, but for permissions that may have been accepted when signing in.", "Nothing in the tenant was changed by this run."},
		}},
		{"another error of the sign-in", []edit{
			{"graph/signin_error.go", "case 90002, 900023, 90133:", "case 90002, 900023, 90133, 50158:"},
		}},
		{"another clipboard", []edit{
			{"wizard/clipboard/klipper.go", "", klipper},
			{"wizard/clipboard/find_unix.go", "\treturn ways\n}\n\n// waylandSocket", "\treturn append(ways, klipper{})\n}\n\n// waylandSocket"},
		}},
		{"reads that are repeated after another answer", []edit{
			{"graph/retry.go", "case http.StatusBadGateway,", "case http.StatusInternalServerError, http.StatusBadGateway,"},
		}},
		{"another condition of Conditional Access", []edit{
			{"graph/conditional_access_policy.go", "\tTransferMethods   []string // deviceCodeFlow, authenticationTransfer\n", "\tTransferMethods   []string // deviceCodeFlow, authenticationTransfer\n\tAgentRisk         []string\n"},
			{"graph/conditional_access_policy.go", "\tInsiderRisk    string    `json:\"insiderRiskLevels\"`\n", "\tInsiderRisk    string    `json:\"insiderRiskLevels\"`\n\tAgentRisk      []string  `json:\"agentIdRiskLevels\"`\n"},
			{"graph/conditional_access_policy.go", "\t\tTransferMethods: flags(c.Flows.Methods),\n", "\t\tTransferMethods: flags(c.Flows.Methods),\n\t\tAgentRisk:       c.AgentRisk,\n"},
			{"steps/analysis/conditions.go", "len(p.Workloads.Risk) > 0 {", "len(p.Workloads.Risk)+len(p.AgentRisk) > 0 {"},
		}},
		{"another simulated page", []edit{
			{"graph/simtenant/web/pages_index.go", "// further is the link", privacy + "// further is the link"},
			{"graph/simtenant/web/site.go", "\tpage(\"/\", faceSimulator, s.notFound)\n", "\tpage(\"GET /privacy\", faceSimulator, s.privacy)\n\tpage(\"/\", faceSimulator, s.notFound)\n"},
		}},
		{"another colour for the clock when it is urgent", []edit{
			{"styles/palette.go", "p.Urgent = ink(bad).Bold(true).Reverse(true)", "p.Urgent = ink(accent).Bold(true).Reverse(true)"},
		}},
	}
}

const training = `package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

type training struct{}

func (training) Info() Info {
	return Info{ID: "training", Title: "Training", Why: finding.Advice("Delegate365 has a page of first steps."), Actor: You}
}

func (training) Inspect(context.Context, *Run, func(Event)) (Finding, error) {
	return Finding{Status: Done, Actions: []Action{{ID: ActNext, Label: "Continue"}}}, nil
}

func (training) Plan(Situation) Planned { return Planned{} }

func (training) Apply(context.Context, *Run, func(Event)) error { return nil }

func (training) Answer(*Run, string, graph.Secret) error { return nil }
`

const klipper = `//go:build !windows && !darwin

package clipboard

import "context"

type klipper struct{}

func (klipper) name() string { return "Klipper" }

func (klipper) put(context.Context, []byte) (placing, error) { return placing{}, nil }

func (klipper) holds(context.Context, []byte) (bool, error) { return false, errBlind }

func (klipper) take(context.Context, []byte) (bool, error) { return false, errBlind }
`

const privacy = `func (s *Site) privacy(v *visit) { v.show("privacy", "Privacy", tag.P(tag.Text("Nothing of this leaves your computer."))) }

`
