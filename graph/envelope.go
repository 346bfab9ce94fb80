package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"strings"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
)

// envelope is what Graph says in an error answer. https://learn.microsoft.com/graph/errors
type envelope struct {
	code, message              string
	details                    []Detail
	requestID, clientRequestID string
	date                       time.Time
}

// errorMappings make the adapter read every error answer as an OData error.
func errorMappings() abs.ErrorMappings {
	return abs.ErrorMappings{
		"4XX": odataerrors.CreateODataErrorFromDiscriminatorValue,
		"5XX": odataerrors.CreateODataErrorFromDiscriminatorValue,
	}
}

// readEnvelope reads the body of an error answer; what is not Graph's JSON gives an empty one. It is the one place
// where an ODataError is read: its Error method panics when the body lacks error.message.
func readEnvelope(contentType string, body []byte) (e envelope) {
	// What was read before the SDK broke, on a null among the details for one, is kept.
	defer func() { _ = recover() }()
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "application/json" || len(body) == 0 {
		return envelope{}
	}
	node, err := jsonserialization.NewJsonParseNodeFactory().GetRootParseNode(kind, body)
	if err != nil || node == nil {
		return envelope{}
	}
	value, err := node.GetObjectValue(odataerrors.CreateODataErrorFromDiscriminatorValue)
	if err != nil {
		return envelope{}
	}
	odata, ok := value.(*odataerrors.ODataError)
	if !ok || odata.GetErrorEscaped() == nil {
		return envelope{}
	}
	main := odata.GetErrorEscaped()
	e.code = deref(main.GetCode())
	e.message = strings.TrimSpace(deref(main.GetMessage()))
	for _, d := range main.GetDetails() {
		e.details = append(e.details, Detail{Code: deref(d.GetCode()), Target: deref(d.GetTarget()), Message: deref(d.GetMessage())})
	}
	if inner := main.GetInnerError(); inner != nil {
		e.requestID = deref(inner.GetRequestId())
		e.clientRequestID = deref(inner.GetClientRequestId())
		e.date = deref(inner.GetDate())
	}
	return e
}

// breaksOff reports an object that has an error beside its other members: what else is in it is not all there is.
func breaksOff(body []byte) bool {
	if !bytes.Contains(body, []byte(`"error"`)) {
		return false
	}
	var o struct {
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(body, &o) == nil && present(o.Error) != ""
}

func isODataError(err error) bool {
	_, ok := errors.AsType[*odataerrors.ODataError](err)
	return ok
}
