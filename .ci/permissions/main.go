// Command permissions holds the rows of graph/testdata/microsoft/permissions*.json against Microsoft's own list, whose file it is given
// (microsoftgraph/microsoft-graph-devx-content, permissions/new/permissions.json): each path and method, which permissions are the least,
// and which do as well. It exits with 1 where a row is wrong, or one of a person's is missing.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// row is what a call takes, each list in alphabetical order.
type row struct {
	Least []string `json:"least"`
	Also  []string `json:"also"`
}

// list is rows by path and method.
type list map[string]map[string]row

// permission is one as Microsoft's file has it. Flags are like "least=DelegatedWork,Application;alsoRequires=…".
type permission struct {
	PathSets []struct {
		SchemeKeys []string          `json:"schemeKeys"`
		Methods    []string          `json:"methods"`
		Paths      map[string]string `json:"paths"`
	} `json:"pathSets"`
}

const ours = "graph/testdata/microsoft"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "permissions: name Microsoft's permissions.json")
		os.Exit(2)
	}
	var theirs struct{ Permissions map[string]permission }
	read(os.Args[1], &theirs)
	wrong := 0
	for _, l := range []struct {
		file, scheme string
		whole        bool // every method of a path is in it
	}{{"permissions.json", "DelegatedWork", true}, {"permissions-application.json", "Application", false}} {
		var held struct{ Paths list }
		read(filepath.Join(ours, l.file), &held)
		rows, faults := compare(held.Paths, of(theirs.Permissions, l.scheme), l.whole)
		for _, f := range faults {
			fmt.Println(l.file+":", f)
		}
		fmt.Printf("%s: rows %d, wrong %d\n", l.file, rows, len(faults))
		wrong += len(faults)
	}
	if wrong > 0 {
		os.Exit(1)
	}
}

func read(path string, into any) {
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "permissions: read "+path+":", err)
		os.Exit(2)
	}
}

// of are the rows of a scheme.
func of(all map[string]permission, scheme string) list {
	out := list{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, set := range all[name].PathSets {
			if !slices.Contains(set.SchemeKeys, scheme) {
				continue
			}
			for path, flags := range set.Paths {
				path = strings.ToLower(path)
				if out[path] == nil {
					out[path] = map[string]row{}
				}
				for _, m := range set.Methods {
					out[path][m] = out[path][m].with(name, isLeast(flags, scheme))
				}
			}
		}
	}
	return out
}

func isLeast(flags, scheme string) bool {
	for flag := range strings.SplitSeq(flags, ";") {
		if schemes, is := strings.CutPrefix(flag, "least="); is && slices.Contains(strings.Split(schemes, ","), scheme) {
			return true
		}
	}
	return false
}

func (r row) with(name string, least bool) row {
	if least {
		r.Least = append(r.Least, name)
	} else {
		r.Also = append(r.Also, name)
	}
	return r
}

// compare counts the rows that are held, and says which are not as published.
func compare(held, published list, whole bool) (rows int, faults []string) {
	for _, path := range slices.Sorted(maps.Keys(held)) {
		for _, method := range slices.Sorted(maps.Keys(held[path])) {
			rows++
			r, there := published[path][method]
			if h := held[path][method]; !there || !slices.Equal(h.Least, r.Least) || !slices.Equal(h.Also, r.Also) {
				faults = append(faults, fmt.Sprintf("%s %s is %v, published %v", method, path, h, r))
			}
		}
		for _, method := range slices.Sorted(maps.Keys(published[path])) {
			if _, there := held[path][method]; whole && !there {
				faults = append(faults, method+" "+path+" is missing")
			}
		}
	}
	return rows, faults
}
