package web

import (
	"strings"
)

func (s *Site) showDeviceLogin(v *visit) {
	v.show("device-code", "Sign in on another device", pageOf(v).deviceCode(v.r.URL.Query().Get("otc")))
}

// deviceLogin takes the code and lets the person sign in; the program that waits is let in only after that.
func (s *Site) deviceLogin(v *visit) {
	code := strings.ToUpper(plainCode(v.form("code")))
	d, ok := s.entra.PendingDevice(code)
	if !ok {
		v.problem = &problem{Summary: "That code did not work. Check it, or ask the program for another"}
		v.show("device-code", "Sign in on another device", pageOf(v).deviceCode(v.form("code")))
		return
	}
	f := &flow{app: application{d.ClientID, d.ClientName}, device: code, contexts: d.Contexts}
	if v.session.user != "" {
		f.step = askAccount
	}
	v.begin(f)
}
