package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// What a log shows of Graph's bodies is decided by the names of members, and by nothing else: ids, states, enumerations and
// times of these names are shown, every other value is named by its type alone. Names of people and things, addresses and
// passwords are on no list. Bodies of the sign-in service are never looked at.

const (
	mostBody  = 4 << 10 // bytes of a body as it is shown
	mostItems = 5       // of an array
)

// shownMembers are in lower case.
var shownMembers = setOf(`@odata.type @odata.count id appid approleassignments resourceid clientid principalid roledefinitionid
	roletemplateid directoryscopeid templateid policyid
	accountenabled onpremisessyncenabled usertype createddatetime modifieddatetime deleteddatetime activitydatetime expirationdatetime
	state isenabled status result resultreason enabled mode consenttype scope peruserMfaState allowapppasswords remembermfaontrusteddevice
	skipmfaforfederatedusers isregistered ismfaregistered ismfacapable
	builtincontrols customauthenticationfactors operator includeusers excludeusers includegroups excludegroups includeroles excluderoles
	includeapplications excludeapplications includelocations excludelocations includeplatforms excludeplatforms includeuseractions
	clientapptypes userrisklevels signinrisklevels serviceprincipalrisklevels insiderrisklevels transfermethods
	guestorexternalusertypes membershipkind includeauthenticationcontextclassreferences policyapplies analysisreasons
	policytype policymigrationstate targettype targetedauthenticationmethod snoozedurationindays
	forcechangepasswordnextsignin forcechangepasswordnextsigninwithmfa passwordpolicies passwordvalidityperiodindays
	capabilitystatus skuid skupartnumber serviceplanid serviceplanname provisioningstatus appliesto
	isverified isdefault isinitial authenticationtype isassignabletorole membertype assignmenttype
	action startdatetime enddatetime duration isexpirationrequired maximumduration enabledrules
	maxscore currentscore activity category operationtype code request-id client-request-id date`)

func setOf(names string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(names) {
		set[strings.ToLower(name)] = true
	}
	return set
}

// peekBody reads a request's body and puts it back. It is empty when there is none, or it is no JSON.
func peekBody(req *http.Request) []byte {
	if req.Body == nil || !isJSON(req.Header) {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxAnswer))
	_ = req.Body.Close()
	req.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	return body
}

func isJSON(h http.Header) bool { return strings.HasPrefix(h.Get("Content-Type"), "application/json") }

// shownBody is a JSON body with only the values that may be in a log.
func shownBody(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return fmt.Sprintf("*** (%d bytes)", len(body))
	}
	shown, err := json.Marshal(shownValue(value, false))
	if err != nil {
		return fmt.Sprintf("*** (%d bytes)", len(body))
	}
	if len(shown) > mostBody {
		return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(string(shown[:mostBody]), ""), len(body))
	}
	return string(shown)
}

// shownValue replaces every scalar that does not stand under a name of the list.
func shownValue(value any, allowed bool) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = shownValue(member, shownMembers[strings.ToLower(name)])
		}
		return out
	case []any:
		out := make([]any, 0, min(len(v), mostItems))
		for _, item := range v[:min(len(v), mostItems)] {
			out = append(out, shownValue(item, allowed))
		}
		if more := len(v) - mostItems; more > 0 {
			out = append(out, fmt.Sprintf("*** (%d more)", more))
		}
		return out
	case nil:
		return nil
	case string:
		if !allowed {
			return "*** (string)"
		}
	case json.Number:
		if !allowed {
			return "*** (number)"
		}
	case bool:
		if !allowed {
			return "*** (boolean)"
		}
	}
	return value
}
