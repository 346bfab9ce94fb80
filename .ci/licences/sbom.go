package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

const (
	program    = "delegate365-onboard"
	licence    = "MIT"
	goLicence  = "BSD-3-Clause"
	repository = "https://github.com/delegate365-onboard/delegate365-onboard"
)

// part is one module of a built program.
type part struct{ path, version, sum, id string }

func (p part) purl() string { return "pkg:golang/" + p.path + "@" + p.version }

// hash is go.sum's, of the module's files (https://go.dev/ref/mod#go-sum-files), as hexadecimal digits.
func (p part) hash() string {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.sum, "h1:"))
	if err != nil {
		return ""
	}
	return hex.EncodeToString(raw)
}

// writeSBOMs reads what the go command wrote into a program, and describes it in both forms.
func writeSBOMs(file, date, prefix string) error {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	table, err := tableOf()
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(table)) {
		path, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		ids[path] = id
	}
	parts := []part{{"std", strings.TrimPrefix(info.GoVersion, "go"), "", goLicence}}
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		if ids[d.Path] == "" {
			return fmt.Errorf("the licence of %s is not known", d.Path)
		}
		parts = append(parts, part{d.Path, d.Version, d.Sum, ids[d.Path]})
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	b := built{
		name: program + "_" + settings["GOOS"] + "_" + settings["GOARCH"], version: strings.TrimPrefix(info.Main.Version, "v"), date: date,
		digest: fmt.Sprintf("%x", sha256.Sum256(data)), parts: parts,
	}
	for form, document := range map[string]any{"spdx": b.spdx(), "cdx": b.cycloneDX()} {
		text, err := json.MarshalIndent(document, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(prefix+"."+form+".json", append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// built is a program as it was built.
type built struct {
	name, version, date, digest string
	parts                       []part
}

type object map[string]any

// spdx is https://spdx.github.io/spdx-spec/v2.3 as JSON. The namespace has to be of this document alone: the program's own digest
// makes it so.
func (b built) spdx() object {
	packages := []object{{
		"SPDXID": "SPDXRef-program", "name": program, "versionInfo": b.version, "downloadLocation": repository, "filesAnalyzed": false,
		"licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION", "primaryPackagePurpose": "APPLICATION",
		"checksums": []object{{"algorithm": "SHA256", "checksumValue": b.digest}},
	}}
	relations := []object{{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-program"}}
	for i, p := range b.parts {
		id := fmt.Sprintf("SPDXRef-module-%d", i)
		described := object{
			"SPDXID": id, "name": p.path, "versionInfo": p.version, "downloadLocation": "NOASSERTION", "filesAnalyzed": false,
			"licenseConcluded": p.id, "licenseDeclared": p.id, "copyrightText": "NOASSERTION",
			"externalRefs": []object{{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": p.purl()}},
		}
		packages = append(packages, described)
		relations = append(relations, object{"spdxElementId": "SPDXRef-program", "relationshipType": "CONTAINS", "relatedSpdxElement": id})
	}
	return object{
		"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": b.name,
		"documentNamespace": repository + "/spdx/" + b.name + "-" + b.digest,
		"creationInfo":      object{"created": b.date, "creators": []string{"Tool: " + program + "-licences"}},
		"packages":          packages, "relationships": relations,
	}
}

// cycloneDX is https://cyclonedx.org/docs/1.6/json.
func (b built) cycloneDX() object {
	components, refs := []object{}, []string{}
	for _, p := range b.parts {
		c := object{"type": "library", "bom-ref": p.purl(), "name": p.path, "version": p.version, "purl": p.purl(), "licenses": []object{{"license": object{"id": p.id}}}}
		if hash := p.hash(); hash != "" {
			c["hashes"] = []object{{"alg": "SHA-256", "content": hash}}
		}
		components, refs = append(components, c), append(refs, p.purl())
	}
	return object{
		"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": object{
			"timestamp": b.date,
			"component": object{
				"type": "application", "bom-ref": "program", "name": program, "version": b.version, "licenses": []object{{"license": object{"id": licence}}},
				"hashes": []object{{"alg": "SHA-256", "content": b.digest}},
			},
		},
		"components": components, "dependencies": []object{{"ref": "program", "dependsOn": refs}},
	}
}
