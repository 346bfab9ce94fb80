package problem

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
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
		return Advice{"The application " + e.ClientID + " is not known in this tenant, or is switched off there.", "Look at --client-id and --tenant. Register it in the customer's tenant, or have an administrator there accept it."}, true
	case e.Code == 700027 || e.Code == 700021 || e.Code == 7000215 || e.Code == 7000222:
		return Advice{"The certificate is not one of the application " + e.ClientID + ", or has expired.", "Upload the certificate, without its key, to the application: Entra admin center, App registrations, Certificates & secrets."}, true
	case e.Code == 700024:
		return Advice{"Microsoft does not take the signature, because the clock of this computer is wrong.", "Set the clock, and try again."}, true
	case errors.Is(e, graph.ErrSignInRefused):
		return Advice{"Conditional Access for workload identities blocks the application " + e.ClientID + ".", "Whoever manages it can make an exception for the application, or for the address that it comes from."}, true
	}
	return Advice{}, false
}

func onApplication(e *graph.SignInError) (Advice, bool) {
	name, mine := "Microsoft Graph Command Line Tools", e.ClientID == "" || e.ClientID == graph.DefaultClientID
	if !mine {
		name = "the application " + e.ClientID
	}
	switch e.Code {
	case 700016, 700038:
		if mine {
			return Advice{name + " is not known in this tenant.", "Look at --tenant and --cloud. If they are right, sign in " + OwnApplication + "."}, true
		}
		return Advice{capital(name + " is not known in this tenant."), "Look at --client-id: it has to be the id of an application that the customer's tenant knows. Look at --tenant as well. Without --client-id it is Microsoft Graph Command Line Tools."}, true
	case 7000112:
		return Advice{capital(name + " is switched off in this tenant."), "An administrator can let users sign in to it: Entra admin center, Enterprise applications, its Properties. Or sign in " + OwnApplication + "."}, true
	case 50105:
		return Advice{
			"This tenant lets nobody use " + name + " who is not assigned to it, and your account is not.",
			"Have a Cloud Application Administrator, or the Global Administrator, assign you: Entra admin center, Enterprise applications, " + name + ", Users and groups. Or sign in " + OwnApplication + ".",
		}, true
	case 650052:
		return Advice{"The tenant lacks a service that " + name + " needs.", "Sign in " + OwnApplication + "."}, true
	case 650053, 70011:
		return Advice{"This cloud does not know one of the permissions that were asked for: " + e.Message, "Nothing was accepted. Look at --cloud: it has to be the customer's. If it is right, please report this."}, true
	case 7000218, 700027, 70002:
		return Advice{capital(name + " is not registered as a public client."), "Allow public client flows for it under Authentication, or leave out --client-id."}, true
	case 50011, 500113:
		return Advice{capital(name + " does not know this program's redirect address."), "Add http://localhost to it, of the kind Mobile and desktop applications, or sign in with --device-code."}, true
	}
	return Advice{}, false
}

// https://learn.microsoft.com/partner-center/customers/gdap-supported-workloads
const noPartner = "partner access (GDAP) can't accept permissions in a customer's tenant. Sign in with an account of the tenant itself."

func onConsent(e *graph.SignInError) (Advice, bool) {
	partner := ""
	switch {
	case e.Foreign:
		partner = " Yours is an account of another tenant: " + noPartner
	case e.Tenant != "":
		partner = " If yours is a partner's account: " + noPartner
	}
	switch e.Code {
	case 90094, 90008, 900941, 90093:
		return Advice{
			"The tenant lets only an administrator accept these permissions.",
			"Sign in as a Global Administrator or Privileged Role Administrator, who accepts them on the page, or have one approve the request that the page offers; then try again." + partner,
		}, true
	case 65001:
		return Advice{"Nobody has accepted these permissions in this tenant yet.", "Try again, and accept them on Microsoft's page as an administrator of the tenant." + partner}, true
	case 65002:
		return Advice{"This application is Microsoft's own, and has only the permissions that Microsoft gave it in advance; nobody can accept others for it.", "Leave out --client-id, or sign in " + OwnApplication + "."}, true
	case 65004:
		return Advice{"The permissions were declined on Microsoft's page.", "Try again, and accept them. Each is listed with the reason it is needed for." + partner}, true
	}
	return Advice{}, false
}

