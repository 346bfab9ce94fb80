// Command sbom checks what lies in a release against the programs there. Each argument is one archive or package, unpacked into a
// folder of its name: it has to hold one program, for the system that the name says, with one SBOM in SPDX and one in CycloneDX, which
// fit the schemas of their makers and say of the program what it says of itself.
//
// The schemas come from Go modules, by version, so that go.sum's database says that nobody has changed them:
// CycloneDX's own cyclonedx-go, and syft, which has https://github.com/spdx/spdx-spec/blob/support/2.3.1/schemas/spdx-schema.json.
package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := checkAll(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func checkAll(folders []string) error {
	if len(folders) == 0 {
		return errors.New("nothing to check")
	}
	s, err := readSchemas()
	if err != nil {
		return err
	}
	documents, parts := 0, 0
	for _, folder := range folders {
		n, err := s.checkArtefact(folder)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(folder), err)
		}
		documents, parts = documents+2, parts+n
	}
	fmt.Printf("%d SBOMs of %d artefacts fit their schemas, name their program by its SHA-256, and list its modules, %d in all; %d spoilt ones were refused\n",
		documents, len(folders), parts, s.refused)
	return nil
}

// checkArtefact returns how many modules its program is made of.
func (s *schemas) checkArtefact(folder string) (int, error) {
	a, err := open(folder)
	if err != nil {
		return 0, err
	}
	if system := a.system(); !strings.HasSuffix(filepath.Base(folder), system) {
		return 0, fmt.Errorf("its program is for %s", system)
	}
	for name, read := range map[string]func([]byte) (described, error){spdxForm: readSPDX, cdxForm: readCycloneDX} {
		text := a.sboms[name]
		if err := s.valid(name, text); err != nil {
			return 0, err
		}
		says, err := read(text)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		if says.digest != a.digest {
			return 0, fmt.Errorf("%s is of the program %s, and here is %s", name, says.digest, a.digest)
		}
		if d := differing(says.parts, a.parts); len(d) > 0 {
			return 0, fmt.Errorf("%s and the program differ about %q", name, d)
		}
		if i := slices.Index(says.licences, ""); i >= 0 || len(says.licences) != len(says.parts) {
			return 0, fmt.Errorf("%s has %d licences of %d modules", name, len(says.licences), len(says.parts))
		}
	}
	return len(a.parts), nil
}

// differing are the modules that only one of two lists has, or has in this version.
func differing(a, b map[string]string) (modules []string) {
	for _, path := range slices.Sorted(maps.Keys(a)) {
		if b[path] != a[path] {
			modules = append(modules, path+" "+a[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(b)) {
		if _, there := a[path]; !there {
			modules = append(modules, path+" "+b[path])
		}
	}
	return modules
}

// artefact is an archive or package, unpacked.
type artefact struct {
	info   *buildinfo.BuildInfo
	digest string
	parts  map[string]string // version by module
	sboms  map[string][]byte // by the end of their name
}

func open(folder string) (artefact, error) {
	a := artefact{sboms: map[string][]byte{}, parts: map[string]string{}}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, form := range []string{spdxForm, cdxForm} {
			if strings.HasSuffix(path, form) {
				if a.sboms[form] != nil {
					return fmt.Errorf("it has two files *%s", form)
				}
				a.sboms[form] = data
			}
		}
		if name := entry.Name(); name == program || name == program+".exe" {
			return a.take(data)
		}
		return nil
	})
	switch {
	case err != nil:
	case a.info == nil:
		err = errors.New("it has no program")
	case len(a.sboms) != 2:
		err = fmt.Errorf("it has %d SBOMs", len(a.sboms))
	}
	return a, err
}

const program = "delegate365-onboard"

// take reads what the go command wrote into the program. Completions have its name too.
func (a *artefact) take(data []byte) error {
	info, err := buildinfo.Read(bytes.NewReader(data))
	if err != nil {
		return nil //nolint:nilerr // it is no program
	}
	if a.info != nil {
		return errors.New("it has two programs")
	}
	a.info, a.digest = info, fmt.Sprintf("%x", sha256.Sum256(data))
	a.parts["std"] = strings.TrimPrefix(info.GoVersion, "go")
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		a.parts[d.Path] = d.Version
	}
	return nil
}

// system is the end of an artefact's name.
func (a *artefact) system() string {
	set := map[string]string{}
	for _, s := range a.info.Settings {
		set[s.Key] = s.Value
	}
	return "_" + set["GOOS"] + "_" + set["GOARCH"]
}
