package simtenant

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
)

// signingKey is made once for a process, because making one takes longer than anything else here. Tokens of another
// tenant of the process are told by their tenant id.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// signingKeyID is the key's name in the published key set.
var signingKeyID = sync.OnceValue(func() string {
	sum := sha256.Sum256(signingKey().N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:20])
})

func signToken(claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = signingKeyID()
	text, err := token.SignedString(signingKey())
	if err != nil {
		panic(err)
	}
	return text
}

// jsonWebKeys is the published key set (RFC 7517).
func jsonWebKeys(issuer string) map[string]any {
	public := signingKey().PublicKey
	exponent := binary.BigEndian.AppendUint32(nil, uint32(public.E))
	for len(exponent) > 1 && exponent[0] == 0 {
		exponent = exponent[1:]
	}
	return map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": signingKeyID(), "issuer": issuer,
		"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(exponent),
	}}}
}

// accessTokenLocked makes a token for Microsoft Graph
// (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
func (t *Tenant) accessTokenLocked(cloud entraCloud, req *tokenRequest, scopes []string) string {
	now := t.instant()
	audience := strings.TrimSuffix(req.audience, "/")
	if audience == "" {
		audience = appGraph
	}
	methods := []string{"pwd"}
	if req.completedMFA {
		methods = append(methods, "mfa")
	}
	claims := jwt.MapClaims{
		"aud": audience, "iss": cloud.accessIssuer(t.id), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLifetime).Unix(),
		"tid": t.id, "oid": req.user.id, "sub": req.user.id, "upn": req.user.upn, "unique_name": req.user.upn, "name": req.user.displayName,
		"appid": req.client.appID, "app_displayname": req.client.displayName, "idtyp": "user", "amr": methods,
		"scp": strings.Join(scopes, " "), "wids": t.activeRolesLocked(req.user), "uti": t.newTokenIDLocked(), "ver": "1.0",
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
func (t *Tenant) newTokenIDLocked() string {
	id := t.newSecretLocked(22)
	t.tokensIssued++
	t.tokenNumbers[id] = t.tokensIssued
	return id
}

func (t *Tenant) idTokenLocked(issuer string, req *tokenRequest) string {
	now := t.instant()
	claims := jwt.MapClaims{
		"aud": req.client.appID, "iss": issuer, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLifetime).Unix(),
		"tid": t.id, "oid": req.user.id, "sub": req.user.id + "." + req.client.appID, "name": req.user.displayName,
		"preferred_username": req.user.upn, "uti": t.newSecretLocked(22), "ver": "2.0",
	}
	if req.nonce != "" {
		claims["nonce"] = req.nonce
	}
	return signToken(claims)
}

// bearer is who stands behind an access token.
type bearer struct {
	user             *user
	appID            string
	scopes           []string
	roles            []string // active when the token was made
	contexts         []string // authentication contexts that were met
	continuousAccess bool
}

var (
	errForeignToken = errors.New("token of another tenant or audience")
	errRevokedToken = errors.New("token from before the account's sessions were revoked")
)

// revokedError is a revoked token of a client that can answer a claims challenge.
type revokedError struct{ since time.Time }

func (*revokedError) Error() string { return errRevokedToken.Error() }

// challenge is the header that sends such a client back to the sign-in
// (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
func (e *revokedError) challenge() string {
	claims := fmt.Sprintf(`{"access_token":{"nbf":{"essential":true,"value":"%d"}}}`, e.since.Unix())
	return `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + appGraph +
		`", error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `"`
}

// tokenFault is what Graph says of a token it refuses.
func tokenFault(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "Lifetime validation failed, the token is expired."
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return "Invalid issuer."
	case errors.Is(err, errForeignToken):
		return "Invalid audience."
	case errors.Is(err, jwt.ErrTokenMalformed):
		return "JWT is not well formed."
	case errors.Is(err, errNoUser):
		return "The user is unknown or disabled."
	case errors.Is(err, errRevokedToken):
		return "The token was revoked."
	}
	return "Signature is invalid."
}

// readTokenLocked verifies an access token that was sent to host. The reason of an error goes no further than a test.
func (t *Tenant) readTokenLocked(text, host string) (*bearer, error) {
	var claims struct {
		jwt.RegisteredClaims
		Tenant string   `json:"tid"`
		Object string   `json:"oid"`
		App    string   `json:"appid"`
		Scopes string   `json:"scp"`
		Client []string `json:"xms_cc"`
		ACRS   []string `json:"acrs"`
		WIDs   []string `json:"wids"`
		ID     string   `json:"uti"`
	}
	_, err := jwt.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return &signingKey().PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(t.instant), jwt.WithExpirationRequired())
	if err != nil {
		return nil, err
	}
	if !isIssuerOf(claims.Issuer, claims.Tenant) {
		return nil, jwt.ErrTokenInvalidIssuer
	}
	if claims.Tenant != t.id || claims.App == "" || !slices.ContainsFunc(claims.Audience, func(aud string) bool { return audienceFits(aud, host) }) {
		return nil, errForeignToken
	}
	u := t.userByIDLocked(claims.Object)
	if u == nil || !u.accountEnabled {
		return nil, errNoUser
	}
	since, revoked := u.sessionsValidFrom, claims.IssuedAt == nil || claims.IssuedAt.Before(u.sessionsValidFrom.Truncate(time.Second))
	if t.tokenNumbers[claims.ID] <= u.challenged && u.challenged > 0 {
		since, revoked = u.challengedAt, true
	}
	if revoked {
		if slices.Contains(claims.Client, "cp1") {
			return nil, &revokedError{since}
		}
		return nil, errRevokedToken
	}
	return &bearer{
		user: u, appID: claims.App, scopes: strings.Fields(claims.Scopes), contexts: claims.ACRS, roles: claims.WIDs,
		continuousAccess: slices.Contains(claims.Client, "cp1"),
	}, nil
}

// audienceFits says whether a token for audience may be used at host. Tokens of one cloud are no use in another; a
// token for the global Graph is taken where the simulation is reached by an address of its own.
func audienceFits(audience, host string) bool {
	if strings.EqualFold(audience, appGraph) {
		return true
	}
	u, err := url.Parse(audience)
	if err != nil {
		return false
	}
	name := (&url.URL{Host: host}).Hostname()
	return strings.EqualFold(u.Hostname(), name) || isSimulatedHost(name) && isGraphHost(strings.ToLower(u.Hostname()))
}
