package entra

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: an application signs in as itself with an assertion that it signed with a certificate which is registered
// for it (https://learn.microsoft.com/entra/identity-platform/certificate-credentials). It asks for .default, and gets what an
// administrator gave it (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).

const (
	grantClientCredentials = "client_credentials"
	assertionType          = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	mostOfAssertion        = 10*time.Minute + 5*time.Minute // its life, and how wrong its clock may be
)

// appOnlyLocked is the answer to an application that signs in as itself.
func (s *Service) appOnlyLocked(r *http.Request) (map[string]any, *Error) {
	f := r.PostForm
	if err := s.SignIn.checkTenantLocked(request.FirstSegment(r.URL.Path)); err != nil {
		return nil, err
	}
	for _, name := range []string{"client_id", "scope"} {
		if f.Get(name) == "" {
			return nil, s.SignIn.missingLocked(name)
		}
	}
	sp := s.tenant.Applications.ServicePrincipalByAppLocked(f.Get("client_id"))
	registered := s.tenant.Applications.RegisteredLocked(f.Get("client_id"))
	if sp == nil {
		return nil, s.SignIn.unknownClientLocked(f.Get("client_id"))
	}
	if sp.Disabled {
		return nil, s.SignIn.refuseLocked(AADAppDisabled, "", "Application '%s'(%s) is disabled.", sp.AppID, sp.DisplayName)
	}
	scopes, audience, err := s.Consents.parseScopesLocked(f.Get("scope"))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(scopes, ".default") || slices.ContainsFunc(scopes, func(scope string) bool { return scope != ".default" && !slices.Contains(ProtocolScopes, scope) }) {
		return nil, s.SignIn.refuseLocked(AADNotDefault, "",
			"The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", f.Get("scope"))
	}
	if f.Get("client_assertion") == "" || f.Get("client_assertion_type") != assertionType {
		return nil, s.SignIn.refuseLocked(AADNoSecret, "", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	}
	credentials := slices.Clone(sp.Credentials)
	if registered != nil {
		credentials = append(credentials, registered.Credentials...)
	}
	if err := s.checkAssertionLocked(r, f, credentials); err != nil {
		return nil, err
	}
	cloud, _ := cloudOf(r)
	token := s.Tokens.appTokenLocked(cloud, sp, audience, asksForContinuousAccess(f.Get("claims")))
	return map[string]any{
		"token_type": "Bearer", "expires_in": int(accessLifetime.Seconds()), "ext_expires_in": int(accessLifetime.Seconds()),
		"access_token": s.tenant.IssuedLocked("access token", token),
	}, nil
}

// checkAssertionLocked verifies a client assertion: who signed it, for whom, and for how long.
func (s *Service) checkAssertionLocked(r *http.Request, f url.Values, credentials []*state.AppCredential) *Error {
	now := s.tenant.Instant()
	var signer *state.AppCredential
	claims := jwt.RegisteredClaims{}
	_, err := jwt.ParseWithClaims(f.Get("client_assertion"), &claims, func(t *jwt.Token) (any, error) {
		i := slices.IndexFunc(credentials, func(c *state.AppCredential) bool { return c.Certificate != nil && named(t.Header, c.Certificate.Raw) })
		if i < 0 {
			return nil, errUnknownCertificate
		}
		signer = credentials[i]
		return signer.Certificate.PublicKey, nil
	}, jwt.WithValidMethods([]string{"PS256", "RS256"}), jwt.WithoutClaimsValidation())
	id := f.Get("client_id")
	switch {
	case errors.Is(err, errUnknownCertificate):
		return s.SignIn.refuseLocked(AADAssertionSigner, "", "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]")
	case errors.Is(err, jwt.ErrTokenMalformed):
		return s.SignIn.refuseLocked(AADAssertionMalformed, "", "JWT token is invalid or malformed.")
	case err != nil:
		return s.SignIn.refuseLocked(AADAssertionSigner, "", "Client assertion failed signature validation.")
	case !signer.Ends.After(now) || signer.Starts.After(now):
		return s.SignIn.refuseLocked(AADAssertionSigner, "", "The certificate used to sign the client assertion is expired on application. [Reason - The key used is expired.]")
	case claims.Issuer != claims.Subject || !strings.EqualFold(claims.Issuer, id):
		return s.SignIn.refuseLocked(AADAssertionClient, "", "Client assertion application identifier doesn't match 'client_id' parameter.")
	case !slices.ContainsFunc(claims.Audience, func(aud string) bool { return s.isTokenEndpointLocked(aud, r) }):
		return s.SignIn.refuseLocked(AADAssertionAudience, "", "Client assertion audience claim does not match Realm issuer.")
	case claims.ExpiresAt == nil || !claims.ExpiresAt.After(now) || claims.NotBefore != nil && claims.NotBefore.After(now.Add(5*time.Minute)) || claims.ExpiresAt.After(now.Add(mostOfAssertion)):
		return s.SignIn.refuseLocked(AADAssertionTime, "", "Client assertion is not within its valid time range.")
	case claims.ID == "" || s.assertions[claims.ID]:
		return s.SignIn.refuseLocked(AADAssertionMalformed, "", "JWT token is invalid or malformed.")
	}
	s.assertions[claims.ID] = true
	return nil
}

var errUnknownCertificate = errors.New("the certificate is not registered")

// named reports that a header names a certificate by one of its thumbprints.
func named(header map[string]any, der []byte) bool {
	is := func(name string, sum []byte) bool {
		text, _ := header[name].(string)
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "=")) // MSAL writes it in either alphabet
		got, err := base64.RawStdEncoding.DecodeString(plain)
		return text != "" && err == nil && bytes.Equal(got, sum)
	}
	old, new := sha1.Sum(der), sha256.Sum256(der)
	return is("x5t", old[:]) || is("x5t#S256", new[:])
}

// isTokenEndpointLocked reports the token endpoint that a request came to, by whichever name of the tenant.
func (s *Service) isTokenEndpointLocked(aud string, r *http.Request) bool {
	u, err := url.Parse(aud)
	if err != nil || u.Scheme != "https" || !strings.EqualFold(u.Host, r.Host) {
		return false
	}
	tenant := request.FirstSegment(u.Path)
	return strings.HasSuffix(strings.ToLower(u.Path), "/oauth2/v2.0/token") && s.SignIn.checkTenantLocked(tenant) == nil
}

// appTokenLocked makes a token of an application's own: it has roles in place of scopes, and nobody behind it
// (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
func (k *Tokens) appTokenLocked(cloud entraCloud, sp *state.ServicePrincipal, audience string, continuousAccess bool) string {
	now := k.tenant.Instant()
	if audience = strings.TrimSuffix(audience, "/"); audience == "" {
		audience = state.AppGraph
	}
	claims := jwt.MapClaims{
		"aud": audience, "iss": cloud.accessIssuer(k.tenant.Organization.ID), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLifetime).Unix(),
		"tid": k.tenant.Organization.ID, "oid": sp.ID, "sub": sp.ID, "appid": sp.AppID, "app_displayname": sp.DisplayName, "idtyp": "app", "appidacr": "2",
		"uti": k.newTokenIDLocked(), "ver": "1.0",
	}
	if roles := k.tenant.Applications.AppRolesOfLocked(sp, k.tenant.Applications.ServicePrincipalByAppLocked(state.AppGraph)); len(roles) > 0 {
		claims["roles"] = roles
	}
	if continuousAccess {
		claims["xms_cc"] = []string{"cp1"}
	}
	return signToken(claims)
}
