package graph

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/google/uuid"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
)

// DefaultClientID is Microsoft Graph Command Line Tools, a public client of Microsoft's own that a customer need not
// register. What is consented to it holds for everybody in the tenant who uses it.
const DefaultClientID = "14d82eec-204b-4c2f-b7e8-296a70dab67e"

// Options are what a Client is made of.
type Options struct {
	Cloud    Cloud  // the zero value is the global cloud
	Tenant   string // id or domain; empty means whichever the operator signs in to
	ClientID string // empty means DefaultClientID
	// Transport carries every request, those for tokens included. Nil: system roots, proxy from the environment.
	Transport http.RoundTripper
	// Credential stands in for SignIn. Its tokens are used as they are: nobody is ever prompted.
	Credential azcore.TokenCredential
	// Certificate has the application sign in as itself; ClientID and Tenant are needed then. Nobody is ever prompted.
	Certificate *Certificate
	// Observe is called after every HTTP exchange, retries and token requests included, from any goroutine.
	Observe func(Exchange)
	// Bodies has Observe told of Graph's bodies too, as far as they may stand in a log. Those of the sign-in service are
	// never told.
	Bodies bool
	// OnWait is called before every pause of the retry handler, from any goroutine.
	OnWait func(Wait)
}

// Exchange is one HTTP request and what came back. It holds no secret: neither headers nor codes, and of bodies only what
// the list of members in bodies.go lets through.
type Exchange struct {
	At              time.Time
	Took            time.Duration
	Date            time.Time // of the answer, by the other side's clock; zero where it has none
	Method          string
	Path            string // path and query, without the host; of token requests only the path
	Status          int    // 0 when no answer came
	RequestID       string
	ClientRequestID string
	Attempt         int    // from 1
	Err             string // why no answer came
	Code, Message   string // of Graph's, or the sign-in service's, error answer

	Request, Response string // bodies, with Options.Bodies: JSON in which most values are ***
}

// Wait is a pause before a request is sent again.
type Wait struct {
	Path    string
	Attempt int // the attempt that did not succeed, from 1
	Delay   time.Duration
	Status  int  // what it was answered with; 0 when the connection broke
	Asked   bool // Microsoft asked for this delay
}

// Client is one tenant, reached as one signed-in operator. It may be used by several goroutines.
type Client struct {
	Users             Users
	Roles             Roles
	ConditionalAccess ConditionalAccess
	MFA               MFA
	Tenant            Tenant
	Apps              Apps

	opts    Options
	cloud   Cloud
	adapter *core.GraphRequestAdapterBase
	tokens  *http.Client
	network *network

	// interacting and renewing are held, by whoever put an element in, during an interactive sign-in and a silent one.
	interacting, renewing chan struct{}

	expected *newAccounts
	licence  licence

	policies policyVersions

	mu      sync.Mutex
	session *session // nil before SignIn
}

// New makes a client. It does not touch the network. The error is ErrInvalid when an option cannot be used.
func New(o Options) (*Client, error) {
	if o.Cloud == (Cloud{}) {
		o.Cloud, _ = builtInCloud("global")
	}
	if o.ClientID == "" {
		o.ClientID = DefaultClientID
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	base := o.Transport
	if base == nil {
		base = NewTransport(nil)
	}
	ways := newNetwork(base)
	c := &Client{
		opts:        o,
		cloud:       o.Cloud,
		tokens:      newTokenClient(ways, o),
		interacting: make(chan struct{}, 1),
		renewing:    make(chan struct{}, 1),
		expected:    &newAccounts{},
		licence:     licence{reading: make(chan struct{}, 1)},
		network:     ways,
	}
	c.Users, c.Roles, c.ConditionalAccess = Users{c}, Roles{c}, ConditionalAccess{c}
	c.MFA, c.Tenant, c.Apps = MFA{c}, Tenant{c}, Apps{c}
	var err error
	switch {
	case o.Certificate != nil:
		if c.session, err = byCertificate(c); err != nil {
			return nil, &Error{Op: "use the certificate", Message: err.Error(), kind: ErrInvalid, cause: err, unsent: true}
		}
	case o.Credential != nil:
		c.session = &session{credential: o.Credential, given: true}
	}
	c.adapter, err = core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authenticator{client: c}, core.GraphClientOptions{},
		jsonserialization.NewJsonParseNodeFactory(), jsonserialization.NewJsonSerializationWriterFactory(),
		newGraphClient(ways, o, c.expected))
	if err != nil {
		return nil, &Error{Op: "prepare the Graph client", kind: ErrInvalid, cause: err, unsent: true}
	}
	c.adapter.SetBaseUrl(c.cloud.Graph + "/v1.0")
	return c, nil
}

// Cloud is the cloud the client was made for.
func (c *Client) Cloud() Cloud { return c.cloud }

var tenantName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*$`)

func (o Options) validate() error {
	refuse := func(format string, args ...any) error {
		return &Error{Op: "use the options given", Message: fmt.Sprintf(format, args...), kind: ErrInvalid, unsent: true}
	}
	if err := o.Cloud.validate(); err != nil {
		return refuse("cloud %s: %v", o.Cloud.Name, err)
	}
	if _, err := uuid.Parse(o.ClientID); err != nil {
		return refuse("the client id %q is not the id of an application", o.ClientID)
	}
	if o.Tenant != "" && !tenantName.MatchString(o.Tenant) {
		return refuse("%q is neither a tenant id nor a domain", o.Tenant)
	}
	return nil
}
