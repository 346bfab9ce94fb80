package clients

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"testing"

	abs "github.com/microsoft/kiota-abstractions-go"
	absauth "github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	khttp "github.com/microsoft/kiota-http-go"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/domains"
	"github.com/microsoftgraph/msgraph-sdk-go/identity"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
	"github.com/microsoftgraph/msgraph-sdk-go/policies"
	"github.com/microsoftgraph/msgraph-sdk-go/rolemanagement"
	"github.com/microsoftgraph/msgraph-sdk-go/users"
)

// recorder keeps the answers below the SDK's own middleware, under the name of the call that is being made.
type recorder struct {
	next http.RoundTripper
	name string
	got  exchanges
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	r.got[r.name] = append(r.got[r.name], answer{res.StatusCode, body})
	return res, err
}

// bearer hands out a token that somebody else got.
type bearer struct {
	token string
	hosts *absauth.AllowedHostsValidator
}

func (b bearer) GetAuthorizationToken(context.Context, *url.URL, map[string]any) (string, error) {
	return b.token, nil
}

func (b bearer) GetAllowedHostsValidator() *absauth.AllowedHostsValidator { return b.hosts }

// sdk is Microsoft's Go SDK as its own factory makes it, with all its middleware, over the roots of the tenant.
type sdk struct {
	*testing.T
	job
	record  *recorder
	adapter *core.GraphRequestAdapterBase
	weak    *core.GraphRequestAdapterBase
}

func newSDK(t *testing.T, j job) *sdk {
	t.Helper()
	abs.RegisterDefaultSerializer(func() serialization.SerializationWriterFactory {
		return jsonserialization.NewJsonSerializationWriterFactory()
	})
	abs.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory { return jsonserialization.NewJsonParseNodeFactory() })
	roots, err := os.ReadFile(j.CA)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(roots)
	wire := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	t.Cleanup(wire.CloseIdleConnections)
	s := &sdk{T: t, job: j, record: &recorder{next: wire, got: exchanges{}}}
	s.adapter, s.weak = s.adapterFor(j.Token), s.adapterFor(j.WeakToken)
	return s
}

func (s *sdk) adapterFor(token string) *core.GraphRequestAdapterBase {
	s.Helper()
	options := core.GraphClientOptions{}
	client := core.GetDefaultClient(&options)
	client.Transport = khttp.NewCustomTransportWithParentTransport(s.record, core.GetDefaultMiddlewaresWithOptions(&options)...)
	hosts, err := absauth.NewAllowedHostsValidatorErrorCheck([]string{"127.0.0.1"})
	if err != nil {
		s.Fatal(err)
	}
	provider := absauth.NewBaseBearerTokenAuthenticationProvider(bearer{token, hosts})
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(provider, options, nil, nil, client)
	if err != nil {
		s.Fatal(err)
	}
	adapter.SetBaseUrl(s.Graph)
	return adapter
}

func text(s string) *string { return &s }

// must fails the test when a call failed, and names the call in what is recorded next.
func must[T any](s *sdk, name string, call func() (T, error)) T {
	s.Helper()
	s.record.name = name
	made, err := call()
	if err != nil {
		s.Fatalf("%s: %v", name, err)
	}
	return made
}

// refused makes a call that is refused, and holds the SDK's error against what came.
func refused[T any](s *sdk, name, code string, call func() (T, error)) {
	s.Helper()
	s.record.name = name
	_, err := call()
	failure, is := errors.AsType[*odataerrors.ODataError](err)
	if !is || failure.GetErrorEscaped() == nil || *failure.GetErrorEscaped().GetCode() != code {
		s.Errorf("%s: %v", name, err)
	}
}

// gone is for calls that answer nothing.
func gone(err error) (struct{}, error) { return struct{}{}, err }

