package entra_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// signedBy makes a client assertion as an application does, with changes to what it says.
func signedBy(t *testing.T, c simtest.Certificate, method jwt.SigningMethod, header, claims map[string]any) string {
	t.Helper()
	_, rest := pem.Decode(c.PEM)
	block, _ := pem.Decode(rest)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	token := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAppOnly(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	good, err := simtest.NewCertificate(time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	old, err := simtest.NewCertificate(time.Now().Add(-2*time.Hour), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	app := simtest.AddApplication(w.Tenant, "Provider's review", good, "Directory.Read.All")
	late := simtest.AddApplication(w.Tenant, "Provider's old review", old, "Directory.Read.All")
	endpoint := w.Endpoints.Authority + "/" + w.Endpoints.TenantID + "/oauth2/v2.0/token"
	header := func(c simtest.Certificate) map[string]any {
		sum := sha256.Sum256(c.X509.Raw)
		return map[string]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(sum[:])}
	}
	claims := func(more ...any) map[string]any {
		now := time.Now()
		m := map[string]any{"aud": endpoint, "iss": app, "sub": app, "jti": uuid.NewString(), "nbf": now.Unix(), "exp": now.Add(10 * time.Minute).Unix()}
		for i := 0; i+1 < len(more); i += 2 {
			m[more[i].(string)] = more[i+1]
		}
		return m
	}
	ask := func(assertion string, more ...string) simtest.Reply {
		return w.Form("token", append([]string{
			"grant_type", "client_credentials", "client_id", app, "scope", "https://graph.microsoft.com/.default",
			"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion,
		}, more...)...)
	}
	used := signedBy(t, good, jwt.SigningMethodPS256, header(good), claims())
	token := ask(used)
	if token.Status != 200 || token.Body["refresh_token"] != nil || token.Body["id_token"] != nil {
		t.Fatalf("%d %s", token.Status, token.Text)
	}
	sum := sha1.Sum(good.X509.Raw)
	if old := ask(signedBy(t, good, jwt.SigningMethodRS256, map[string]any{"x5t": base64.RawURLEncoding.EncodeToString(sum[:])}, claims())); old.Status != 200 {
		t.Errorf("the older form: %s", old.Text)
	}
	for name, c := range map[string]struct {
		reply simtest.Reply
		code  int
		oauth string
	}{
		"used twice":          {ask(used), entra.AADAssertionMalformed, "invalid_client"},
		"no assertion":        {ask(""), entra.AADNoSecret, "invalid_client"},
		"no jwt":              {ask("x"), entra.AADAssertionMalformed, "invalid_client"},
		"other endpoint":      {ask(signedBy(t, good, jwt.SigningMethodPS256, header(good), claims("aud", "https://login.microsoftonline.com/x/oauth2/v2.0/token"))), entra.AADAssertionAudience, "invalid_client"},
		"other application":   {ask(signedBy(t, good, jwt.SigningMethodPS256, header(good), claims("iss", late, "sub", late))), entra.AADAssertionClient, "invalid_client"},
		"over":                {ask(signedBy(t, good, jwt.SigningMethodPS256, header(good), claims("exp", time.Now().Add(-time.Minute).Unix()))), entra.AADAssertionTime, "invalid_client"},
		"too long":            {ask(signedBy(t, good, jwt.SigningMethodPS256, header(good), claims("exp", time.Now().Add(time.Hour).Unix()))), entra.AADAssertionTime, "invalid_client"},
		"other certificate":   {ask(signedBy(t, old, jwt.SigningMethodPS256, header(old), claims())), entra.AADAssertionSigner, "invalid_client"},
		"other key":           {ask(signedBy(t, old, jwt.SigningMethodPS256, header(good), claims())), entra.AADAssertionSigner, "invalid_client"},
		"expired certificate": {ask(signedBy(t, old, jwt.SigningMethodPS256, header(old), claims("iss", late, "sub", late)), "client_id", late), entra.AADAssertionSigner, "invalid_client"},
		"other scope":         {ask(signedBy(t, good, jwt.SigningMethodPS256, header(good), claims()), "scope", "https://graph.microsoft.com/User.Read"), entra.AADNotDefault, "invalid_scope"},
		"unknown":             {ask(used, "client_id", uuid.NewString()), entra.AADAppUnknown, "unauthorized_client"},
	} {
		t.Run(name, func(t *testing.T) { w.EntraRefusal(c.reply, c.oauth, c.code) })
	}
	w.Token = token.Body["access_token"].(string)
	w.Must(200, "GET", "/v1.0/organization", "")
	if me := w.Graph("GET", "/v1.0/me", ""); me.Status != 400 {
		t.Errorf("/me answers %d", me.Status)
	}
	for _, denied := range [][3]string{
		{"GET", "/v1.0/auditLogs/directoryAudits", ""},
		{"GET", "/v1.0/users/" + w.ID("auditor@contoso.com") + "/authentication/methods", ""},
		{"PATCH", "/v1.0/users/" + w.ID("auditor@contoso.com"), `{"accountEnabled":false}`},
	} {
		if r := w.Graph(denied[0], denied[1], denied[2]); r.Status != 403 {
			t.Errorf("%s %s answers %d", denied[0], denied[1], r.Status)
		}
	}
}
