package e2e_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// One whole onboarding as two people have it: the operator's keys in a terminal, the clicks in Chromium, an ordinary window
// for the operator's account and a private one for the service account. What goes from one to the other is what was copied
// or read there. The program knows of no rehearsal: its cloud is a file, its certificates are SSL_CERT_FILE's.
func TestBrowserOnboarding(t *testing.T) {
	t.Parallel()
	browserOnboarding(t, "fresh", "--device-code")
}

// The same with a policy that asks administrators for MFA; the operator signs in in the browser.
func TestBrowserOnboardingOnBusiness(t *testing.T) {
	t.Parallel()
	browserOnboarding(t, "business")
}

func browserOnboarding(t *testing.T, profile string, args ...string) {
	t.Helper()
	began := time.Now()
	o := serve(t, profile)
	chrome := chromium(o)
	d := &desk{
		servedTenant: o, mailbox: profile == "business", operator: privately(t, chrome), private: privately(t, chrome),
		screen: openScreen(t, []string{"SSL_CERT_FILE=" + o.ep.CA}, append([]string{"--cloud", o.file, "--tenant", o.ep.TenantID}, args...)...),
	}
	d.onboard()
	if code := d.end(); code != exitDone {
		t.Errorf("exit code %d:\n%s", code, d.term)
	}
	o.onboarded()
	t.Logf("%s: %.1f s, %d clicks", profile, time.Since(began).Seconds(), d.operator.clicks+d.private.clicks)
}

// desk is what stands before the two: a terminal, two browser windows and a telephone.
type desk struct {
	*screen
	servedTenant      *servedTenant
	mailbox           bool // its service account has one, and SMTP AUTH is on
	operator, private *window
	phone             telephone
	service, password string // of the service account, as they were copied
}

var address = regexp.MustCompile(`https://127\.0\.0\.1:\d+[^\s"…]*`)

// address is the one on screen.
func (d *desk) address() string {
	d.t.Helper()
	found := address.FindString(d.term.String())
	if found == "" {
		d.t.Fatalf("no address is on screen:\n%s", d.term)
	}
	return found
}

// press waits for the primary action and takes it.
func (d *desk) press(action string) {
	d.t.Helper()
	d.wait("▸ " + action)
	d.accept()
}

// allow signs the operator in, or in again to accept more, in the way that the screen asks for.
func (d *desk) allow() {
	d.t.Helper()
	d.wait("Read what is asked for, and accept")
	if !strings.Contains(d.term.String(), "Enter the code") {
		d.operator.open(d.copy()) // too long to type
		d.signIn(d.operator, d.servedTenant.ep.Operator.UserPrincipalName, d.servedTenant.ep.Operator.Password)
		d.operator.says("Go back to its window")
		return
	}
	d.operator.open(d.address())
	d.operator.fill("code", d.copy())
	d.operator.press("Next")
	d.signIn(d.operator, d.servedTenant.ep.Operator.UserPrincipalName, d.servedTenant.ep.Operator.Password)
	d.operator.at("Signed in")
}

// signIn does what the pages of a sign-in ask, and returns the app password where it ends with one.
func (d *desk) signIn(w *window, account, password string) (appPassword string) {
	d.t.Helper()
	for range 12 { // more pages than any sign-in has
		switch w.page() {
		case "account":
			if again := "Continue as " + account; strings.Contains(w.text(), again) {
				w.press(again)
				continue
			}
			w.fill("account", account)
			w.press("Next")
		case "password":
			w.fill("password", password)
			w.press("Sign in")
		case "approve":
			w.press("Approve")
		case "code":
			w.fill("code", d.phone.code(time.Now()))
			w.press("Verify")
		case "register":
			d.phone.scan(w)
			w.fill("code", d.phone.code(time.Now()))
			w.press("Verify")
		case "name-app-password":
			w.fill("name", "Delegate365")
			w.press("Create")
		case "app-password":
			appPassword = w.marked("data-app-password")
			w.press("Done")
		case "stay-signed-in":
			w.press("No")
		case "device-confirm", "form-post":
			w.press("Continue")
		case "consent":
			w.press("Accept")
		default:
			return appPassword
		}
	}
	d.t.Fatalf("the sign-in does not come to an end: %s", w.text())
	return ""
}

