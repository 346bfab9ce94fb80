package phrase

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"sync"
)

// german holds the texts in pairs of lines, the English one and below it the German one, with an empty line between them. A line
// that begins with # says where those after it are said. The program carries it packed: go test ./steps/phrase -pack packs it.
//
//go:embed german.txt.gz
var packed []byte

// german is german.txt; empty where it can't be unpacked, which a test rules out.
func german() string {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return ""
	}
	return string(text)
}

// catalogue is the German of each text. It is read when German is first spoken.
var catalogue = sync.OnceValue(func() map[string]string {
	all := make(map[string]string, 2048)
	key := ""
	for line := range strings.SplitSeq(german(), "\n") {
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
