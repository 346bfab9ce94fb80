package web_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr/qrtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// The page's picture, its key and its address are the same secret.
func TestRegistrationShowsOneSecret(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.SetMFA(state.MFAEnabled)
	s := r.Open("/security-info")
	s = r.Submit(s, "", map[string]string{"account": simtest.ServiceUPN})
	s = r.Submit(s, "", map[string]string{"password": simtest.ServicePassword})
	if s.Name != "register" {
		t.Fatalf("the page is %q", s.Title)
	}
	var code qr.Code
	picture := person.Find(s.Root, person.Element("svg"))
	if _, err := fmt.Sscanf(person.Attribute(picture, "viewbox")+person.Attribute(picture, "viewBox"), "0 0 %d", &code.Size); err != nil {
		t.Fatal(err)
	}
	code.Path = person.Attribute(person.Find(picture, func(n *html.Node) bool { return n.Data == "path" }), "d")
	address := qrtest.Read(t, qrtest.Paint(t, code))
	if address != s.Marked("data-otpauth") || !strings.Contains(address, "secret="+s.Marked("data-secret")+"&") && !strings.HasSuffix(address, "secret="+s.Marked("data-secret")) {
		t.Errorf("the code says %q, the page %q and %q", address, s.Marked("data-otpauth"), s.Marked("data-secret"))
	}
	if !strings.HasPrefix(address, "otpauth://totp/") || !strings.Contains(address, simtest.ServiceUPN) {
		t.Errorf("no authenticator app takes %q", address)
	}
}
