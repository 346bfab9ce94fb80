package simtenant

import "slices"

type indexView struct {
	Pages            []link
	Tenant, TenantID string
	Operator         string
}

var indexPages = []link{
	{"/devicelogin", "Device login: type the code of a program on another screen"},
	{"/per-user-mfa", "Per-user multi-factor authentication (administrators)"},
	{"/service-settings", "Service settings: allow app passwords (administrators)"},
	{"/security-info", "Security info: sign-in methods and app passwords of the account signed in"},
	{"/AppPasswords.aspx", "App passwords, the classic page"},
	{"/setup", "Delegate365: setup"},
	{"/login", "Delegate365: login"},
	{"/administration/office365-account", "Delegate365: Administration / Office 365 account"},
	{"/sign-out", "Sign out"},
}

func (s *site) index(v *visit) {
	s.t.mu.Lock()
	data := indexView{Pages: indexPages, Tenant: s.t.displayName, TenantID: s.t.id}
	s.t.mu.Unlock()
	if s.t.opts.NewerDelegate365 {
		data.Pages = slices.DeleteFunc(slices.Clone(data.Pages), func(l link) bool { return l.Path == linkExchange.Path })
	}
	data.Operator = s.t.Endpoints().Operator.UserPrincipalName
	v.show("index", "Pages of this tenant", data)
}
