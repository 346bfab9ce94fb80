package graph

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

// credentials are the members of the sign-in service's requests and answers that are as good as a password
// (RFC 6749 and 7636). Whatever passes is looked for, from then on, in all that leaves the process. A code is not among them: it
// came by way of a browser, and is looked for by whoever took it there.
var credentials = []string{"access_token", "refresh_token", "id_token", "device_code", "code_verifier", "client_assertion", "password"}

func redactAnswer(body []byte) {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return
	}
	for _, name := range credentials {
		var text string
		if raw, ok := members[name]; ok && json.Unmarshal(raw, &text) == nil {
			redact.Passed(text)
		}
	}
}

func redactRequest(req *http.Request) {
	if req.GetBody == nil {
		return
	}
	body, err := req.GetBody()
	if err != nil {
		return
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return
	}
	for _, name := range credentials {
		redact.Passed(form.Get(name))
	}
}
