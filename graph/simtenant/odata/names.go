package odata

import (
	"strings"
	"sync"
)

// Rules of this file: Graph takes the names of properties in any case (Microsoft's own PowerShell and the CLI for
// Microsoft 365 write "Id", "mailNickName" and "surName"), and answers with its own spelling.

// foldedNames are a type's properties by their name in lower case.
var foldedNames = sync.OnceValue(func() map[string]map[string]string {
	types := map[string]map[string]string{}
	for typeName, properties := range Types() {
		types[typeName] = map[string]string{}
		for name := range properties {
			types[typeName][strings.ToLower(name)] = name
		}
	}
	return types
})

// propertyOf is a type's property as Graph spells it.
func propertyOf(typeName, name string) (string, bool) {
	spelled, known := foldedNames()[typeName][strings.ToLower(name)]
	return spelled, known
}

// spellBody renames the members of a body, or of a part of one, to Graph's own spelling. What the type does not have stays as it is.
func spellBody(typeName string, body map[string]any) *Error {
	for _, name := range SortedKeys(body) {
		before, annotation, _ := strings.Cut(name, "@")
		spelled, known := propertyOf(typeName, before)
		if !known || spelled == before {
			continue
		}
		if annotation != "" {
			spelled += "@" + annotation
		}
		if _, twice := body[spelled]; twice {
			return BadRequest("The property '%s' is specified more than once.", spelled).At(spelled)
		}
		body[spelled] = body[name]
		delete(body, name)
	}
	return nil
}

// spelledPath is the entry of a list of property paths that a client's spelling means.
func spelledPath[T any](allowed map[string]T, path string) (string, bool) {
	for spelled := range allowed {
		if strings.EqualFold(spelled, path) {
			return spelled, true
		}
	}
	return path, false
}
