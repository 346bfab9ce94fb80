package graphapi

import (
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// passwordMethodID is the same for every account.
const passwordMethodID = "28c10230-6103-485e-b985-444c60001490"

func methodObject(m *state.Method, now time.Time) map[string]any {
	object := map[string]any{"@odata.type": "#microsoft.graph." + m.Kind + "AuthenticationMethod", "id": m.ID, "createdDateTime": stamp(m.Created)}
	switch m.Kind {
	case state.MethodTOTP:
		object["secretKey"] = nil
	case state.MethodAuthenticator:
		object["displayName"], object["deviceTag"], object["phoneAppVersion"] = m.Name, "SoftwareTokenActivated", "6.8.15"
	case state.MethodFIDO2:
		object["displayName"], object["model"], object["attestationLevel"] = m.Name, "Simulated key", "attested"
		object["aaGuid"], object["attestationCertificates"] = "00000000-0000-0000-0000-000000000000", []any{}
	case state.MethodTAP:
		usable := !m.Used && m.Created.Add(m.Lifetime).After(now)
		object["temporaryAccessPass"], object["isUsable"], object["isUsableOnce"] = nil, usable, m.UsableOnce
		object["lifetimeInMinutes"], object["startDateTime"] = int(m.Lifetime.Minutes()), stamp(m.Created)
		object["methodUsabilityReason"] = map[bool]string{true: "EnabledByPolicy", false: "Expired"}[usable]
	}
	return object
}

func listMethods(c *Call) (*Answer, *odata.Error) {
	u, failure := c.shownSubject()
	if failure != nil {
		return nil, failure
	}
	objects := []map[string]any{{
		"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": passwordMethodID, "password": nil, "createdDateTime": stamp(u.Credentials.LastChange),
	}}
	for _, m := range u.Factors.Methods {
		objects = append(objects, methodObject(m, c.now))
	}
	return c.collection(fmt.Sprintf("users('%s')/authentication/methods", u.ID), objects)
}

func createTAP(c *Call) (*Answer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	t := c.t
	if !t.MFA.MethodStates["TemporaryAccessPass"] {
		return nil, odata.BadRequest("Temporary Access Pass cannot be added to this user as per tenant policy.")
	}
	if t.Directory.IsAdminLocked(u) && !state.HoldsAny(c.roles, []string{state.RolePrivilegedAuthenticationAdmin}) {
		return nil, odata.Denied()
	}
	minutes := 60
	if value := c.body["lifetimeInMinutes"]; value != nil {
		minutes = number(value)
	}
	if minutes < 10 || minutes > 43200 {
		return nil, odata.BadRequest("The value %d of 'lifetimeInMinutes' is out of range: 10 to 43200.", minutes).At("lifetimeInMinutes")
	}
	once, _ := c.body["isUsableOnce"].(bool)
	m := &state.Method{ID: t.NewIDLocked(), Kind: state.MethodTAP, Created: c.now, Lifetime: time.Duration(minutes) * time.Minute, UsableOnce: once, Secret: []byte(t.NewSecretLocked(8))}
	t.Directory.ChangeUserLocked(u, func() {
		u.Factors.Methods = append(slices.DeleteFunc(slices.Clone(u.Factors.Methods), func(old *state.Method) bool { return old.Kind == state.MethodTAP }), m)
	})
	t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Admin registered security info", "Authentication Methods", "Add"))
	object := methodObject(m, c.now)
	object["temporaryAccessPass"] = string(m.Secret)
	object["@odata.context"] = c.base + fmt.Sprintf("/$metadata#users('%s')/authentication/temporaryAccessPassMethods/$entity", u.ID)
	return created(object)
}

func getRequirements(c *Call) (*Answer, *odata.Error) {
	u, failure := c.shownSubject()
	if failure != nil {
		return nil, failure
	}
	return ok(map[string]any{
		"@odata.context": c.base + fmt.Sprintf("/$metadata#users('%s')/authentication/requirements", u.ID), "perUserMfaState": u.Factors.PerUserMFA,
	})
}

// updateRequirements sets the per-user MFA state. An account with a registered method goes from enabled on to enforced
// (https://learn.microsoft.com/graph/api/resources/strongauthenticationrequirements).
func updateRequirements(c *Call) (*Answer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	wanted := c.text("perUserMfaState")
	if wanted == "" {
		return nil, odata.BadRequest("A value is required for property 'perUserMfaState'.").At("perUserMfaState")
	}
	if wanted == state.MFAEnabled && len(u.StrongMethods()) > 0 {
		wanted = state.MFAEnforced
	}
	c.t.MFA.SetPerUserMFALocked(c.who.User, u, wanted)
	return noContent()
}
