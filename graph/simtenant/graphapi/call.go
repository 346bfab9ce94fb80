package graphapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file, the path of every call to Graph: token, path, method, scopes, role, throttling, query, body,
// then the call itself, with the tenant's lock held from the token on. Every answer, good or bad, carries Graph's headers.

const graphContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

// Route is one method of one path of this Graph.
type Route = odata.Route[Call, Answer]

// Call is one authorised call.
type Call struct {
	t       *state.Tenant
	api     *API
	r       *http.Request
	base    string // scheme, host and version, such as https://graph.microsoft.com/v1.0
	route   *Route
	params  map[string]string
	options odata.Options
	body    map[string]any
	raw     []byte
	who     *entra.Bearer
	roles   []string
	now     time.Time
}

// Answer is a good answer. A nil body means that there is none.
type Answer struct {
	status int
	header http.Header
	body   map[string]any
	text   string // instead of a body
}

func ok(body map[string]any) (*Answer, *odata.Error) {
	return &Answer{status: http.StatusOK, body: body}, nil
}

func created(body map[string]any) (*Answer, *odata.Error) {
	return &Answer{status: http.StatusCreated, body: body}, nil
}

func noContent() (*Answer, *odata.Error) {
	return &Answer{status: http.StatusNoContent}, nil
}

// Serve answers a request to Graph, whatever the version.
func (api *API) Serve(w http.ResponseWriter, r *http.Request) {
	raw, err := odata.ReadBody(r)
	api.tenant.Lock()
	defer api.tenant.Unlock()
	WriteAnswer(w, api.answerGraphLocked(r, raw, err))
}

// WriteAnswer sends an answer.
func WriteAnswer(w http.ResponseWriter, answer *Answer) {
	maps.Copy(w.Header(), answer.header)
	if answer.text != "" {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.text)
		return
	}
	if answer.body == nil {
		w.WriteHeader(answer.status)
		return
	}
	b, failure := json.Marshal(answer.body)
	if failure != nil {
		panic(failure)
	}
	w.Header().Set("Content-Type", graphContentType)
	w.Header().Set("OData-Version", "4.0")
	w.WriteHeader(answer.status)
	_, _ = w.Write(b)
}

// answerGraphLocked is a call as a whole, an error already in its envelope. A batch comes through here once for itself and
// once for each of its items.
func (api *API) answerGraphLocked(r *http.Request, raw []byte, bodyErr error) *Answer {
	answer, failure := api.callLocked(r, raw, bodyErr)
	return api.EnvelopeLocked(r, answer, failure)
}

// EnvelopeLocked gives an answer Graph's headers, and an error its envelope too.
func (api *API) EnvelopeLocked(r *http.Request, answer *Answer, failure *odata.Error) *Answer {
	requestID := api.tenant.NewTraceIDLocked()
	clientID := r.Header.Get("client-request-id")
	if clientID == "" {
		clientID = requestID
	}
	if failure != nil {
		answer = &Answer{
			status: failure.Status, header: failure.Header,
			body: failure.Envelope(api.tenant.Instant().Format("2006-01-02T15:04:05"), requestID, clientID),
		}
	}
	header := http.Header{
		"Request-Id": {requestID}, "Client-Request-Id": {clientID}, "Date": {api.tenant.Instant().Format(http.TimeFormat)},
		"Cache-Control":       {"no-cache"},
		"X-Ms-Ags-Diagnostic": {`{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"SIM0"}}`},
	}
	maps.Copy(header, answer.header)
	answer.header = header
	return answer
}

func (api *API) callLocked(r *http.Request, raw []byte, bodyErr error) (*Answer, *odata.Error) {
	version := strings.ToLower(request.FirstSegment(r.URL.Path))
	if !slices.Contains(strings.Fields(odata.Both), version) {
		return nil, odata.Refuse(http.StatusBadRequest, "BadRequest", "Invalid version.")
	}
	who, failure := api.AuthenticateLocked(r)
	if failure != nil {
		return nil, failure
	}
	route, params, failure := findRoute(api.routes, version, r.Method, r.URL.EscapedPath())
	if failure != nil {
		return nil, failure
	}
	c := &Call{
		t: api.tenant, api: api, r: r, base: request.BaseURL(r) + "/" + version, route: route, params: params, raw: raw, who: who,
		roles: api.rolesOfTokenLocked(who), now: api.tenant.Instant(),
	}
	if failure := mayCall(c); failure != nil {
		return nil, failure
	}
	if failure := c.checkProtected(); failure != nil {
		return nil, failure
	}
	if failure := c.throttle(); failure != nil {
		return nil, failure
	}
	if failure := api.refusedFor(route); failure != nil {
		return nil, failure
	}
	if failure := c.checkETag(); failure != nil {
		return nil, failure
	}
	if c.options, failure = odata.ParseOptions(route.Query, r.URL.RawQuery, r.Header.Get("ConsistencyLevel")); failure != nil {
		return nil, failure
	}
	if failure := c.readBody(bodyErr); failure != nil {
		return nil, failure
	}
	return route.Handle(c)
}

