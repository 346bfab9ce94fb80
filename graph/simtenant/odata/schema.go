// Package odata is what Microsoft Graph makes of OData: routes, query options, bodies held against their types, batches and
// errors. It knows of no tenant.
package odata

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Rules of this file: a body may name properties of its type and nothing else, each of its own kind, and none that is
// read-only. schema.txt lists types by name, one indented property a line; "w" marks what a client may write.

//go:embed schema.txt
var schemaText string

// Property is one property of a type.
type Property struct {
	Kind       string // a primitive, an enum or a type
	Collection bool
	writable   bool
}

// Enum is an enumeration, or a set of flags.
type Enum struct {
	Members []string
	Flags   bool
}

// schema is read at the first call, because most starts of the program make none.
var schema = sync.OnceValues(func() (map[string]map[string]Property, map[string]Enum) { return parseSchema(schemaText) })

// Types are what schema.txt lists as types, with their properties by name.
func Types() map[string]map[string]Property {
	types, _ := schema()
	return types
}

// Enums are what schema.txt lists as enumerations.
func Enums() map[string]Enum {
	_, enums := schema()
	return enums
}

func parseSchema(text string) (map[string]map[string]Property, map[string]Enum) {
	types, enums := map[string]map[string]Property{}, map[string]Enum{}
	current := ""
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) < 2:
		case line[0] == ' ':
			kind, collection := strings.CutSuffix(f[1], "[]")
			types[current][f[0]] = Property{Kind: kind, Collection: collection, writable: len(f) > 2}
		case f[0] == "type":
			current = f[1]
			types[current] = map[string]Property{}
		default:
			enums[f[1]] = Enum{Members: f[2:], Flags: f[0] == "flags"}
		}
	}
	return types, enums
}

// CheckBody holds a decoded body, or a part of one, against its type.
func CheckBody(typeName string, body map[string]any) *Error {
	if failure := spellBody(typeName, body); failure != nil {
		return failure
	}
	for _, name := range SortedKeys(body) {
		value := body[name]
		if name == "@odata.type" {
			if value != "#microsoft.graph."+typeName {
				return BadRequest("A type named '%v' could not be used here: '#microsoft.graph.%s' is expected.", value, typeName)
			}
			continue
		}
		if before, ok := strings.CutSuffix(name, "@odata.type"); ok {
			if !Types()[typeName][before].Collection {
				return BadRequest("The annotation '%s' does not belong to a collection of type 'microsoft.graph.%s'.", name, typeName)
			}
			continue
		}
		p, ok := Types()[typeName][name]
		if !ok {
			return BadRequest("The property '%s' does not exist on type 'microsoft.graph.%s'. Make sure to only use property names that are defined by the type.", name, typeName)
		}
		if !p.writable {
			return BadRequest("Property '%s' is read-only and cannot be set.", name).At(name)
		}
		if err := checkValue(name, p, value); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(name string, p Property, value any) *Error {
	if value == nil {
		return nil
	}
	if !p.Collection {
		return checkSingle(name, p.Kind, value)
	}
	items, ok := value.([]any)
	if !ok {
		return BadRequest("A value of '%s' was expected to be a collection of '%s'.", name, edmName(p.Kind))
	}
	for _, item := range items {
		if err := checkSingle(name, p.Kind, item); err != nil {
			return err
		}
	}
	return nil
}

func checkSingle(name, kind string, value any) *Error {
	if enum, ok := Enums()[kind]; ok {
		return enum.check(name, kind, value)
	}
	if _, ok := Types()[kind]; ok {
		object, ok := value.(map[string]any)
		if !ok {
			return BadRequest("A value of '%s' was expected to be an object of type 'microsoft.graph.%s'.", name, kind)
		}
		return CheckBody(kind, object)
	}
	if !isPrimitive(kind, value) {
		return BadRequest("Cannot convert the literal '%v' of property '%s' to the expected type '%s'.", value, name, edmName(kind))
	}
	return nil
}

func (e Enum) check(name, kind string, value any) *Error {
	text, ok := value.(string)
	members := []string{text}
	if e.Flags {
		members = strings.Split(text, ",")
	}
	for _, m := range members {
		if !ok || m == "unknownFutureValue" || !slices.Contains(e.Members, m) {
			return BadRequest("Cannot convert the literal '%v' of property '%s' to the expected type 'microsoft.graph.%s'.", value, name, kind)
		}
	}
	return nil
}

func edmName(kind string) string {
	if strings.ToUpper(kind[:1]) == kind[:1] {
		return "Edm." + kind
	}
	return "microsoft.graph." + kind
}

func isPrimitive(kind string, value any) bool {
	switch kind {
	case "Boolean":
		_, ok := value.(bool)
		return ok
	case "Int32":
		n, ok := value.(json.Number)
		if !ok {
			return false
		}
		_, err := strconv.ParseInt(n.String(), 10, 32)
		return err == nil
	case "Double":
		_, ok := value.(json.Number)
		return ok
	}
	text, ok := value.(string)
	switch kind {
	case "DateTimeOffset":
		_, err := time.Parse(time.RFC3339Nano, text)
		return ok && err == nil
	case "Guid":
		return ok && IsGUID(text)
	}
	return ok
}

// IsGUID says whether s is written as an object's id is.
func IsGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range strings.ToLower(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !strings.ContainsRune("0123456789abcdef", c) {
			return false
		}
	}
	return true
}

// SortedKeys are the keys of m in order.
func SortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// DecodeInto moves a checked part of a body into v, a struct in Graph's own shape.
func DecodeInto(part, v any) *Error {
	b, err := json.Marshal(part)
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		return BadRequest("The request body is not usable: %s", fmt.Sprint(err))
	}
	return nil
}
