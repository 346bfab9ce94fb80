package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Sign-ins of the service account are marked for whoever reads them, and are never called unexplained: nobody publishes the
// addresses that Delegate365 comes from.

// The marks of a sign-in.
const (
	Expected = "expected"
	LookAt   = "look"
)

// pages are Microsoft's own pages that the account is sent to, by their application ids
// (https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in).
var pages = []string{
	"19db86c3-b2b9-44cc-b339-36da233a3be2", // My Signins
	"2793995e-0a7d-40d7-bd35-6968ba142197", // My Apps
	"0000000c-0000-0000-c000-000000000000", // Microsoft App Access Panel
	"00000002-0000-0ff1-ce00-000000000000", // Office 365 Exchange Online
}

// markSignIns marks what is to be looked at: a success with an application that is neither Delegate365's nor one of the pages that
// the account was sent to, one by legacy authentication before an app password was asked for, and one from a third country.
func (r *Report) markSignIns(entries []journal.Entry) {
	asks := askedOf(entries)
	var legacyFrom time.Time
	if all := append(slices.Clone(asks[AskFactor]), asks[AskPassword]...); len(all) > 0 {
		legacyFrom = slices.MinFunc(all, time.Time.Compare)
	}
	own, vendors := r.countries()
	for i := range r.SignIns.Items {
		s := &r.SignIns.Items[i]
		s.Mark = Expected
		known := slices.Contains(pages, strings.ToLower(s.AppID)) || r.vendors(*s)
		legacy := !modern(s.ClientApp) && (legacyFrom.IsZero() || s.At.Add(r.Clock.ahead()).Before(legacyFrom))
		third := s.Country != "" && !slices.Contains(own, s.Country) && !slices.Contains(vendors, s.Country)
		if s.Result == SignedIn && (!known || legacy || third) {
			s.Mark = LookAt
		}
	}
}

// SignedIn is the result of a sign-in that succeeded.
const SignedIn = "success"

// countries are those that the account's own pages, and Delegate365, were first used from.
func (r *Report) countries() (own, vendors []string) {
	for _, s := range slices.Backward(r.SignIns.Items) { // the oldest first
		switch {
		case s.Country == "" || s.Result != SignedIn:
		case r.vendors(s) && len(vendors) == 0:
			vendors = append(vendors, s.Country)
		case slices.Contains(pages, strings.ToLower(s.AppID)) && len(own) == 0:
			own = append(own, s.Country)
		}
	}
	return own, vendors
}

// vendors reports a sign-in to Delegate365: by the id of an application of its, or by its name.
func (r *Report) vendors(s SignIn) bool {
	return strings.HasPrefix(s.App, "Delegate365") || slices.ContainsFunc(r.Vendor.Apps, func(a App) bool { return a.AppID != "" && strings.EqualFold(a.AppID, s.AppID) })
}

// modern reports a client that is asked for a second factor.
func modern(client string) bool {
	return client == "" || slices.Contains([]string{"Browser", "Mobile Apps and Desktop clients"}, client)
}
