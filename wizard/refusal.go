package wizard

import "github.com/delegate365-onboard/delegate365-onboard/steps"

// refuse shows why a field's value was refused and returns the field's place. A refused secret has to be pasted again.
func (f *form) refuse(id, problem string) int {
	for i, e := range f.entries {
		if e.field.ID == id {
			e.problem = problem
			if e.field.Kind == steps.SecretField {
				e.drop()
			}
			e.refused = e.text()
			return i
		}
	}
	return len(f.entries)
}

// forgive takes the refusals off the screen.
func (f *form) forgive() {
	for _, e := range f.entries {
		e.problem = ""
	}
}

// trouble is why what stands in the entry was refused; empty where it was not, or is another value by now.
func (e *entry) trouble() string {
	if e.text() != e.refused {
		return ""
	}
	return e.problem
}