// findRoute is the route of a path, that of its number included.
func findRoute(routes []*Route, version, method, escapedPath string) (*Route, map[string]string, *odata.Error) {
	segments, failure := odata.PathSegments(escapedPath)
	if failure != nil {
		return nil, nil, failure
	}
	if route, params := countRoute(routes, version, method, segments); route != nil {
		return route, params, nil
	}
	return odata.FindSegments(routes, version, method, segments)
}

// checkETag: nothing here has an ETag, so that a list of them in If-Match matches nothing (RFC 9110, section 13.1.1).
func (c *Call) checkETag() *odata.Error {
	if tags := c.r.Header.Get("If-Match"); tags != "" && tags != "*" {
		return odata.Refuse(http.StatusPreconditionFailed, "PreconditionFailed", "The ETag in the If-Match header does not match the resource, which has none.")
	}
	return nil
}

// AuthenticateLocked is who stands behind a request's token, or Graph's refusal of it.
func (api *API) AuthenticateLocked(r *http.Request) (*entra.Bearer, *odata.Error) {
	text, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found || text == "" {
		return nil, invalidToken("Access token is empty.")
	}
	who, err := api.tokens.ReadTokenLocked(text, r.Host)
	if revoked, is := errors.AsType[*entra.RevokedError](err); is {
		e := odata.Refuse(http.StatusUnauthorized, "InvalidAuthenticationToken",
			"Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp")
		e.Header = http.Header{"Www-Authenticate": {revoked.Challenge()}}
		return nil, e
	}
	if err != nil {
		return nil, invalidToken("Access token validation failure. " + entra.TokenFault(err))
	}
	return who, nil
}

func invalidToken(message string) *odata.Error {
	return &odata.Error{
		Status: http.StatusUnauthorized, Code: "InvalidAuthenticationToken", Message: message,
		Header: http.Header{"Www-Authenticate": {`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + state.AppGraph + `"`}},
	}
}

// hasScopes says whether the token carries one of the alternatives, an application's as permissions of its own; "A+B" needs both.
func (c *Call) hasScopes(alternatives []string) bool {
	granted := c.who.Scopes
	if c.who.App != nil {
		granted = c.who.Permissions
	}
	return slices.ContainsFunc(alternatives, func(alternative string) bool {
		for scope := range strings.SplitSeq(alternative, "+") {
			if !slices.Contains(granted, scope) {
				return false
			}
		}
		return true
	})
}

func (c *Call) roleDenial() *odata.Error {
	if c.route.Denial == odata.PolicyDenial {
		return odata.Refuse(http.StatusForbidden, "AccessDenied", "You cannot perform the requested operation, required roles are missing.")
	}
	return odata.Denied()
}

func (c *Call) throttle() *odata.Error {
	switch c.route.Limit {
	case odata.LimitConditionalAccess:
		if c.api.ConditionalAccess.take(c.now) > 0 {
			return odata.Throttled(0)
		}
	case odata.LimitReports:
		if wait := c.api.Reports.take(c.now); wait > 0 {
			return odata.Throttled(int((wait + time.Second - 1) / time.Second))
		}
	}
	return nil
}

func (c *Call) readBody(bodyErr error) *odata.Error {
	if c.route.BodyType == "" {
		return nil
	}
	if bodyErr != nil {
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return odata.Refuse(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "The Content-Type of the request is not supported: application/json is.")
	}
	if len(bytes.TrimSpace(c.raw)) == 0 {
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "Empty Payload. JSON content expected.")
	}
	decoder := json.NewDecoder(bytes.NewReader(c.raw))
	decoder.UseNumber()
	if err := decoder.Decode(&c.body); err != nil || c.body == nil || decoder.More() {
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	if c.route.BodyType == odata.AnyBody {
		return nil
	}
	return odata.CheckBody(c.route.BodyType, c.body)
}

// text is a string member of the body, or "".
func (c *Call) text(name string) string {
	s, _ := c.body[name].(string)
	return s
}

// number is an integer member of the body that was checked to be one.
func number(value any) int {
	n, _ := value.(json.Number)
	i, _ := strconv.Atoi(n.String())
	return i
}
