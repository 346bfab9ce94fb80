package finding

import (
	"testing"
)

// A paragraph is read as one text, and keeps apart what is advice and what is claimed.
func TestSentence(t *testing.T) {
	p := SignedIn.Of("ada@contoso.com", "yes").In("%s is signed in.", "ada@contoso.com").And(Advice("Choose 100% of it.")).And(Sentence{})
	if got := p.String(); got != "ada@contoso.com is signed in. Choose 100% of it." {
		t.Errorf("it reads %q", got)
	}
	if parts := p.Parts(); len(parts) != 2 || parts[0].Claim == nil || *parts[0].Claim != (Claim{SignedIn, "ada@contoso.com", "yes"}) || parts[1].Claim != nil {
		t.Errorf("it is made of %+v", parts)
	}
	if got := Read(append(Advise("One.", "Two."), p)); got != "One. Two. "+p.String() {
		t.Errorf("paragraphs read %q", got)
	}
	if !(Sentence{}).IsZero() || !Computer.Of("journal", "").In("%s", "").IsZero() || p.IsZero() {
		t.Error("what says nothing is not told from what says something")
	}
}

// Joining leaves what was joined as it was.
func TestAndKeepsItsParts(t *testing.T) {
	a := Advice("One.")
	b, c := a.And(Advice("Two.")), a.And(Advice("Three."))
	if a.String() != "One." || b.String() != "One. Two." || c.String() != "One. Three." {
		t.Errorf("%q, %q, %q", a, b, c)
	}
}
