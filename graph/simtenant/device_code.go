package simtenant

import (
	"net/http"
	"strings"
	"time"
)

const (
	deviceLifetime = 15 * time.Minute
	deviceInterval = 5 * time.Second
)

// deviceCode is a sign-in that waits for a person to enter its user code elsewhere (RFC 8628).
type deviceCode struct {
	userCode             string
	clientID, clientName string
	scopes               []string
	audience             string
	continuousAccess     bool
	contexts             []string // authentication contexts asked for
	expires              time.Time
	lastPoll             time.Time
	approvedBy           string // user id; empty while nobody has
	declined             bool
	why                  *aadError // why it was refused; nil when the person simply said no
	redeemed             bool
}

// serveDeviceCode answers /{tenant}/oauth2/v2.0/devicecode.
func (t *Tenant) serveDeviceCode(w http.ResponseWriter, r *http.Request) {
	if !t.formRequest(w, r) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	clientID, scope := r.PostForm.Get("client_id"), r.PostForm.Get("scope")
	if err := t.checkTenantLocked(firstSegment(r.URL.Path)); err != nil {
		t.writeAADError(w, err)
		return
	}
	if clientID == "" || scope == "" {
		name := "client_id"
		if clientID != "" {
			name = "scope"
		}
		t.writeAADError(w, t.missingLocked(name))
		return
	}
	client := t.clientLocked(clientID)
	if client == nil {
		t.writeAADError(w, t.unknownClientLocked(clientID))
		return
	}
	scopes, audience, err := t.parseScopesLocked(scope)
	if err != nil {
		t.writeAADError(w, err)
		return
	}
	d := &deviceCode{
		userCode: t.newUserCodeLocked(), clientID: client.appID, clientName: client.displayName, scopes: scopes, audience: audience,
		continuousAccess: asksForContinuousAccess(r.PostForm.Get("claims")), contexts: contextsAsked(r.PostForm.Get("claims")), expires: t.instant().Add(deviceLifetime),
	}
	code := t.issuedLocked("device code", "0."+t.newSecretLocked(60))
	t.devices[code] = d
	page := baseURL(r) + "/devicelogin"
	writeJSON(w, http.StatusOK, map[string]any{
		"user_code": d.userCode, "device_code": code, "verification_uri": page,
		"expires_in": int(deviceLifetime.Seconds()), "interval": int(deviceInterval.Seconds()),
		"message": "To sign in, use a web browser to open the page " + page + " and enter the code " + d.userCode + " to authenticate.",
	})
}

const userCodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

func (t *Tenant) newUserCodeLocked() string {
	b := make([]byte, 9)
	for i := range b {
		b[i] = userCodeLetters[t.noise.IntN(len(userCodeLetters))]
	}
	return string(b)
}

func (t *Tenant) deviceByUserCodeLocked(userCode string) *deviceCode {
	typed := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(userCode), " ", ""))
	for _, d := range t.devices {
		if d.userCode == typed && d.expires.After(t.instant()) && d.approvedBy == "" && !d.declined {
			return d
		}
	}
	return nil
}

// pendingDevice finds the sign-in that waits for this user code, however it was typed.
func (t *Tenant) pendingDevice(userCode string) (*deviceCode, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d := t.deviceByUserCodeLocked(userCode)
	if d == nil {
		return nil, false
	}
	found := *d
	return &found, true
}

// approveDevice lets the waiting client in as the account userID.
func (t *Tenant) approveDevice(userCode, userID string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.deviceByUserCodeLocked(userCode); d != nil {
		d.approvedBy = userID
		return nil
	}
	return errNoDeviceCode
}

// declineDevice tells the waiting client that the person refused, or that the sign-in was refused to them.
func (t *Tenant) declineDevice(userCode string, why *aadError) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.deviceByUserCodeLocked(userCode); d != nil {
		d.declined, d.why = true, why
		return nil
	}
	return errNoDeviceCode
}
