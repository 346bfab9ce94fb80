package steps

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// suggestedName is what the procedure calls the service account.
const suggestedName = "service.delegate365"

// Marker is what this program writes into the job title of an account it creates, so that a later run knows it again.
const Marker = "Delegate365 service account (delegate365-onboard)"

// accountName is the user principal name of the service account in two parts. The domain is empty until one is chosen.
type accountName struct{ local, domain string }

//go:noinline // every copy would be carried
func (a accountName) String() string { return a.local + "@" + a.domain }

// shownName is what can be a user name, a domain, an id, a number or an address.
var shownName = regexp.MustCompile(`^(?:https?:/{0,2})?[\p{L}\p{N}'._!#^~@/?-]{0,120}$`)

// ShowsName reports that a text can be a name, so that it may be drawn and quoted. Whatever else was entered into a field for
// one may be a line of the welcome mail, with the password in it.
func ShowsName(text string) bool { return shownName.MatchString(text) }

// quoteEntered names what was entered into a field for a name, without saying what it is where it can be none.
func quoteEntered(what, text string) string {
	switch text = strings.TrimSpace(text); {
	case text == "":
		return what
	case ShowsName(text):
		return what + " " + text
	}
	return phrase.T("what was entered as %s", what)
}

// The characters and lengths that Entra takes in a user principal name
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy).
var localPart = regexp.MustCompile(`^[A-Za-z0-9'._!#^~-]+$`)

const (
	maxLocal  = 64
	maxDomain = 48
)

// parseAccountName takes a user name with or without its domain.
func parseAccountName(text string) (accountName, error) {
	text = strings.TrimSpace(text)
	local, domain, at := strings.Cut(text, "@")
	refuse := func(why string) (accountName, error) {
		return accountName{}, &Error{Op: "use %s", Of: []any{quoteEntered(phrase.T("the user name"), text)}, Hint: phrase.T("Enter a name such as %s.", fitting(local)), Err: problem.ValueError(why)}
	}
	switch {
	case text == "":
		return refuse(phrase.T("it is empty"))
	case local == "":
		return refuse(phrase.T("it is empty before the @"))
	case at && domain == "":
		return refuse(phrase.T("it is empty after the @"))
	case strings.Contains(domain, "@"):
		return refuse(phrase.T("it has more than one @"))
	case len(local) > maxLocal:
		return refuse(phrase.T("it is longer than 64 characters before the @"))
	case len(domain) > maxDomain:
		return refuse(phrase.T("it is longer than 48 characters after the @"))
	case !localPart.MatchString(local):
		return refuse(phrase.T("%s before the @, where only letters from a to z, digits and '.-_!#^~ may stand", unfitIn(local)))
	case strings.HasPrefix(local, "."):
		return refuse(phrase.T("it starts with a full stop"))
	case strings.HasSuffix(local, "."):
		return refuse(phrase.T("it ends with a full stop before the @"))
	}
	return accountName{local: local, domain: strings.ToLower(domain)}, nil
}

// unfitIn says what in a text no user name has. What may be anything but a name is not quoted.
func unfitIn(local string) string {
	for _, c := range local {
		switch {
		case localPart.MatchString(string(c)):
		case unicode.IsSpace(c):
			return phrase.T("it has a space in it")
		case ShowsName(local):
			return phrase.T("it has %s in it", phrase.Name(string(c)))
		}
	}
	return phrase.T("it has another sign in it")
}

// fitting is a user name that would do: what was entered without what may not be in it, or else the usual one.
func fitting(local string) string {
	if !ShowsName(strings.ReplaceAll(local, " ", "")) {
		return suggestedName
	}
	fit := strings.Map(func(c rune) rune {
		if localPart.MatchString(string(c)) {
			return c
		}
		return -1
	}, local)
	if fit = strings.Trim(fit[:min(len(fit), maxLocal)], "."); fit == "" {
		return suggestedName
	}
	return fit
}

// checkDomain says whether an account with a password can live in the domain.
func checkDomain(name string, domains []graph.Domain) error {
	for _, d := range domains {
		if !strings.EqualFold(d.Name, name) {
			continue
		}
		switch {
		case !d.Verified:
			return &Error{Op: "use the domain %s", Of: []any{name}, Hint: phrase.T("It is not verified in this tenant. Choose one of: %s.", phrase.JoinAnd(usableDomains(domains)))}
		case d.Federated:
			return &Error{Op: "use the domain %s", Of: []any{name}, Hint: phrase.T("It is federated: its passwords are kept elsewhere, so this program can't set one. Choose one of: %s.", phrase.JoinAnd(usableDomains(domains)))}
		}
		return nil
	}
	return &Error{Op: "use the domain %s", Of: []any{name}, Hint: phrase.T("This tenant does not have it. Choose one of: %s.", phrase.JoinAnd(usableDomains(domains)))}
}

// usableDomains are verified and managed, the default one first and the tenant's initial one last.
func usableDomains(domains []graph.Domain) []string {
	var first, middle, last []string
	for _, d := range domains {
		switch {
		case !d.Verified || d.Federated:
		case d.Default:
			first = append(first, d.Name)
		case d.Initial:
			last = append(last, d.Name)
		default:
			middle = append(middle, d.Name)
		}
	}
	return append(append(first, middle...), last...)
}
