package steps

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Each refused value says why: which character, which rule; and where a value is proposed in its place, that one is taken.
func TestRefusalsSayWhy(t *testing.T) {
	t.Parallel()
	p := posture{domains: analysis.Read([]graph.Domain{{Name: "contoso.com", Verified: true}, {Name: "fabrikam.com", Verified: true, Federated: true}, {Name: "new.example"}}, nil)}
	r, err := NewRun(Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.update(func(m *memory) { m.posture = &p; m.account.domain = "contoso.com"; m.org.DefaultDomain = "contoso.com" })
	proposed := regexp.MustCompile(`such as ([^ ]+)\.$`)
	for name, c := range map[string]struct {
		step  Step
		field string
		value string
		why   string
	}{
		"two @":              {check{}, ansAccount, "bad@@x", "it has more than one @"},
		"a space":            {check{}, ansAccount, "bad name", "it has a space in it before the @"},
		"a letter":           {check{}, ansAccount, "müller", `it has "ü" in it before the @`},
		"a slash":            {check{}, ansAccount, "svc/d365", `it has "/" in it before the @`},
		"a full stop":        {check{}, ansAccount, ".svc", "it starts with a full stop"},
		"another":            {check{}, ansAccount, "svc.@contoso.com", "it ends with a full stop before the @"},
		"nothing":            {check{}, ansAccount, " ", "it is empty"},
		"too long":           {check{}, ansAccount, strings.Repeat("a", 65), "it is longer than 64 characters"},
		"federated":          {check{}, ansDomain, "fabrikam.com", "It is federated"},
		"not verified":       {check{}, ansDomain, "new.example", "It is not verified"},
		"not there":          {check{}, ansAccount, "svc@other.example", "This tenant does not have it"},
		"no number":          {check{}, ansWindow, "half an hour", "it is no whole number"},
		"too short":          {check{}, ansWindow, "3", "between 5 and 120"},
		"an address":         {signIn{}, ansCustomer, "https://contoso.com", "it is the address of a page"},
		"a user name":        {signIn{}, ansCustomer, "ada@contoso.com", "the domain is what stands behind the @"},
		"one word":           {signIn{}, ansCustomer, "contoso", "it has no full stop"},
		"two words":          {signIn{}, ansCustomer, "con toso.com", "it has a space in it"},
		"another tenant":     {suspendMFA{}, ansTenant, "fabrikam.com", "it is not contoso.com"},
		"a code":             {captureAppPassword{}, ansAppPassword, "123456", "a code from the Authenticator app"},
		"fifteen letters":    {captureAppPassword{}, ansAppPassword, "abcdefghijklmno", "it has fewer than 16 letters"},
		"seventeen":          {captureAppPassword{}, ansAppPassword, "abcdefghijklmnopq", "it has more than 16 letters"},
		"a digit":            {captureAppPassword{}, ansAppPassword, "abcdefghijklmno1", "it has digits or signs in it"},
		"a capital":          {captureAppPassword{}, ansAppPassword, "Abcdefghijklmnop", "it has capital letters"},
		"no portal":          {runSetup{}, ansMail, "http://contoso.delegate365.com", "https"},
		"somebody's portal":  {runSetup{}, ansMail, "https://contoso.delegate356.com", "delegate365"},
		"a mail without one": {runSetup{}, ansMail, "Dear customer,\nhello\n", "ddress"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.step.Answer(r, c.field, graph.NewText(c.value))
			if err == nil {
				t.Fatalf("%q is taken", c.value)
			}
			said := Explain(err)
			if !strings.Contains(said.What+" "+said.Next, c.why) {
				t.Errorf("%q is refused with: %s %s", c.value, said.What, said.Next)
			}
			if fit := proposed.FindStringSubmatch(said.Next); fit != nil {
				if err := c.step.Answer(r, c.field, graph.NewText(fit[1])); err != nil {
					t.Errorf("%q is proposed, and refused: %v", fit[1], err)
				}
			}
		})
	}
	if err := (check{}).Answer(r, ansWindow, graph.NewText(phrase.Roughly(30 * time.Minute)[:2])); err != nil {
		t.Errorf("30 is refused: %v", err)
	}
}

// What may be a line of the welcome mail is in no refusal, not even one sign of it.
func TestRefusalsQuoteNoSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Password: x€y%z", "aB3€xyz", "pass word€"} {
		_, err := parseAccountName(text)
		if said := Explain(err); strings.ContainsAny(said.What+said.Next, "€%") {
			t.Errorf("%q is refused with: %s %s", text, said.What, said.Next)
		}
	}
}
