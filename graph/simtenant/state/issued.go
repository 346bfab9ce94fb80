package state

// Issued is something that nobody but its owner may see, and what it is.
type Issued struct{ Kind, Text string }

// issued keeps what the sign-in service gave out, for whoever asked to be told.
type issued struct{ all []Issued }

// IssuedLocked notes a secret and returns it.
func (base *Base) IssuedLocked(kind, text string) string {
	if base.issued != nil {
		base.issued.all = append(base.issued.all, Issued{kind, text})
	}
	return text
}

// WatchIssuedLocked keeps what is given out from now on.
func (base *Base) WatchIssuedLocked() { base.issued = &issued{} }

// GivenOutLocked is what was given out since somebody asked to be told.
func (base *Base) GivenOutLocked() []Issued {
	if base.issued == nil {
		return nil
	}
	return base.issued.all
}
