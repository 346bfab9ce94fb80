package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// focused is the name of what has the focus, as a screen reader says it, and whether a person sees that it has.
const focused = `(() => {
	const e = document.activeElement, style = getComputedStyle(e);
	const name = e.getAttribute("aria-label") ?? e.labels?.[0]?.innerText ?? e.innerText ?? "";
	return {Name: e === document.body ? "" : name.trim(), Seen: e.localName === "main" || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
})()`

type focus struct {
	Name string
	Seen bool
}

// tabTo presses the tabulator until the field, link or button with this name has the focus.
func (b *browser) tabTo(name string) {
	b.Helper()
	var passed []string
	for range 40 {
		f := inPage[focus](b, focused)
		if f.Name != "" && !f.Seen {
			b.Errorf("at %q nobody sees that %q has the focus", b.heading(), f.Name)
		}
		if f.Name == name {
			return
		}
		passed = append(passed, f.Name)
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.Fatalf("at %q the tabulator does not come to %q: %q", b.heading(), name, passed)
}

// typeInto goes to the field and types.
func (b *browser) typeInto(name, text string) {
	b.Helper()
	b.tabTo(name)
	b.do(chromedp.KeyEvent(text))
}

// confirm presses a key and waits for the page that follows.
func (b *browser) confirm(key string) {
	b.Helper()
	if _, err := chromedp.RunResponse(b.ctx, chromedp.KeyEvent(key)); err != nil {
		b.Fatal(err)
	}
}

// Sign-in, registration and app password with the tabulator, the space bar and Enter.
func TestKeyboardAlone(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	r.SetMFA(state.MFAEnabled)
	r.Tenant.State.MFA.SetAllowAppPasswords("", true)
	b := browse(r, chromium(t))
	b.open("/security-info")
	b.typeInto("Account", simtest.ServiceUPN)
	b.tabTo("Next")
	b.confirm(" ")
	b.typeInto("Password of "+simtest.ServiceUPN, simtest.ServicePassword)
	b.confirm(kb.Enter)
	b.at("Register an authenticator app")
	b.tabTo("Skip to content")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.tabTo("For apps that take an address")
	b.do(chromedp.KeyEvent(" "))
	if !inPage[bool](b, `document.querySelector("details").open`) {
		t.Error("the space bar does not open the address")
	}
	b.typeInto("Code from the app", b.appCode())
	b.confirm(kb.Enter)
	b.tabTo("Create")
	b.confirm(kb.Enter)
	b.at("Your app password")
	first := b.marked("data-app-password")
	b.tabTo("Done")
	b.confirm(" ")
	b.tabTo("No")
	b.confirm(kb.Enter)
	b.at("Security info")

	b.tabTo("Add sign-in method")
	b.confirm(kb.Enter)
	b.tabTo("App password")
	b.confirm(" ")
	b.typeInto("Name of the app password", " by keyboard")
	b.confirm(kb.Enter)
	b.at("Your app password")
	second := b.marked("data-app-password")
	b.tabTo("Done")
	b.confirm(kb.Enter)
	b.at("Security info")
	for _, password := range []string{first, second} {
		if refusal := r.Tenant.Entra.SignIn.CheckAppPassword(simtest.ServiceUPN, password); refusal != nil {
			t.Errorf("the app password is worth nothing: %v", refusal)
		}
	}
	b.tabTo(fmt.Sprintf("Delete app password %s", person.AppPasswordName))
	b.confirm(kb.Enter)
	if r.Tenant.Entra.SignIn.CheckAppPassword(simtest.ServiceUPN, first) == nil {
		t.Error("the deleted app password still works")
	}
}
