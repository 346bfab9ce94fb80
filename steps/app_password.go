package steps

import (
	"strings"
	"unicode"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// appPasswordLength is in letters: Microsoft generates 16 lower-case letters, and may show them in groups.
const appPasswordLength = 16

// parseAppPassword accepts what Microsoft shows as an app password, with or without spaces, and tells apart what is
// easily pasted instead. The value itself is in no error.
func parseAppPassword(pasted, user graph.Secret) (graph.Secret, error) {
	refuse := func(why string) (graph.Secret, error) {
		return graph.Secret{}, &Error{
			Op:   "use this as the app password",
			Hint: phrase.T("Copy the app password from the security info page: 16 lower-case letters. If the page is closed, create a new one."),
			Err:  problem.ValueError(why),
		}
	}
	text := pasted.Reveal()
	if strings.TrimSpace(text) == "" {
		return refuse(phrase.T("it is empty"))
	}
	if !user.IsZero() && strings.TrimSpace(text) == user.Reveal() {
		return refuse(phrase.T("it is the password of the service account itself, not an app password"))
	}
	text = strings.Join(strings.Fields(text), "")
	lower, upper, digits, others := classes(text)
	switch {
	case digits == len(text) && len(text) <= 8:
		return refuse(phrase.T("it has digits only: that is a code from the Authenticator app"))
	case digits > 0 || others > 0:
		return refuse(phrase.T("it has digits or signs in it: an app password has only letters. It looks like an ordinary password or a Temporary Access Pass"))
	case upper > 0:
		return refuse(phrase.T("it has capital letters: an app password has only lower-case ones"))
	case lower < appPasswordLength:
		return refuse(phrase.T("it has fewer than 16 letters: perhaps it was not copied whole"))
	case lower > appPasswordLength:
		return refuse(phrase.T("it has more than 16 letters: perhaps it was pasted twice, or something stuck to it"))
	case redact.Ordinary(text):
		return refuse(phrase.T(hasToBeShown))
	}
	return graph.NewSecret(text), nil
}

// classes counts the bytes of a text by kind.
func classes(text string) (lower, upper, digits, others int) {
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z':
			lower++
		case unicode.IsUpper(c):
			upper++
		case '0' <= c && c <= '9':
			digits++
		default:
			others++
		}
	}
	return lower, upper, digits, others
}
