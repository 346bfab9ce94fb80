package guard

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Where systemd-logind reads its settings, what comes first counting more. The file itself is taken from the first place
// that has it, the drop-ins are sorted by name (https://www.freedesktop.org/software/systemd/man/latest/logind.conf.html).
var logindPlaces = []string{"etc/systemd", "run/systemd", "usr/local/lib/systemd", "usr/lib/systemd", "lib/systemd"}

// logind are the settings that decide what becomes of a user's processes.
type logind struct {
	kill          Known
	only, exclude []string
}

// logindEnds reports whether logind ends what a session of the user has started.
func logindEnds(root fs.FS, userName string) Known {
	l := logind{exclude: []string{"root"}}
	for _, place := range logindPlaces {
		if data, err := fs.ReadFile(root, place+"/logind.conf"); err == nil {
			l.read(string(data), true)
			break
		}
	}
	for _, name := range dropIns(root) {
		if data, err := fs.ReadFile(root, name); err == nil {
			l.read(string(data), false)
		}
	}
	if slices.Contains(l.exclude, userName) || len(l.only) > 0 && !slices.Contains(l.only, userName) {
		return No
	}
	return l.kill
}

// dropIns are the files that change the settings, in their order.
func dropIns(root fs.FS) []string {
	byName := map[string]string{}
	for _, place := range logindPlaces {
		found, err := fs.Glob(root, place+"/logind.conf.d/*.conf")
		if err != nil {
			continue
		}
		for _, file := range found {
			if _, hidden := byName[path.Base(file)]; !hidden {
				byName[path.Base(file)] = file
			}
		}
	}
	var out []string
	for _, file := range byName {
		out = append(out, file)
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(path.Base(a), path.Base(b)) })
	return out
}

// read takes over what a file sets. The file itself names the defaults it was built with in comments.
func (l *logind) read(text string, defaults bool) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "#"), "=")
		commented := strings.HasPrefix(line, "#")
		if !ok || commented && !defaults {
			continue
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case name == "KillUserProcesses" && (!commented || l.kill == Unknown):
			l.kill = boolean(value)
		case name == "KillOnlyUsers" && !commented:
			l.only = append(l.only, strings.Fields(value)...)
		case name == "KillExcludeUsers" && !commented:
			l.exclude = append(l.exclude, strings.Fields(value)...)
		}
	}
}

// boolean reads a value as systemd does; anything else is not known.
func boolean(value string) Known {
	switch strings.ToLower(value) {
	case "1", "yes", "y", "true", "t", "on":
		return Yes
	case "0", "no", "n", "false", "f", "off":
		return No
	}
	return Unknown
}
