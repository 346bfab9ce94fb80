package steps

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The sign-in goes to the customer's tenant, named by the command line or on the first screen: without a name it would go
// to whichever tenant the account belongs to, and a partner would onboard their own.

const ansCustomer = "customer"

var tenantName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+$|^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func tenantField(value string) Field {
	return Field{ID: ansCustomer, Label: phrase.T("Customer's domain"), Value: value, Help: phrase.T("The sign-in goes to this tenant only: a partner's account would else end in the partner's own.")}
}

// customer is the tenant to sign in to. Without one, it is an error.
func customer(r *Run) (string, error) {
	if named := r.snapshot().signedIn.tenant; named != "" {
		return named, nil
	}
	return "", &Error{Op: "sign in without knowing the customer's tenant", Hint: phrase.T("Enter a domain of the customer's, or name it with --tenant."), Err: errNoCustomer}
}

var errNoCustomer = errors.New("no tenant is named")

// NeedsTenant reports an error that came of nobody naming the customer's tenant.
func NeedsTenant(err error) bool { return errors.Is(err, errNoCustomer) }

// TenantNamed reports that the customer's tenant is known.
func (r *Run) TenantNamed() bool { return r.snapshot().signedIn.tenant != "" }

func answerTenant(r *Run, text string) error {
	name, err := parseTenant(text)
	if err != nil {
		return err
	}
	r.update(func(m *memory) { m.signedIn.tenant = name })
	return nil
}

// parseTenant takes a domain or an id.
func parseTenant(text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if !tenantName.MatchString(text) {
		return "", &Error{Op: "use %s", Of: []any{quoteEntered(phrase.T("the customer's tenant"), text)}, Hint: phrase.T("Enter a domain of the customer's, such as contoso.com, or the id of the tenant."), Err: problem.ValueError(noTenantName(text))}
	}
	return text, nil
}

// noTenantName is why a text is neither a domain nor an id.
func noTenantName(text string) string {
	switch {
	case text == "":
		return phrase.T("it is empty")
	case strings.Contains(text, "://"):
		return phrase.T("it is the address of a page, and not the domain alone")
	case strings.Contains(text, "@"):
		return phrase.T("it is a user name or a mail address; the domain is what stands behind the @")
	case strings.ContainsFunc(text, unicode.IsSpace):
		return phrase.T("it has a space in it, and a domain has none")
	case !strings.Contains(text, "."):
		return phrase.T("it has no full stop, and a domain has one at least")
	}
	return phrase.T("it has something in it besides letters from a to z, digits, hyphens and full stops, or an empty part")
}

// belongs refuses an account that can't work in this tenant: a partner's, who has no object there. A guest has one.
// https://learn.microsoft.com/partner-center/customers/gdap-supported-workloads
func belongs(ctx context.Context, client *graph.Client, who graph.Identity, org graph.Organization) error {
	if !who.Foreign() {
		return nil
	}
	if _, err := client.Users.Me(ctx); err == nil || !errors.Is(err, graph.ErrNotFound) {
		return nil // what else is wrong shows in the check
	}
	return &Error{
		Op: "work in %s as %s, an account of the tenant %s", Of: []any{org.DefaultDomain, who.UserPrincipalName, who.HomeTenantID},
		Hint: phrase.T("Sign in with an account of %s itself, or have the customer do it with you watching. An account that is a guest there and holds the roles works as well.", org.DefaultDomain),
		Err:  problem.ErrPartner,
	}
}

// homeFact names the account's own tenant where it is another one.
func homeFact(who graph.Identity) []Fact {
	if !who.Foreign() {
		return nil
	}
	return []Fact{{Label: phrase.T("Your own tenant"), Value: who.HomeTenantID, Mark: MarkDecide, Note: phrase.T("Not this one: your account is a guest here. Look whether the tenant above is the customer's.")}}
}
