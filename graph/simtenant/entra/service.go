// Package entra is the simulated tenant's sign-in: what a sign-in demands, consent, tokens, and Microsoft Entra ID's
// endpoints that no person looks at.
package entra

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Service is Microsoft Entra ID for one tenant.
type Service struct {
	SignIn   *SignIn
	Consents *Consents
	Tokens   *Tokens

	DeviceInterval time.Duration // least time between two polls for a device code (RFC 8628, 3.2), of whole seconds

	tenant        *state.Tenant
	codes         map[string]*authorizationCode
	devices       map[string]*deviceCode // by device code
	RefreshTokens map[string]*refreshToken
	assertions    map[string]bool // ids of client assertions that were used
}

// SignIn judges who may come in.
type SignIn struct {
	tenant          *state.Tenant
	BlockDeviceCode bool
	BlockBrowser    bool
}

// Consents are what people let applications do.
type Consents struct {
	tenant                 *state.Tenant
	signIn                 *SignIn
	RefusedScopes          map[string]bool
	ConsentRefusals        int // consents that are going to be refused
	RefreshesToConsentLoss int // the renewal that finds its consent gone, counted down; 0 is none
}

// Tokens makes and reads access tokens.
type Tokens struct {
	tenant       *state.Tenant
	TokensIssued int
	Ended        int                     // the newest access token that has ended before its time, by number
	tokenNumbers map[string]int          // by the token's own id
	genuine      map[string]accessClaims // tokens whose signature was verified, by their text
}

// New is the sign-in of t.
func New(t *state.Tenant) *Service {
	signIn := &SignIn{tenant: t}
	return &Service{
		SignIn: signIn, Consents: &Consents{tenant: t, signIn: signIn, RefusedScopes: map[string]bool{}},
		Tokens: &Tokens{tenant: t, tokenNumbers: map[string]int{}, genuine: map[string]accessClaims{}}, tenant: t, DeviceInterval: 5 * time.Second,
		codes: map[string]*authorizationCode{}, devices: map[string]*deviceCode{}, RefreshTokens: map[string]*refreshToken{}, assertions: map[string]bool{},
	}
}
