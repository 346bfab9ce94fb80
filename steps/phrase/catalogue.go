package phrase

import (
	_ "embed"
	"strings"
	"sync"
)

// german holds the texts in pairs of lines, the English one and below it the German one, with an empty line between them. A line
// that begins with # says where those after it are said.
//
//go:embed german.txt
var german string

// catalogue is the German of each text. It is read when German is first spoken.
var catalogue = sync.OnceValue(func() map[string]string {
	all := make(map[string]string, 2048)
	key := ""
	for line := range strings.SplitSeq(german, "\n") {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case line == "":
			key = ""
		case key != "":
			all[key], key = line, ""
		case !strings.HasPrefix(line, "#"):
			key = line
		}
	}
	return all
})
