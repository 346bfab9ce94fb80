// Command licences says which modules are in the program and under which licence each is: as the table that the program prints,
// as the texts that go along with it, and as SBOMs. Nothing in what it writes depends on where or when it runs.
//
//	licences table [-check FILE]               module and licence, for all systems together
//	licences texts FILE                        every licence's text
//	licences sbom -date TIME -out PREFIX FILE  PREFIX.spdx.json and PREFIX.cdx.json of a built program
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var err error
	switch a := os.Args[1:]; {
	case len(a) == 1 && a[0] == "table":
		var table []byte
		if table, err = tableOf(); err == nil {
			_, err = os.Stdout.Write(table)
		}
	case len(a) == 3 && a[0] == "table" && a[1] == "-check":
		err = checkTable(a[2])
	case len(a) == 2 && a[0] == "texts":
		err = writeTexts(a[1])
	case len(a) == 6 && a[0] == "sbom" && a[1] == "-date" && a[3] == "-out":
		err = writeSBOMs(a[5], a[2], a[4])
	default:
		err = errors.New("see its source for how it is called")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// module is one that is linked into the program on some system.
type module struct{ path, version, folder string }

// modules are those of all systems that a release is built for.
func modules() ([]module, error) {
	found := map[string]module{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		cmd.Env, cmd.Stderr = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0"), os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("list the modules: %w", err)
		}
		for line := range strings.Lines(string(out)) {
			if parts := strings.Split(strings.TrimSpace(line), "\t"); len(parts) == 3 {
				found[parts[0]] = module{parts[0], parts[1], parts[2]}
			}
		}
	}
	var all []module
	for _, m := range found {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// text is what a module says of its licence, from its own folder.
func (m module) text() (string, error) {
	entries, err := os.ReadDir(m.folder)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "NOTICE") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(m.folder, e.Name()))
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.ReplaceAll(strings.TrimSpace(string(data)), "\r\n", "\n"))
	}
	if len(texts) == 0 {
		return "", fmt.Errorf("%s has no licence in its folder", m.path)
	}
	return strings.Join(texts, "\n\n"), nil
}

// known are words that only one licence has, the more demanding first (https://spdx.org/licenses).
var known = []struct{ id, words string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"BSD-3-Clause", "may be used to endorse or promote products derived from this software without specific prior written permission"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce the above copyright notice"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"WTFPL", "DO WHAT THE FUCK YOU WANT TO PUBLIC LICENSE"},
	{"Unlicense", "This is free and unencumbered software released into the public domain"},
}

// id is the SPDX id of a module's licence. One that is not known is an error: nothing is shipped under terms that nobody has read.
func (m module) id() (string, error) {
	text, err := m.text()
	if err != nil {
		return "", err
	}
	flat := strings.Join(strings.Fields(strings.ReplaceAll(text, "//", " ")), " ") // some stand in comments
	for _, k := range known {
		if strings.Contains(flat, k.words) {
			return k.id, nil
		}
	}
	return "", fmt.Errorf("the licence of %s is none that is known", m.path)
}

func tableOf() ([]byte, error) {
	all, err := modules()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, m := range all {
		id, err := m.id()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s %s\n", m.path, id)
	}
	return b.Bytes(), nil
}

func checkTable(file string) error {
	table, err := tableOf()
	if err != nil {
		return err
	}
	there, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(table, there) {
		return fmt.Errorf("%s is not what the modules say; make it anew: go run ./.ci/licences table > %s", file, file)
	}
	return nil
}

func writeTexts(file string) error {
	all, err := modules()
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("delegate365-onboard is made of these modules, besides its own code and Go's standard library.\n")
	for _, m := range append(all, module{"Go's standard library", "", goRoot()}) {
		text, err := m.text()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n%s\n%s %s\n\n%s\n", strings.Repeat("-", 80), m.path, m.version, text)
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

func goRoot() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
