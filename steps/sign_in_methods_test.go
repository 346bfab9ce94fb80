package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// squat makes an account with the service account's name, and this job title, as whoever manages users can.
func (r *rehearsal) squat(title string) {
	r.t.Helper()
	id := r.tenant.AddUser(serviceAccount, "Delegate365 Service", "Squatted-2026-Contoso")
	if title != "" {
		r.asOperator("PATCH", "/v1.0/users/"+id, `{"jobTitle":"`+title+`"}`)
	}
	time.Sleep(time.Hour)
}

// register gives the service account a method, and waits until every server has it.
func (r *rehearsal) register(kind, name string) {
	r.t.Helper()
	if _, err := r.tenant.SignIns.Register(serviceAccount, kind, name); err != nil {
		r.t.Fatal(err)
	}
	time.Sleep(time.Hour)
}

// asks reports that a finding stops, and asks whose the account's methods are: never with what Enter chooses.
func asks(f steps.Finding) bool {
	i := slices.IndexFunc(f.Actions, func(a steps.Action) bool { return a.ID == "methods-known" })
	return f.Status == steps.Blocked && i > 0
}

func (r *rehearsal) administrator() bool {
	return slices.Contains(r.tenant.Snapshot().Users[serviceAccount].Roles, "Global Administrator")
}

// factorRow is the last screen's row about the second factor.
func (r *rehearsal) factorRow() steps.Fact {
	r.t.Helper()
	return rowsOf(r.inspect(steps.HandOver))["Second factor"]
}

// A new password ends no method that an account has already: nobody who has one becomes Global Administrator unasked, whether the account
// carries the program's mark, which whoever manages users can write, or is taken over.
func TestMethodsOfAnAccountThatExists(t *testing.T) {
	t.Parallel()
	for kind, said := range map[string]string{
		state.MethodFIDO2: "passkey", state.MethodAuthenticator: "Microsoft Authenticator", state.MethodTOTP: "authenticator app", state.MethodTAP: "Temporary Access Pass",
		"windowsHelloForBusiness": "Windows Hello", "hardwareOath": "hardware token", "phone": "phone", "email": "email", "telepathy": "telepathy",
	} {
		for _, title := range []string{steps.Marker, ""} {
			t.Run(kind+title, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r := rehearse(t, setup{profile: "business"})
					r.squat(title)
					r.register(kind, "Key of Mallory")
					r.pass(steps.SignIn)
					f := r.inspect(steps.Check)
					if title == "" {
						if asks(f) {
							t.Fatalf("it asks for both at once: %+v", f.Actions)
						}
						r.answer(steps.Check, "adopt", "")
						f = r.inspect(steps.Check)
					}
					text := finding.Read(f.Text)
					if !asks(f) || !strings.Contains(text, said) || kind == state.MethodFIDO2 && !strings.Contains(text, "Key of Mallory") || !strings.Contains(text, "since ") {
						t.Fatalf("%v %+v: %s", f.Status, f.Actions, text)
					}
					if row := rowsOf(f)["Service account"]; !strings.Contains(row.Page.URL, "UserAuthMethods") {
						t.Errorf("%+v", row)
					}
					if strings.Contains(text+rowsOf(f)["Service account"].Note, "made by this program") {
						t.Error(text)
					}
					r.answer(steps.Check, "methods-known", "")
					r.passUntil(steps.SuspendMFA)
					if !r.administrator() {
						t.Error("it is no administrator")
					}
				})
			})
		}
	}
}