func runSDK(t *testing.T, j job) exchanges {
	s := newSDK(t, j)
	ctx, at := t.Context(), map[string]string{"baseurl": s.Graph}
	accounts := users.NewUsersRequestBuilderInternal(at, s.adapter)
	assignments := rolemanagement.NewRoleManagementRequestBuilderInternal(at, s.adapter).Directory().RoleAssignments()
	realm := domains.NewDomainsRequestBuilderInternal(at, s.adapter)
	must(s, "list", func() (models.DomainCollectionResponseable, error) { return realm.Get(ctx, nil) })
	must(s, "me", func() (models.Userable, error) {
		return accounts.ByUserId("me-token-to-replace").Get(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: []string{"id", "displayName", "userPrincipalName"}},
		})
	})
	found := must(s, "filter", func() (models.UserCollectionResponseable, error) {
		eventual, count := abs.NewRequestHeaders(), true
		eventual.Add("ConsistencyLevel", "eventual")
		return accounts.Get(ctx, &users.UsersRequestBuilderGetRequestConfiguration{
			Headers: eventual,
			QueryParameters: &users.UsersRequestBuilderGetQueryParameters{
				Filter: text(finder), Select: []string{"id", "displayName", "userPrincipalName"}, Count: &count,
			},
		})
	})
	if list := found.GetValue(); len(list) != 1 || *list[0].GetDisplayName() != "Ada Admin" || *found.GetOdataCount() != 1 {
		t.Errorf("found %d accounts", len(list))
	}
	id := s.makeAccount(accounts)
	assigned := s.assign(assignments, id)
	must(s, "security defaults", func() (models.IdentitySecurityDefaultsEnforcementPolicyable, error) {
		return policies.NewPoliciesRequestBuilderInternal(at, s.adapter).IdentitySecurityDefaultsEnforcementPolicy().Get(ctx, nil)
	})
	must(s, "policies", func() (models.ConditionalAccessPolicyCollectionResponseable, error) {
		return identity.NewIdentityRequestBuilderInternal(at, s.adapter).ConditionalAccess().Policies().Get(ctx, &identity.ConditionalAccessPoliciesRequestBuilderGetRequestConfiguration{
			QueryParameters: &identity.ConditionalAccessPoliciesRequestBuilderGetQueryParameters{Filter: text("state eq 'enabled'")},
		})
	})
	s.batch(accounts, realm, id)
	refused(s, "not found", "Request_ResourceNotFound", func() (models.Userable, error) { return accounts.ByUserId("nobody@contoso.com").Get(ctx, nil) })
	refused(s, "forbidden", "Authorization_RequestDenied", func() (models.DomainCollectionResponseable, error) {
		return domains.NewDomainsRequestBuilderInternal(at, s.weak).Get(ctx, nil)
	})
	s.turnPages(accounts)
	must(s, "unassign", func() (struct{}, error) {
		return gone(assignments.ByUnifiedRoleAssignmentId(assigned).Delete(ctx, nil))
	})
	must(s, "delete", func() (struct{}, error) { return gone(accounts.ByUserId(id).Delete(ctx, nil)) })
	return s.record.got
}

// makeAccount creates, reads and changes the client's account, and returns its id.
func (s *sdk) makeAccount(accounts *users.UsersRequestBuilder) string {
	s.Helper()
	enabled, change := true, false
	profile := models.NewPasswordProfile()
	profile.SetPassword(&s.Password)
	profile.SetForceChangePasswordNextSignIn(&change)
	account := models.NewUser()
	account.SetAccountEnabled(&enabled)
	account.SetDisplayName(text("Delegate365 Service"))
	account.SetMailNickname(&s.Nickname)
	account.SetUserPrincipalName(&s.Account)
	account.SetPasswordProfile(profile)
	made := must(s, "create", func() (models.Userable, error) { return accounts.Post(s.Context(), account, nil) })
	id := *made.GetId()
	read := must(s, "read", func() (models.Userable, error) {
		return accounts.ByUserId(id).Get(s.Context(), &users.UserItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: []string{"id", "displayName", "accountEnabled", "userPrincipalName"}},
		})
	})
	if !*read.GetAccountEnabled() || *read.GetUserPrincipalName() != s.Account {
		s.Errorf("read %v", read)
	}
	edit := models.NewUser()
	edit.SetJobTitle(text("Service"))
	must(s, "patch", func() (models.Userable, error) { return accounts.ByUserId(id).Patch(s.Context(), edit, nil) })
	return id
}

