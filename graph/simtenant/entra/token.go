package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// SigningKey is made once for a process, because making one takes longer than anything else here. Tokens of another
// tenant of the process are told by their tenant id.
var SigningKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// SigningKeyID is the key's name in the published key set.
var SigningKeyID = sync.OnceValue(func() string {
	sum := sha256.Sum256(SigningKey().N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:20])
})

func signToken(claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = SigningKeyID()
	text, err := token.SignedString(SigningKey())
	if err != nil {
		panic(err)
	}
	return text
}

// jsonWebKeys is the published key set (RFC 7517).
func jsonWebKeys(issuer string) map[string]any {
	public := SigningKey().PublicKey
	exponent := binary.BigEndian.AppendUint32(nil, uint32(public.E))
	for len(exponent) > 1 && exponent[0] == 0 {
		exponent = exponent[1:]
	}
	return map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": SigningKeyID(), "issuer": issuer,
		"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(exponent),
	}}}
}

// accessTokenLocked makes a token for Microsoft Graph
// (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
func (k *Tokens) accessTokenLocked(cloud entraCloud, req *tokenRequest, scopes []string) string {
	now := k.tenant.Instant()
	audience := strings.TrimSuffix(req.audience, "/")
	if audience == "" {
		audience = state.AppGraph
	}
	methods := []string{"pwd"}
	if req.completedMFA {
		methods = append(methods, "mfa")
	}
	claims := jwt.MapClaims{
		"aud": audience, "iss": cloud.accessIssuer(k.tenant.Organization.ID), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLifetime).Unix(),
		"tid": k.tenant.Organization.ID, "oid": req.user.ID, "sub": req.user.ID, "upn": req.user.UPN, "unique_name": req.user.UPN, "name": req.user.DisplayName,
		"appid": req.client.AppID, "app_displayname": req.client.DisplayName, "idtyp": "user", "amr": methods,
		"scp": strings.Join(scopes, " "), "wids": k.tenant.Directory.ActiveRolesLocked(req.user), "uti": k.newTokenIDLocked(), "ver": "1.0",
	}
	if len(req.contexts) > 0 {
		claims["acrs"] = req.contexts
	}
	if req.continuousAccess {
		claims["xms_cc"] = []string{"cp1"}
	}
	return signToken(claims)
}

// newTokenIDLocked makes an access token's own id and remembers which token it was.
func (k *Tokens) newTokenIDLocked() string {
	id := k.tenant.NewSecretLocked(22)
	k.TokensIssued++
	k.tokenNumbers[id] = k.TokensIssued
	return id
}

func (k *Tokens) idTokenLocked(issuer string, req *tokenRequest) string {
	now := k.tenant.Instant()
	claims := jwt.MapClaims{
		"aud": req.client.AppID, "iss": issuer, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLifetime).Unix(),
		"tid": k.tenant.Organization.ID, "oid": req.user.ID, "sub": req.user.ID + "." + req.client.AppID, "name": req.user.DisplayName,
		"preferred_username": req.user.UPN, "uti": k.tenant.NewSecretLocked(22), "ver": "2.0",
	}
	if req.nonce != "" {
		claims["nonce"] = req.nonce
	}
	return signToken(claims)
}

// Bearer is who stands behind an access token.
type Bearer struct {
	User             *state.User             // of an application that signed in as itself, an account that is nobody's
	App              *state.ServicePrincipal // that signed in as itself; nil behind a person
	Permissions      []string                // its application permissions
	AppID            string
	Scopes           []string
	Roles            []string // active when the token was made
	Contexts         []string // authentication contexts that were met
	ContinuousAccess bool
	MFA              bool // a second factor was given at the sign-in
}

var (
	errForeignToken = errors.New("token of another tenant or audience")
	errRevokedToken = errors.New("token from before the account's sessions were revoked")
)

// RevokedError is a revoked token of a client that can answer a claims challenge.
type RevokedError struct{ since time.Time }

func (*RevokedError) Error() string { return errRevokedToken.Error() }

