package clients

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// Microsoft's command line tools for Graph, which every tenant knows.
const commandLineTools = "14d82eec-204b-4c2f-b7e8-296a70dab67e"

// msalSignIn is what MSAL made of one answer of the token endpoint.
type msalSignIn struct {
	AccessToken string
	FromCache   bool
	Account     struct{ HomeAccountID, Environment, TenantID, Username string }
	Claims      struct{ Iss, Tid, Ver string } `json:"idTokenClaims"`
}

// msalLine is one line of the client's.
type msalLine struct {
	UserCode, VerificationURI, Failure string
	First, Cached, Renewed             msalSignIn
}

// MSAL signs in at Microsoft's own names, with discovery and validation as they are, and finds there what it finds at Entra.
func TestMSAL(t *testing.T) {
	t.Parallel()
	modules := filepath.Dir(filepath.Dir(m365Package(t))) // which MSAL came with
	for _, tenantName := range []string{"organizations", "contoso.com"} {
		t.Run(tenantName, func(t *testing.T) {
			t.Parallel()
			tenant, server := serveTenant(t, "fresh")
			at := server.Endpoints()
			signedIn := signInWithMSAL(t, tenant, server, map[string]string{
				"modules": modules, "client": commandLineTools, "authority": "https://login.microsoftonline.com/" + tenantName, "scope": "https://graph.microsoft.com/User.Read",
			})
			first := signedIn.First
			if first.Account.Environment != "login.windows.net" || first.Account.TenantID != at.TenantID || first.Account.Username != at.Operator.UserPrincipalName ||
				!strings.HasSuffix(first.Account.HomeAccountID, "."+at.TenantID) {
				t.Errorf("the account is %+v", first.Account)
			}
			if first.Claims.Iss != "https://login.microsoftonline.com/"+at.TenantID+"/v2.0" || first.Claims.Ver != "2.0" {
				t.Errorf("the id token's claims are %+v", first.Claims)
			}
			if iss, ver := issuerOf(t, first.AccessToken); iss != "https://sts.windows.net/"+at.TenantID+"/" || ver != "1.0" {
				t.Errorf("the access token is %s's, version %s", iss, ver)
			}
			if !signedIn.Cached.FromCache || signedIn.Cached.AccessToken != first.AccessToken || signedIn.Renewed.FromCache || signedIn.Renewed.AccessToken == first.AccessToken {
				t.Error("the cache and the refresh token are not what MSAL takes them for")
			}
		})
	}
}

func issuerOf(t *testing.T, token string) (issuer, version string) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatal("the token has not three parts")
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Iss, Ver string }
	if err != nil || json.Unmarshal(body, &claims) != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return claims.Iss, claims.Ver
}

// signInWithMSAL runs the client and plays the operator at the page that takes its code.
func signInWithMSAL(t *testing.T, tenant *simtest.Tenant, server *simtenant.Server, job map[string]string) msalLine {
	t.Helper()
	told, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	at := server.Endpoints()
	address, err := url.Parse(at.Authority)
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "msal", "sign-in.mjs"))
	var problem bytes.Buffer
	run.Stdin, run.Stderr = bytes.NewReader(told), &problem
	run.Env = append(os.Environ(), throughProxy(serveProxy(t, address.Host), at.CA)...)
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	defer run.Wait() //nolint:errcheck // what it said is what counts
	lines := bufio.NewReader(out)
	asked := readLine(t, lines, &problem)
	if asked.VerificationURI != "https://login.microsoftonline.com/devicelogin" {
		t.Errorf("the person is sent to %s", asked.VerificationURI)
	}
	person := tenant.NewPerson(&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.CertPool(), MinVersion: tls.VersionTLS12}}}, at)
	if _, err := person.Play(t.Context(), "device-login", map[string]string{"code": asked.UserCode}); err != nil {
		t.Fatal(err)
	}
	return readLine(t, lines, &problem)
}

func readLine(t *testing.T, from *bufio.Reader, problem *bytes.Buffer) msalLine {
	t.Helper()
	text, err := from.ReadBytes('\n')
	var line msalLine
	if err == nil {
		err = json.Unmarshal(text, &line)
	}
	if err != nil || line.Failure != "" {
		_, _ = io.Copy(io.Discard, from)
		t.Fatalf("%v %s %s", err, line.Failure, problem.String())
	}
	return line
}