// assign makes the account Global Administrator and returns the assignment's id.
func (s *sdk) assign(assignments *rolemanagement.DirectoryRoleAssignmentsRequestBuilder, id string) string {
	s.Helper()
	assignment := models.NewUnifiedRoleAssignment()
	assignment.SetRoleDefinitionId(text(globalAdministrator))
	assignment.SetPrincipalId(&id)
	assignment.SetDirectoryScopeId(text("/"))
	made := must(s, "assign", func() (models.UnifiedRoleAssignmentable, error) {
		return assignments.Post(s.Context(), assignment, nil)
	})
	list := must(s, "assigned", func() (models.UnifiedRoleAssignmentCollectionResponseable, error) {
		return assignments.Get(s.Context(), &rolemanagement.DirectoryRoleAssignmentsRequestBuilderGetRequestConfiguration{
			QueryParameters: &rolemanagement.DirectoryRoleAssignmentsRequestBuilderGetQueryParameters{
				Filter: text("principalId eq '" + id + "'"), Expand: []string{"principal"},
			},
		})
	})
	if len(list.GetValue()) != 1 {
		s.Errorf("%d assignments", len(list.GetValue()))
	}
	return *made.GetId()
}

// batch asks for two things that are there and one that is not.
func (s *sdk) batch(accounts *users.UsersRequestBuilder, realm *domains.DomainsRequestBuilder, id string) {
	s.Helper()
	batch := core.NewBatchRequest(s.adapter)
	for i, request := range []func() (*abs.RequestInformation, error){
		func() (*abs.RequestInformation, error) {
			return accounts.ByUserId(id).ToGetRequestInformation(s.Context(), &users.UserItemRequestBuilderGetRequestConfiguration{
				QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: []string{"jobTitle"}},
			})
		},
		func() (*abs.RequestInformation, error) {
			return accounts.ByUserId("nobody@contoso.com").ToGetRequestInformation(s.Context(), nil)
		},
		func() (*abs.RequestInformation, error) {
			return realm.ByDomainId("contoso.com").ToGetRequestInformation(s.Context(), nil)
		},
	} {
		info, err := request()
		if err != nil {
			s.Fatal(err)
		}
		item, err := batch.AddBatchRequestStep(*info)
		if err != nil {
			s.Fatal(err)
		}
		item.SetId(text(strconv.Itoa(i + 1)))
	}
	answers := must(s, "batch", func() (core.BatchResponse, error) { return batch.Send(s.Context(), s.adapter) })
	if got := answers.GetStatusCodes(); got["1"] != 200 || got["2"] != 404 || got["3"] != 200 {
		s.Errorf("the batch's statuses are %v", got)
	}
	account, err := core.GetBatchResponseById[models.Userable](answers, "1", models.CreateUserFromDiscriminatorValue)
	if err != nil || *account.GetJobTitle() != "Service" {
		s.Errorf("the batch's account: %v %v", account, err)
	}
}

// turnPages lists the accounts four at a time.
func (s *sdk) turnPages(accounts *users.UsersRequestBuilder) {
	s.Helper()
	four := int32(4)
	first := must(s, "pages", func() (models.UserCollectionResponseable, error) {
		return accounts.Get(s.Context(), &users.UsersRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.UsersRequestBuilderGetQueryParameters{Top: &four, Select: []string{"userPrincipalName"}},
		})
	})
	pages, err := core.NewPageIterator[models.Userable](first, s.adapter, models.CreateUserCollectionResponseFromDiscriminatorValue)
	if err != nil {
		s.Fatal(err)
	}
	count := 0
	err = pages.Iterate(s.Context(), func(models.Userable) bool {
		count++
		return true
	})
	if err != nil || count < 2*int(four) {
		s.Errorf("%d accounts: %v", count, err)
	}
}
