package problem

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What Microsoft's numbers for a refused sign-in mean to an operator, and the way out that works for each
// (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).

// Advice is what happened and what to do about it, both as whole sentences.
type Advice struct{ What, Next string }

// OwnApplication is the way round the default application.
const OwnApplication = "with --client-id, an application of your own that is registered in the customer's tenant as a public client, with http://localhost as its redirect address"

// AdviceOn is what a refused sign-in means; false where its number says no more than its kind.
func AdviceOn(e *graph.SignInError) (Advice, bool) {
	for _, explain := range []func(*graph.SignInError) (Advice, bool){onCertificate, onApplication, onConsent, onPolicy, onAccount, onSession} {
		if a, ok := explain(e); ok {
			return a, true
		}
	}
	return Advice{}, false
}

// onCertificate is about an application that signs in as itself.
func onCertificate(e *graph.SignInError) (Advice, bool) {
	if e.Method != graph.ByCertificate {
		return Advice{}, false
	}
	switch {
	case e.Code == 700016 || e.Code == 7000112:
		return Advice{phrase.T("The application %s is not known in this tenant, or is switched off there.", e.ClientID), phrase.T("Look at --client-id and --tenant. Register it in the customer's tenant, or have an administrator there accept it.")}, true
	case e.Code == 700027 || e.Code == 700021 || e.Code == 7000215 || e.Code == 7000222:
		return Advice{phrase.T("The certificate is not one of the application %s, or has expired.", e.ClientID), phrase.T("Upload the certificate, without its key, to the application: Entra admin center, App registrations, Certificates & secrets.")}, true
	case e.Code == 700024:
		return Advice{phrase.T("Microsoft does not take the signature, because the clock of this computer is wrong."), phrase.T("Set the clock, and try again.")}, true
	case errors.Is(e, graph.ErrSignInRefused):
		return Advice{phrase.T("Conditional Access for workload identities blocks the application %s.", e.ClientID), phrase.T("Whoever manages it can make an exception for the application, or for the address that it comes from.")}, true
	}
	return Advice{}, false
}

func onApplication(e *graph.SignInError) (Advice, bool) {
	name, mine := phrase.T("Microsoft Graph Command Line Tools"), e.ClientID == "" || objectid.Same(e.ClientID, graph.DefaultClientID)
	if !mine {
		name = phrase.T("the application %s", e.ClientID)
	}
	switch e.Code {
	case 700016, 700038:
		if mine {
			return Advice{phrase.T("%s is not known in this tenant.", name), phrase.T("Look at --tenant and --cloud. If they are right, sign in %s.", phrase.T(OwnApplication))}, true
		}
		return Advice{capital(phrase.T("%s is not known in this tenant.", name)), phrase.T("Look at --client-id: it has to be the id of an application that the customer's tenant knows. Look at --tenant as well. Without --client-id it is Microsoft Graph Command Line Tools.")}, true
	case 7000112:
		return Advice{capital(phrase.T("%s is switched off in this tenant.", name)), phrase.T("An administrator can let users sign in to it: Entra admin center, Enterprise applications, its Properties. Or sign in %s.", phrase.T(OwnApplication))}, true
	case 50105:
		return Advice{
			phrase.T("This tenant lets nobody use %s who is not assigned to it, and your account is not.", name),
			phrase.T("Have a Cloud Application Administrator, or the Global Administrator, assign you: Entra admin center, Enterprise applications, %s, Users and groups. Or sign in %s.", name, phrase.T(OwnApplication)),
		}, true
	case 650052:
		return Advice{phrase.T("The tenant lacks a service that %s needs.", name), phrase.T("Sign in %s.", phrase.T(OwnApplication))}, true
	case 650053, 70011:
		return Advice{phrase.T("This cloud does not know one of the permissions that were asked for: %s", e.Message), phrase.T("Nothing was accepted. Look at --cloud: it has to be the customer's. If it is right, please report this.")}, true
	case 7000218, 700027, 70002:
		return Advice{capital(phrase.T("%s is not registered as a public client.", name)), phrase.T("Allow public client flows for it under Authentication, or leave out --client-id.")}, true
	case 50011, 500113:
		return Advice{capital(phrase.T("%s does not know this program's redirect address.", name)), phrase.T("Add http://localhost to it, of the kind Mobile and desktop applications, or sign in with --device-code.")}, true
	}
	return Advice{}, false
}

// https://learn.microsoft.com/partner-center/customers/gdap-supported-workloads
const noPartner = "partner access (GDAP) can't accept permissions in a customer's tenant. Sign in with an account of the tenant itself."

func onConsent(e *graph.SignInError) (Advice, bool) {
	partner := ""
	switch {
	case e.Foreign:
		partner = " " + phrase.T("Yours is an account of another tenant: %s", phrase.T(noPartner))
	case e.Tenant != "":
		partner = " " + phrase.T("If yours is a partner's account: %s", phrase.T(noPartner))
	}
	switch e.Code {
	case 90094, 90008, 900941, 90093:
		return Advice{
			phrase.T("The tenant lets only an administrator accept these permissions."),
			phrase.T("Sign in as a Global Administrator or Privileged Role Administrator, who accepts them on the page, or have one approve the request that the page offers; then try again.%s", partner),
		}, true
	case 65001:
		return Advice{phrase.T("Nobody has accepted these permissions in this tenant yet."), phrase.T("Try again, and accept them on Microsoft's page as an administrator of the tenant.%s", partner)}, true
	case 65002:
		return Advice{phrase.T("This application is Microsoft's own, and has only the permissions that Microsoft gave it in advance; nobody can accept others for it."), phrase.T("Leave out --client-id, or sign in %s.", phrase.T(OwnApplication))}, true
	case 65004:
		return Advice{phrase.T("The permissions were declined on Microsoft's page."), phrase.T("Try again, and accept them. Each is listed with the reason it is needed for.%s", partner)}, true
	}
	return Advice{}, false
}

