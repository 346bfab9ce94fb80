package simtenant

import (
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// passwordMethodID is the same for every account.
const passwordMethodID = "28c10230-6103-485e-b985-444c60001490"

func (m *method) object(now time.Time) map[string]any {
	object := map[string]any{"@odata.type": "#microsoft.graph." + m.kind + "AuthenticationMethod", "id": m.id, "createdDateTime": stamp(m.created)}
	switch m.kind {
	case methodTOTP:
		object["secretKey"] = nil
	case methodAuthenticator:
		object["displayName"], object["deviceTag"], object["phoneAppVersion"] = m.name, "SoftwareTokenActivated", "6.8.15"
	case methodFIDO2:
		object["displayName"], object["model"], object["attestationLevel"] = m.name, "Simulated key", "attested"
		object["aaGuid"], object["attestationCertificates"] = "00000000-0000-0000-0000-000000000000", []any{}
	case methodTAP:
		usable := !m.used && m.created.Add(m.lifetime).After(now)
		object["temporaryAccessPass"], object["isUsable"], object["isUsableOnce"] = nil, usable, m.usableOnce
		object["lifetimeInMinutes"], object["startDateTime"] = int(m.lifetime.Minutes()), stamp(m.created)
		object["methodUsabilityReason"] = map[bool]string{true: "EnabledByPolicy", false: "Expired"}[usable]
	}
	return object
}

func listMethods(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.shownSubject()
	if failure != nil {
		return nil, failure
	}
	objects := []map[string]any{{
		"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": passwordMethodID, "password": nil, "createdDateTime": stamp(u.lastPasswordChange),
	}}
	for _, m := range u.methods {
		objects = append(objects, m.object(c.now))
	}
	return c.collection(fmt.Sprintf("users('%s')/authentication/methods", u.id), objects)
}

func createTAP(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	t := c.t
	if !t.methodStates["TemporaryAccessPass"] {
		return nil, odata.BadRequest("Temporary Access Pass cannot be added to this user as per tenant policy.")
	}
	if t.isAdminLocked(u) && !holdsAny(c.roles, []string{rolePrivilegedAuthenticationAdmin}) {
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
	m := &method{id: t.newIDLocked(), kind: methodTAP, created: c.now, lifetime: time.Duration(minutes) * time.Minute, usableOnce: once, secret: []byte(t.newSecretLocked(8))}
	t.changeUserLocked(u, func() {
		u.methods = append(slices.DeleteFunc(slices.Clone(u.methods), func(old *method) bool { return old.kind == methodTAP }), m)
	})
	t.auditUserLocked(c.who.user, u, "Admin registered security info", "Authentication Methods", "Add")
	object := m.object(c.now)
	object["temporaryAccessPass"] = string(m.secret)
	object["@odata.context"] = c.base + fmt.Sprintf("/$metadata#users('%s')/authentication/temporaryAccessPassMethods/$entity", u.id)
	return created(object)
}

func getRequirements(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.shownSubject()
	if failure != nil {
		return nil, failure
	}
	return ok(map[string]any{
		"@odata.context": c.base + fmt.Sprintf("/$metadata#users('%s')/authentication/requirements", u.id), "perUserMfaState": u.mfaState,
	})
}

// updateRequirements sets the per-user MFA state. An account with a registered method goes from enabled on to enforced
// (https://learn.microsoft.com/graph/api/resources/strongauthenticationrequirements).
func updateRequirements(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	state := c.text("perUserMfaState")
	if state == "" {
		return nil, odata.BadRequest("A value is required for property 'perUserMfaState'.").At("perUserMfaState")
	}
	if state == mfaEnabled && len(u.strongMethods()) > 0 {
		state = mfaEnforced
	}
	c.t.setPerUserMFALocked(c.who.user, u, state)
	return noContent()
}
