package simtenant

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rules of this file: a body may name properties of its type and nothing else, each of its own kind, and none that is
// read-only. graph_schema.txt lists types by name, one indented property a line; "w" marks what a client may write.

//go:embed graph_schema.txt
var schemaText string

type schemaProperty struct {
	kind       string // a primitive, an enum or a type
	collection bool
	writable   bool
}

type schemaEnum struct {
	members []string
	flags   bool
}

var schemaTypes, schemaEnums = parseSchema(schemaText)

func parseSchema(text string) (map[string]map[string]schemaProperty, map[string]schemaEnum) {
	types, enums := map[string]map[string]schemaProperty{}, map[string]schemaEnum{}
	current := ""
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) < 2:
		case line[0] == ' ':
			kind, collection := strings.CutSuffix(f[1], "[]")
			types[current][f[0]] = schemaProperty{kind: kind, collection: collection, writable: len(f) > 2}
		case f[0] == "type":
			current = f[1]
			types[current] = map[string]schemaProperty{}
		default:
			enums[f[1]] = schemaEnum{members: f[2:], flags: f[0] == "flags"}
		}
	}
	return types, enums
}

// checkBody holds a decoded body, or a part of one, against its type.
func checkBody(typeName string, body map[string]any) *graphError {
	if failure := spellBody(typeName, body); failure != nil {
		return failure
	}
	for _, name := range sortedKeys(body) {
		value := body[name]
		if name == "@odata.type" {
			if value != "#microsoft.graph."+typeName {
				return badRequest("A type named '%v' could not be used here: '#microsoft.graph.%s' is expected.", value, typeName)
			}
			continue
		}
		if before, ok := strings.CutSuffix(name, "@odata.type"); ok {
			if !schemaTypes[typeName][before].collection {
				return badRequest("The annotation '%s' does not belong to a collection of type 'microsoft.graph.%s'.", name, typeName)
			}
			continue
		}
		p, ok := schemaTypes[typeName][name]
		if !ok {
			return badRequest("The property '%s' does not exist on type 'microsoft.graph.%s'. Make sure to only use property names that are defined by the type.", name, typeName)
		}
		if !p.writable {
			return badRequest("Property '%s' is read-only and cannot be set.", name).at(name)
		}
		if err := checkValue(name, p, value); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(name string, p schemaProperty, value any) *graphError {
	if value == nil {
		return nil
	}
	if !p.collection {
		return checkSingle(name, p.kind, value)
	}
	items, ok := value.([]any)
	if !ok {
		return badRequest("A value of '%s' was expected to be a collection of '%s'.", name, edmName(p.kind))
	}
	for _, item := range items {
		if err := checkSingle(name, p.kind, item); err != nil {
			return err
		}
	}
	return nil
}

func checkSingle(name, kind string, value any) *graphError {
	if enum, ok := schemaEnums[kind]; ok {
		return enum.check(name, kind, value)
	}
	if _, ok := schemaTypes[kind]; ok {
		object, ok := value.(map[string]any)
		if !ok {
			return badRequest("A value of '%s' was expected to be an object of type 'microsoft.graph.%s'.", name, kind)
		}
		return checkBody(kind, object)
	}
	if !isPrimitive(kind, value) {
		return badRequest("Cannot convert the literal '%v' of property '%s' to the expected type '%s'.", value, name, edmName(kind))
	}
	return nil
}

func (e schemaEnum) check(name, kind string, value any) *graphError {
	text, ok := value.(string)
	members := []string{text}
	if e.flags {
		members = strings.Split(text, ",")
	}
	for _, m := range members {
		if !ok || m == "unknownFutureValue" || !slices.Contains(e.members, m) {
			return badRequest("Cannot convert the literal '%v' of property '%s' to the expected type 'microsoft.graph.%s'.", value, name, kind)
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
		return ok && isGUID(text)
	}
	return ok
}

func isGUID(s string) bool {
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

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// decodeInto moves a checked part of a body into v, a struct in Graph's own shape.
func decodeInto(part, v any) *graphError {
	b, err := json.Marshal(part)
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		return badRequest("The request body is not usable: %s", fmt.Sprint(err))
	}
	return nil
}
