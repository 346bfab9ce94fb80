package graphapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Open extensions of an account (https://learn.microsoft.com/graph/extensibility-overview#open-extensions): at most two for each
// application that makes them, 2 KB each, readable by whoever may read the account, found by no query.

const (
	mostExtensions   = 2
	mostOfExtension  = 2 << 10
	openType         = "#microsoft.graph.openTypeExtension"
	extensionEntity  = "microsoft.graph.openTypeExtension"
	extensionMembers = "users/extensions"
)

// extensionName reports a name as an extension may have it.
func extensionName(s string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."
	return s != "" && len(s) < 128 && !strings.ContainsFunc(s, func(c rune) bool { return !strings.ContainsRune(allowed, c) })
}

func extensionRoutes() []*Route {
	read := []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	write := []string{"User.ReadWrite.All"}
	const one = "/users/{id}/extensions/{name}"
	return []*Route{
		{Method: "POST", Path: "/users/{id}/extensions", Versions: odata.Both, Scopes: write, Roles: []string{state.RoleUserAdmin}, BodyType: odata.AnyBody, Handle: createExtension},
		{Method: "GET", Path: one, Versions: odata.Both, Scopes: read, Handle: getExtension},
		{Method: "PATCH", Path: one, Versions: odata.Both, Scopes: write, Roles: []string{state.RoleUserAdmin}, BodyType: odata.AnyBody, Handle: updateExtension},
		{Method: "DELETE", Path: one, Versions: odata.Both, Scopes: write, Roles: []string{state.RoleUserAdmin}, Handle: deleteExtension},
	}
}

// extension is the account and its extension that the call is about; nil where there is none.
func (c *Call) extension() (*state.User, *state.Extension, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, nil, failure
	}
	name := strings.TrimPrefix(c.params["name"], extensionEntity+".")
	i := slices.IndexFunc(u.Extensions, func(e *state.Extension) bool { return e.Name == name })
	if i < 0 {
		return u, nil, odata.Refuse(http.StatusNotFound, "ResourceNotFound", "Extension with given id not found.")
	}
	return u, u.Extensions[i], nil
}

// extensionBody is what an extension will hold. A member that is left out is not in it any more.
func (c *Call) extensionBody() (map[string]any, *odata.Error) {
	members, size := map[string]any{}, 0
	for name, value := range c.body {
		if strings.Contains(name, "@") || name == "extensionName" || name == "id" {
			continue
		}
		text, ok := value.(string)
		list, isList := value.([]any)
		if !ok && !isList {
			return nil, odata.BadRequest("Invalid property '%s'.", name)
		}
		size += len(name) + len(text) + 66*len(list)
		members[name] = value
	}
	if size > mostOfExtension {
		return nil, odata.BadRequest("The size of the extension exceeds the limit.")
	}
	return members, nil
}

func createExtension(c *Call) (*Answer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	name, _ := c.body["extensionName"].(string)
	if c.body["@odata.type"] != openType && c.body["@odata.type"] != "microsoft.graph.openTypeExtension" || !extensionName(name) {
		return nil, odata.BadRequest("The extensionName or its type is invalid.")
	}
	own := 0
	for _, e := range u.Extensions {
		if e.Name == name {
			return nil, odata.Refuse(http.StatusConflict, "ExtensionConflict", "An extension already exists with given id.")
		}
		own++
	}
	if own >= mostExtensions {
		return nil, odata.Refuse(http.StatusBadRequest, "Request_BadRequest", "The number of open extensions of this application on this object exceeds the limit.")
	}
	members, failure := c.extensionBody()
	if failure != nil {
		return nil, failure
	}
	e := &state.Extension{Name: name, Members: members}
	u.Extensions = append(u.Extensions, e)
	auditExtension(c, u)
	answer, failure := c.entity(extensionMembers, extensionView(e))
	if failure == nil {
		answer.status = http.StatusCreated
	}
	return answer, failure
}

func extensionView(e *state.Extension) map[string]any {
	out := maps.Clone(e.Members)
	out["@odata.type"], out["id"], out["extensionName"] = openType, e.Name, e.Name
	return out
}

func getExtension(c *Call) (*Answer, *odata.Error) {
	_, e, failure := c.extension()
	if failure != nil {
		return nil, failure
	}
	return c.entity(extensionMembers, extensionView(e))
}

func updateExtension(c *Call) (*Answer, *odata.Error) {
	u, e, failure := c.extension()
	if failure != nil {
		return nil, failure
	}
	if e.Members, failure = c.extensionBody(); failure != nil {
		return nil, failure
	}
	auditExtension(c, u)
	return noContent()
}

func deleteExtension(c *Call) (*Answer, *odata.Error) {
	u, e, failure := c.extension()
	if failure != nil {
		return nil, failure
	}
	u.Extensions = slices.DeleteFunc(u.Extensions, func(other *state.Extension) bool { return other == e })
	auditExtension(c, u)
	return noContent()
}

func auditExtension(c *Call, u *state.User) {
	c.t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Update user", "Core Directory", "Update"))
}
