package main

import (
	"encoding/json"
	"errors"
	"strings"
)

// described is what an SBOM says of a program.
type described struct {
	digest   string
	parts    map[string]string // version by module
	licences []string          // of the modules
}

func readSPDX(text []byte) (described, error) {
	var document struct {
		Packages []struct {
			SPDXID, Name, VersionInfo, LicenseDeclared string
			Checksums                                  []struct{ Algorithm, ChecksumValue string }
		}
		Relationships []struct{ SpdxElementID, RelationshipType, RelatedSpdxElement string }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return described{}, err
	}
	contained := map[string]bool{}
	for _, r := range document.Relationships {
		contained[r.RelatedSpdxElement] = r.SpdxElementID == "SPDXRef-program" && r.RelationshipType == "CONTAINS"
	}
	says := described{parts: map[string]string{}}
	for _, p := range document.Packages {
		switch {
		case p.SPDXID == "SPDXRef-program" && len(p.Checksums) == 1 && p.Checksums[0].Algorithm == "SHA256":
			says.digest = p.Checksums[0].ChecksumValue
		case contained[p.SPDXID]:
			says.parts[p.Name] = p.VersionInfo
			says.licences = append(says.licences, p.LicenseDeclared)
		default:
			return says, errors.New(p.SPDXID + " stands in no relation to the program")
		}
	}
	return says, nil
}

func readCycloneDX(text []byte) (described, error) {
	var document struct {
		Metadata struct {
			Component struct {
				Hashes []struct{ Alg, Content string }
			}
		}
		Components []struct {
			Ref           string `json:"bom-ref"`
			Name, Version string
			Purl          string
			Licenses      []struct{ License struct{ ID string } }
		}
		Dependencies []struct{ DependsOn []string }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return described{}, err
	}
	says := described{parts: map[string]string{}}
	for _, h := range document.Metadata.Component.Hashes {
		if h.Alg == "SHA-256" {
			says.digest = h.Content
		}
	}
	if len(document.Dependencies) != 1 || len(document.Dependencies[0].DependsOn) != len(document.Components) {
		return says, errors.New("not every component is a dependency")
	}
	for i, c := range document.Components {
		if c.Purl != "pkg:golang/"+c.Name+"@"+c.Version || document.Dependencies[0].DependsOn[i] != c.Ref || len(c.Licenses) == 0 {
			return says, errors.New(strings.TrimSpace(c.Name + " has another address, no licence or is no dependency"))
		}
		says.parts[c.Name] = c.Version
		says.licences = append(says.licences, c.Licenses[0].License.ID)
	}
	return says, nil
}
