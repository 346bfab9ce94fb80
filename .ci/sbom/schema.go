package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The two forms, as files of theirs end.
const (
	spdxForm = "spdx.json"
	cdxForm  = "cdx.json"
)

// source is a file of a module, and the address by which schemas name it.
type source struct{ module, file, address string }

const (
	syft = "github.com/anchore/syft@v1.57.1"
	cdx  = "github.com/CycloneDX/cyclonedx-go@v0.12.0"

	spdxAddress = "http://spdx.org/rdf/terms/2.3"
	cdxAddress  = "http://cyclonedx.org/schema/bom-1.6.schema.json"
)

var sources = []source{
	{syft, "schema/spdx-json/spdx-schema-2.3.json", spdxAddress},
	{cdx, "schema/bom-1.6.schema.json", cdxAddress},
	{cdx, "schema/spdx.schema.json", "http://cyclonedx.org/schema/spdx.schema.json"},
	{cdx, "schema/jsf-0.82.schemax.json", "http://cyclonedx.org/schema/jsf-0.82.schema.json"},
}

type schemas struct {
	by      map[string]*jsonschema.Schema
	refused int // spoilt documents, as they have to be
}

func readSchemas() (*schemas, error) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	for _, s := range sources {
		folder, err := download(s.module)
		if err != nil {
			return nil, err
		}
		text, err := os.ReadFile(filepath.Join(folder, s.file))
		if err != nil {
			return nil, err
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.file, err)
		}
		if err := compiler.AddResource(s.address, document); err != nil {
			return nil, err
		}
	}
	s := &schemas{by: map[string]*jsonschema.Schema{}}
	for form, address := range map[string]string{spdxForm: spdxAddress, cdxForm: cdxAddress} {
		compiled, err := compiler.Compile(address)
		if err != nil {
			return nil, err
		}
		s.by[form] = compiled
	}
	return s, nil
}

// download returns the folder of a module in the module cache.
func download(module string) (string, error) {
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	var answer struct{ Dir, Error string }
	if unread := json.Unmarshal(out, &answer); unread != nil || answer.Dir == "" {
		return "", fmt.Errorf("download %s: %s (%w)", module, answer.Error, err)
	}
	return answer.Dir, nil
}

// valid checks a document against the schema of its form, and that each of its first members, taken away or made a number, is missed.
func (s *schemas) valid(form string, text []byte) error {
	if err := s.fits(form, text); err != nil {
		return err
	}
	for _, name := range demanded[form] {
		for _, spoil := range []func(map[string]any){
			func(d map[string]any) { delete(d, name) },
			func(d map[string]any) { d[name] = 365.5 },
		} {
			var document map[string]any
			if err := json.Unmarshal(text, &document); err != nil {
				return err
			}
			spoil(document)
			spoilt, err := json.Marshal(document)
			if err != nil {
				return err
			}
			if s.fits(form, spoilt) == nil {
				return fmt.Errorf("%s fits its schema also when %s is spoilt", form, name)
			}
			s.refused++
		}
	}
	return nil
}

// demanded are the members that no document is without.
var demanded = map[string][]string{
	spdxForm: {"SPDXID", "creationInfo", "dataLicense", "name", "spdxVersion"},
	cdxForm:  {"bomFormat", "specVersion"},
}

func (s *schemas) fits(form string, text []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = s.by[form].Validate(document)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", form, err)
	}
	return nil
}
