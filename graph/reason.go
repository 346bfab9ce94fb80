package graph

import "fmt"

// Words are a constant text, or what fmt makes one of. The catalogue of package steps/phrase has the German of each.
type Words string

// ReasonError is why something is refused here, before Microsoft is asked or in its place: as words and their values, so that it can be told in
// another language. As an error it is in English.
type ReasonError struct {
	Words Words
	Of    []any // an error among them is what it rests on
}

//go:noinline // every copy would be carried
func because(words Words, of ...any) *ReasonError { return &ReasonError{words, of} }

func (r *ReasonError) Error() string {
	if len(r.Of) == 0 {
		return string(r.Words)
	}
	return fmt.Sprintf(string(r.Words), r.Of...)
}

// Unwrap gives the errors among the values.
func (r *ReasonError) Unwrap() (all []error) {
	for _, v := range r.Of {
		if err, ok := v.(error); ok {
			all = append(all, err)
		}
	}
	return all
}
