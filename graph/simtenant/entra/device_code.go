package entra

import (
	"net/http"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

const deviceLifetime = 15 * time.Minute

// deviceCode is a sign-in that waits for a person to enter its user code elsewhere (RFC 8628).
type deviceCode struct {
	userCode             string
	ClientID, ClientName string
	Scopes               []string
	audience             string
	continuousAccess     bool
	Contexts             []string // authentication contexts asked for
	expires              time.Time
	lastPoll             time.Time
	approvedBy           string // user id; empty while nobody has
	declined             bool
	why                  *Error // why it was refused; nil when the person simply said no
	redeemed             bool
}

// serveDeviceCode answers /{tenant}/oauth2/v2.0/devicecode.
func (s *Service) serveDeviceCode(w http.ResponseWriter, r *http.Request) {
	if !s.formRequest(w, r) {
		return
	}
	s.tenant.Lock()
	defer s.tenant.Unlock()
	clientID, scope := r.PostForm.Get("client_id"), r.PostForm.Get("scope")
	if err := s.SignIn.checkTenantLocked(request.FirstSegment(r.URL.Path)); err != nil {
		s.writeAADError(w, err)
		return
	}
	if clientID == "" || scope == "" {
		name := "client_id"
		if clientID != "" {
			name = "scope"
		}
		s.writeAADError(w, s.SignIn.missingLocked(name))
		return
	}
	client := s.tenant.Applications.ClientLocked(clientID)
	if client == nil {
		s.writeAADError(w, s.SignIn.unknownClientLocked(clientID))
		return
	}
	scopes, audience, err := s.Consents.parseScopesLocked(scope)
	if err != nil {
		s.writeAADError(w, err)
		return
	}
	d := &deviceCode{
		userCode: s.newUserCodeLocked(), ClientID: client.AppID, ClientName: client.DisplayName, Scopes: scopes, audience: audience,
		continuousAccess: asksForContinuousAccess(r.PostForm.Get("claims")), Contexts: contextsAsked(r.PostForm.Get("claims")), expires: s.tenant.Instant().Add(deviceLifetime),
	}
	code := s.tenant.IssuedLocked("device code", "0."+s.tenant.NewSecretLocked(60))
	s.devices[code] = d
	page := request.BaseURL(r) + "/devicelogin"
	WriteJSON(w, http.StatusOK, map[string]any{
		"user_code": d.userCode, "device_code": code, "verification_uri": page,
		"expires_in": int(deviceLifetime.Seconds()), "interval": int(s.DeviceInterval.Seconds()),
		"message": "To sign in, use a web browser to open the page " + page + " and enter the code " + d.userCode + " to authenticate.",
	})
}

const userCodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

func (s *Service) newUserCodeLocked() string {
	b := make([]byte, 9)
	for i := range b {
		b[i] = userCodeLetters[s.tenant.Noise.IntN(len(userCodeLetters))]
	}
	return string(b)
}

func (s *Service) deviceByUserCodeLocked(userCode string) *deviceCode {
	typed := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(userCode), " ", ""))
	for _, d := range s.devices {
		if d.userCode == typed && d.expires.After(s.tenant.Instant()) && d.approvedBy == "" && !d.declined {
			return d
		}
	}
	return nil
}

// PendingDevice finds the sign-in that waits for this user code, however it was typed.
func (s *Service) PendingDevice(userCode string) (*deviceCode, bool) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	d := s.deviceByUserCodeLocked(userCode)
	if d == nil {
		return nil, false
	}
	found := *d
	return &found, true
}

// ApproveDevice lets the waiting client in as the account userID.
func (s *Service) ApproveDevice(userCode, userID string) error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	if d := s.deviceByUserCodeLocked(userCode); d != nil {
		d.approvedBy = userID
		return nil
	}
	return errNoDeviceCode
}

// DeclineDevice tells the waiting client that the person refused, or that the sign-in was refused to them.
func (s *Service) DeclineDevice(userCode string, why *Error) error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	if d := s.deviceByUserCodeLocked(userCode); d != nil {
		d.declined, d.why = true, why
		return nil
	}
	return errNoDeviceCode
}