func onPolicy(e *graph.SignInError) (Advice, bool) {
	way, other := "in the browser", "Sign in with a code on another device (--device-code)"
	if e.Method == graph.DeviceCode {
		way, other = "with a code", "Sign in in the browser, without --device-code"
	}
	switch {
	case e.Code == 530036:
		return Advice{
			"This sign-in was made with a code, and the tenant no longer renews such sign-ins.",
			"Sign in again in the browser, without --device-code: that sign-in is renewed for as long as the run takes.",
		}, true
	case e.Code == 530035 || e.Code == 530032:
		return Advice{"Security defaults of this tenant block the sign-in " + way + ".", other + ". Security defaults block codes in every tenant that has them on."}, true
	case e.Code == 53000, e.Code == 53001, e.Code == 53002, e.Code == 53009:
		return Advice{"Conditional Access of this tenant demands a device, or an app, that it manages.", "Run this program on a device that the tenant manages, and sign in in the browser there."}, true
	case e.Code == 50199:
		return Advice{"Microsoft wants to be sure that it was you who asked for this sign-in " + way + ".", "Try again, and confirm it on the page. Else: " + other + "."}, true
	case errors.Is(e, graph.ErrSignInRefused):
		return Advice{"Conditional Access of this tenant blocks the sign-in " + way + ".", other + ". Which policy it was stands in the sign-in logs of the Entra admin center, under Conditional Access" + entryOf(e) + "; whoever manages it can make an exception for you."}, true
	}
	return Advice{}, false
}

// entryOf leads to a sign-in in the tenant's log.
func entryOf(e *graph.SignInError) string {
	if e.CorrelationID == "" {
		return " of the entry"
	}
	return " of the entry with the correlation id " + e.CorrelationID
}

func onAccount(e *graph.SignInError) (Advice, bool) {
	named := "the tenant"
	if e.Tenant != "" {
		named = e.Tenant
	}
	switch e.Code {
	case 0:
		if errors.Is(e, graph.ErrWrongTenant) && e.SignedInTo != "" {
			return Advice{wrongTenant(e, named), "Sign in with an account of " + named + ", or name the other tenant as the customer's."}, true
		}
	case 50020, 90072:
		if home := homeTenant(e); home != "" {
			return Advice{"The account you signed in with is of the tenant " + home + ". It does not belong to " + named + ", and is no guest there.", "Sign in with an account of " + named + " itself, or change --tenant."}, true
		}
		return Advice{"The account you signed in with does not belong to " + named + ", and is no guest there.", "Sign in with an account of " + named + " itself, or change --tenant."}, true
	case 90002, 900023, 90133:
		return Advice{"There is no tenant called " + named + " in this cloud.", "Look at --tenant: a domain of the customer's, or the tenant's id. Look at --cloud as well."}, true
	case 70018:
		return Advice{"The code was typed wrong, or refused on Microsoft's page.", "Try again: there is a new code each time."}, true
	case 70019, 70020:
		return Advice{"The code has expired.", "Try again: there is a new code each time, good for 15 minutes."}, true
	case 50076, 50079, 50072, 50074, 50158:
		return Advice{"Microsoft asks for a second factor before it goes on.", "Sign in again, and give the factor on the page."}, true
	case 50057:
		return Advice{"Your account is disabled.", "Sign in with another administrator's account."}, true
	}
	return Advice{}, false
}

// wrongTenant names the tenant that was signed in to and the one that was asked for.
func wrongTenant(e *graph.SignInError, named string) string {
	what := "You signed in to the tenant " + e.SignedInTo
	if e.Account != "" {
		what += ", as " + e.Account
	}
	return what + ". The one asked for is " + named + "."
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
		return Advice{"Microsoft has ended your sign-in: the password was changed, the sessions were revoked, or it was too long ago.", "Go back to Sign in."}, true
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
		return fmt.Sprintf("the browser said AADSTS%d", e.Code)
	}
	return fmt.Sprintf("AADSTS%d", e.Code)
}