func onPolicy(e *graph.SignInError) (Advice, bool) {
	way, other := phrase.T("in the browser"), phrase.T("Sign in with a code on another device (--device-code)")
	if e.Method == graph.DeviceCode {
		way, other = phrase.T("with a code"), phrase.T("Sign in in the browser, without --device-code")
	}
	switch {
	case e.Code == 530036:
		return Advice{
			phrase.T("This sign-in was made with a code, and the tenant no longer renews such sign-ins."),
			phrase.T("Sign in again in the browser, without --device-code: that sign-in is renewed for as long as the run takes."),
		}, true
	case e.Code == 530035 || e.Code == 530032:
		return Advice{phrase.T("Security defaults of this tenant block the sign-in %s.", way), phrase.T("%s. Security defaults block codes in every tenant that has them on.", other)}, true
	case e.Code == 53000, e.Code == 53001, e.Code == 53002, e.Code == 53009:
		return Advice{phrase.T("Conditional Access of this tenant demands a device, or an app, that it manages."), phrase.T("Run this program on a device that the tenant manages, and sign in in the browser there.")}, true
	case e.Code == 50199:
		return Advice{phrase.T("Microsoft wants to be sure that it was you who asked for this sign-in %s.", way), phrase.T("Try again, and confirm it on the page. Else: %s.", other)}, true
	case errors.Is(e, graph.ErrSignInRefused):
		return Advice{phrase.T("Conditional Access of this tenant blocks the sign-in %s.", way), phrase.T("%s. Which policy it was stands in the sign-in logs of the Entra admin center, under Conditional Access%s; whoever manages it can make an exception for you.", other, entryOf(e))}, true
	}
	return Advice{}, false
}

// entryOf leads to a sign-in in the tenant's log.
func entryOf(e *graph.SignInError) string {
	if e.CorrelationID == "" {
		return " " + phrase.T("of the entry")
	}
	return " " + phrase.T("of the entry with the correlation id %s", e.CorrelationID)
}

func onAccount(e *graph.SignInError) (Advice, bool) {
	named := phrase.T("the tenant")
	if e.Tenant != "" {
		named = e.Tenant
	}
	switch e.Code {
	case 0:
		if errors.Is(e, graph.ErrWrongTenant) && e.SignedInTo != "" {
			return Advice{wrongTenant(e, named), phrase.T("Sign in with an account of %s, or name the other tenant as the customer's.", named)}, true
		}
	case 50020, 90072:
		if home := homeTenant(e); home != "" {
			return Advice{phrase.T("The account you signed in with is of the tenant %s. It does not belong to %s, and is no guest there.", home, named), phrase.T("Sign in with an account of %s itself, or change --tenant.", named)}, true
		}
		return Advice{phrase.T("The account you signed in with does not belong to %s, and is no guest there.", named), phrase.T("Sign in with an account of %s itself, or change --tenant.", named)}, true
	case 90002, 900023, 90133:
		return Advice{phrase.T("There is no tenant called %s in this cloud.", named), phrase.T("Look at --tenant: a domain of the customer's, or the tenant's id. Look at --cloud as well.")}, true
	case 70018:
		return Advice{phrase.T("The code was typed wrong, or refused on Microsoft's page."), phrase.T("Try again: there is a new code each time.")}, true
	case 70019, 70020:
		return Advice{phrase.T("The code has expired."), phrase.T("Try again: there is a new code each time, good for 15 minutes.")}, true
	case 50076, 50079, 50072, 50074, 50158:
		return Advice{phrase.T("Microsoft asks for a second factor before it goes on."), phrase.T("Sign in again, and give the factor on the page.")}, true
	case 50057:
		return Advice{phrase.T("Your account is disabled."), phrase.T("Sign in with another administrator's account.")}, true
	}
	return Advice{}, false
}

// wrongTenant names the tenant that was signed in to and the one that was asked for.
func wrongTenant(e *graph.SignInError, named string) string {
	what := phrase.T("You signed in to the tenant %s", e.SignedInTo)
	if e.Account != "" {
		what += phrase.T(", as %s", e.Account)
	}
	return phrase.T("%s. The one asked for is %s.", what, named)
}

// issuer is how Microsoft names an account's own tenant in its refusal: User account 'x' from identity provider 'https://sts.windows.net/…/' does not exist
// in tenant 'Contoso' (https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50020-user-account-identity-provider-does-not-exist).
var issuer = regexp.MustCompile(`https://sts\.windows\.net/([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})/`)

// homeTenant is the account's own tenant, where Microsoft names it itself.
func homeTenant(e *graph.SignInError) string {
	if found := issuer.FindStringSubmatch(e.Message); found != nil && !e.FromBrowser {
		return found[1]
	}
	return ""
}

func onSession(e *graph.SignInError) (Advice, bool) {
	switch e.Code {
	case 50173, 700082, 700084, 70043, 70044, 70008, 50133, 50078:
		return Advice{phrase.T("Microsoft has ended your sign-in: the password was changed, the sessions were revoked, or it was too long ago."), phrase.T("Go back to Sign in.")}, true
	}
	return Advice{}, false
}

// capital begins with a capital.
func capital(s string) string {
	if len(s) > 0 && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// Said is the number of a refusal with whose word it is: Microsoft's own, or what came back through the browser.
func Said(e *graph.SignInError) string {
	switch {
	case e.Code == 0:
		return ""
	case e.FromBrowser:
		return phrase.T("the browser said AADSTS%d", e.Code)
	}
	return fmt.Sprintf("AADSTS%d", e.Code)
}