// Challenge is the header that sends such a client back to the sign-in
// (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
func (e *RevokedError) Challenge() string {
	claims := fmt.Sprintf(`{"access_token":{"nbf":{"essential":true,"value":"%d"}}}`, e.since.Unix())
	return `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + state.AppGraph +
		`", error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `"`
}

// TokenFault is what Graph says of a token it refuses.
func TokenFault(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "Lifetime validation failed, the token is expired."
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return "Invalid issuer."
	case errors.Is(err, errForeignToken):
		return "Invalid audience."
	case errors.Is(err, jwt.ErrTokenMalformed):
		return "JWT is not well formed."
	case errors.Is(err, state.ErrNoUser):
		return "The user is unknown or disabled."
	case errors.Is(err, errRevokedToken):
		return "The token was revoked."
	}
	return "Signature is invalid."
}

// accessClaims are what is read of an access token that comes back.
type accessClaims struct {
	jwt.RegisteredClaims
	Tenant string   `json:"tid"`
	Object string   `json:"oid"`
	App    string   `json:"appid"`
	Scopes string   `json:"scp"`
	Client []string `json:"xms_cc"`
	ACRS   []string `json:"acrs"`
	AMR    []string `json:"amr"`
	WIDs   []string `json:"wids"`
	ID     string   `json:"uti"`
	Kind   string   `json:"idtyp"`
	Roles  []string `json:"roles"`
}

// claimsLocked verifies a token's signature, once, and its times, whenever it comes.
func (k *Tokens) claimsLocked(text string) (accessClaims, error) {
	claims, known := k.genuine[text]
	if !known {
		_, err := jwt.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return &SigningKey().PublicKey, nil },
			jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation())
		if err != nil {
			return claims, err
		}
		k.genuine[text] = claims
	}
	if k.tokenNumbers[claims.ID] <= k.Ended && k.Ended > 0 {
		return claims, jwt.ErrTokenExpired
	}
	return claims, jwt.NewValidator(jwt.WithTimeFunc(k.tenant.Instant), jwt.WithExpirationRequired()).Validate(claims)
}

// ReadTokenLocked verifies an access token that was sent to host. The reason of an error goes no further than a test.
func (k *Tokens) ReadTokenLocked(text, host string) (*Bearer, error) {
	claims, err := k.claimsLocked(text)
	if err != nil {
		return nil, err
	}
	if !isIssuerOf(claims.Issuer, claims.Tenant) {
		return nil, jwt.ErrTokenInvalidIssuer
	}
	if claims.Tenant != k.tenant.Organization.ID || claims.App == "" || !slices.ContainsFunc(claims.Audience, func(aud string) bool { return audienceFits(aud, host) }) {
		return nil, errForeignToken
	}
	if claims.Kind == "app" {
		sp := k.tenant.Applications.ServicePrincipalByAppLocked(claims.App)
		if sp == nil || sp.Disabled || sp.ID != claims.Object {
			return nil, state.ErrNoUser
		}
		return &Bearer{User: &state.User{}, App: sp, Permissions: claims.Roles, AppID: claims.App, ContinuousAccess: slices.Contains(claims.Client, "cp1")}, nil
	}
	u := k.tenant.Directory.UserByIDLocked(claims.Object)
	if u == nil || !u.AccountEnabled {
		return nil, state.ErrNoUser
	}
	since, revoked := u.Sessions.ValidFrom, claims.IssuedAt == nil || claims.IssuedAt.Before(u.Sessions.ValidFrom.Truncate(time.Second))
	if k.tokenNumbers[claims.ID] <= u.Sessions.Challenged && u.Sessions.Challenged > 0 {
		since, revoked = u.Sessions.ChallengedAt, true
	}
	if revoked {
		if slices.Contains(claims.Client, "cp1") {
			return nil, &RevokedError{since}
		}
		return nil, errRevokedToken
	}
	return &Bearer{
		User: u, AppID: claims.App, Scopes: strings.Fields(claims.Scopes), Contexts: claims.ACRS, Roles: claims.WIDs,
		ContinuousAccess: slices.Contains(claims.Client, "cp1"), MFA: slices.Contains(claims.AMR, "mfa"),
	}, nil
}

// audienceFits says whether a token for audience may be used at host. Tokens of one cloud are no use in another; a
// token for the global Graph is taken where the simulation is reached by an address of its own.
func audienceFits(audience, host string) bool {
	if strings.EqualFold(audience, state.AppGraph) {
		return true
	}
	u, err := url.Parse(audience)
	if err != nil {
		return false
	}
	name := (&url.URL{Host: host}).Hostname()
	return strings.EqualFold(u.Hostname(), name) || isSimulatedHost(name) && isGraphHost(strings.ToLower(u.Hostname()))
}

// AccessToken signs a token for Graph as if upn had signed in to Microsoft's command-line client. Without scopes it
// carries every scope there is; claims is what that client says it can do. The error names an unknown account.
func (s *Service) AccessToken(upn, claims string, scopes ...string) (string, error) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	u := s.tenant.Directory.UserByUPNLocked(upn)
	if u == nil {
		return "", fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	if len(scopes) == 0 {
		scopes = AllGraphScopes()
	}
	req := &tokenRequest{user: u, client: &state.CommandLineTools, completedMFA: true, continuousAccess: asksForContinuousAccess(claims)}
	return s.Tokens.accessTokenLocked(publicCloud, req, scopes), nil
}