// Deleted, it is asked about no more; and the last screen and each report say of one that stays that it was there before.
func TestMethodsAreDeletedOrSaidAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, stays := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			folder := t.TempDir()
			r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
			r.squat(steps.Marker)
			r.register(state.MethodFIDO2, "Key of Mallory")
			r.pass(steps.SignIn)
			if f := r.inspect(steps.Check); !asks(f) {
				t.Fatal(finding.Read(f.Text))
			}
			if stays {
				r.answer(steps.Check, "methods-known", "")
			} else if err := r.tenant.SignIns.Unregister(serviceAccount); err != nil {
				t.Fatal(err)
			} else {
				time.Sleep(time.Hour)
				r.answer(steps.Check, "reread", "")
			}
			for _, s := range steps.All()[1:] {
				r.pass(s.Info().ID)
			}
			row := r.factorRow()
			if before := strings.Contains(row.Note, "was there before this run"); before != stays || stays && (row.Mark != steps.MarkNote || !strings.Contains(row.Note, "as you said")) {
				t.Errorf("%+v", row)
			}
			r.hand(report.Finished)
			r.run.Close()
			if h := r.again(folder); slices.ContainsFunc(h.Doubts, func(d report.Doubt) bool { return d.About == report.WhatMethods }) != stays {
				t.Errorf("the report doubts %+v", h.Doubts)
			}
		})
	}
}

// One that appears between the check and the assignment stops that: nothing is written before somebody has said whose it is.
func TestMethodBeforeTheAssignment(t *testing.T) {
	t.Parallel()
	for _, squatted := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: "business"})
			if squatted {
				r.squat(steps.Marker)
			}
			r.passUntil(steps.AssignAdmin)
			r.mailed()
			r.register(state.MethodFIDO2, "Key of Mallory")
			stopped := func() bool {
				t.Helper()
				if err := r.apply(t.Context(), steps.AssignAdmin); err != nil {
					t.Fatal(err)
				}
				return asks(r.inspect(steps.AssignAdmin)) && !r.administrator() && !r.open()
			}
			if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready || !stopped() {
				t.Fatalf("squatted %v: %v %s", squatted, f.Status, finding.Read(f.Text))
			}
			if err := r.tenant.SignIns.Unregister(serviceAccount); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
			if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready {
				t.Fatalf("deleted: %s", finding.Read(f.Text))
			}
			r.register(state.MethodFIDO2, "Another key of Mallory")
			if !stopped() {
				t.Fatal("another one goes by")
			}
			r.answer(steps.AssignAdmin, "methods-known", "")
			r.pass(steps.AssignAdmin)
		})
	}
}

// What can't be read is doubt, of an account that was there before. Of one that this run made, whose password nobody else has, a cloud that
// does not list methods refuses it for good.
func TestMethodsNotRead(t *testing.T) {
	t.Parallel()
	for _, squatted := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: "business"})
			if squatted {
				r.squat(steps.Marker)
			}
			r.refusing("/authentication/methods")
			r.pass(steps.SignIn)
			if f := r.inspect(steps.Check); asks(f) != squatted || squatted && !strings.Contains(finding.Read(f.Text), "could not be read") {
				t.Fatalf("squatted %v: %s", squatted, finding.Read(f.Text))
			}
			if squatted {
				r.answer(steps.Check, "methods-known", "")
			}
			r.passUntil(steps.SuspendMFA)
		})
	}
}

// Of an account that is Global Administrator already nothing is given away by going on: what it has is named, and decides nothing.
func TestMethodsOfAnAdministrator(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.pass(steps.SignIn)
		f := r.inspect(steps.Check)
		if row := rowsOf(f)["Service account"]; f.Status != steps.Ready || row.Mark != steps.MarkLook || !strings.Contains(row.Note, "Microsoft Authenticator \"Telephone of the provider\"") {
			t.Errorf("%v %+v", f.Status, row)
		} else if !strings.Contains(row.Note, "Ask the customer.") || !strings.Contains(row.Page.URL, "UserAuthMethods") {
			t.Errorf("whose it is can't be found out: %+v", row)
		}
		if said := f.Text[0].String(); strings.Contains(said, "to decide: Service account") || strings.Contains(said, "and Service account") || !strings.Contains(said, "To look at: Service account.") {
			t.Errorf("no screen asks for it, and the check says %q", said)
		}
	})
}