// onboard goes from the first screen to the last.
func (d *desk) onboard() {
	d.t.Helper()
	d.wait("▸ Sign in")
	d.key(enter)
	d.allow()
	d.press("Show the plan")
	d.press("Accept the plan")
	d.allow()
	d.press("Create the account")
	d.mail()
	d.press("Assign Global Administrator")
	d.suspend()
	d.setup()
	d.wait("7 of 10", "What will change")
	d.accept()
	d.wait("not looked yet")
	d.key(tab)
	d.key(down)
	d.key(enter)
	d.press("Allow app passwords")
	d.handOver(d.capture())
}

// suspend applies what there is to apply.
func (d *desk) suspend() {
	d.t.Helper()
	for begun := time.Now(); !strings.Contains(d.term.String(), "Paste the configuration password"); time.Sleep(50 * time.Millisecond) {
		if text := d.term.String(); strings.Contains(text, "▸ Apply 2 changes") {
			d.accept()
			d.wait("Paste the configuration password")
		} else if time.Since(begun) > time.Minute {
			d.t.Fatalf("MFA is not suspended:\n%s", text)
		}
	}
	d.wait("MFA OFF")
}

// mail pastes the welcome mail, which is asked for before the window is opened, and has the setup page opened.
func (d *desk) mail() {
	d.t.Helper()
	d.wait("Welcome mail")
	mail, err := os.ReadFile(d.servedTenant.ep.WelcomeMail)
	if err != nil {
		d.t.Fatal(err)
	}
	d.paste(string(mail))
	d.key(enter)
	d.wait("open the setup page")
	d.key("o")
	d.wait("yourself")
	d.key(enter) // it is another browser that the person has
}

// setup fills in Delegate365's setup page with what is copied, and signs in there.
func (d *desk) setup() {
	d.t.Helper()
	d.wait("/setup", "Paste the configuration password")
	w := d.private
	w.open(d.address())
	w.at("Delegate365 setup")
	w.fill("configuration-password", d.copy())
	d.service = d.copy()
	d.password = d.copy()
	w.fill("user-name", d.service, "password", d.password)
	w.press("Start setup")
	w.at("Setup is running")
	w.says("This takes one to two minutes")
	w.press("Finish at once, as only a rehearsal can")
	w.at("Setup completed")
	w.press("Login")
	w.press("Sign in")
	d.signIn(w, d.service, d.password)
	w.says("Welcome to Delegate365")
}

// capture registers the customer's telephone, and pastes the app password that ends the registration.
func (d *desk) capture() (appPassword string) {
	d.t.Helper()
	d.wait("Register an authenticator app")
	w := d.private
	w.open(d.address())
	appPassword = d.signIn(w, d.copy(), d.copy())
	w.at("Security info")
	w.says("Authenticator app")
	d.key(tab)
	d.wait("F1 help")
	d.paste(appPassword)
	d.key(enter)
	d.wait("10 of 10", "Test credentials")
	return appPassword
}

// handOver enters the app password in Delegate365, as it was copied from the terminal, and has it tested there.
func (d *desk) handOver(appPassword string) {
	d.t.Helper()
	d.wait("Test credentials")
	d.key("o")
	d.wait("yourself")
	d.key(enter) // it is another browser that the person has
	w := d.private
	w.open(d.address())
	if w.page() == "delegate365-login" {
		w.press("Sign in")
	}
	user, password := d.copy(), d.copy()
	d.signIn(w, user, password)
	w.press("Administration / Office 365 account")
	w.fill("user-name", user)
	copied := d.copy()
	if copied != strings.ReplaceAll(appPassword, " ", "") {
		d.t.Error("another app password is copied than was pasted")
	}
	w.fill("password", copied)
	w.press("Save")
	w.says("saved")
	w.press("Test credentials")
	if d.mailbox {
		w.says("is valid")
		d.tested(down)
	} else {
		w.says("is not valid")
		d.tested(down, down)
		d.wait("The test failed once", "enter try again")
		d.key(enter)
		d.copy()
		d.copy()
		w.press("Test credentials")
		w.says("is not valid")
		d.tested(down, down)
		d.press("Finish, and say that the test failed")
	}
	d.press("Write the report")
	d.wait("Look at the report, and give it")
	d.key(tab)
	d.press("Finish")
}
