package web

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

// The pages are drawn in English. Where the site speaks German, each text of a drawn page is looked up, whole: one with a name in it
// stands in the catalogue with %s in the name's place.

// The catalogue holds the texts in pairs of lines, the English one and below it the German one, with an empty line between them. The program
// carries german.txt packed: go test ./graph/simtenant/web -run Packed -pack packs it.
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

// named is a text with names in it.
type named struct {
	english *regexp.Regexp
	german  string
}

type catalogue struct {
	whole map[string]string
	named []named
}

var catalogued = sync.OnceValue(func() catalogue {
	c := catalogue{whole: map[string]string{}}
	for pair := range strings.SplitSeq(strings.TrimSpace(german()), "\n\n") {
		text, said, _ := strings.Cut(pair, "\n")
		if !strings.Contains(text, "%s") {
			c.whole[text] = said
			continue
		}
		pattern := strings.ReplaceAll(regexp.QuoteMeta(text), "%s", "(.+?)")
		c.named = append(c.named, named{regexp.MustCompile("^" + pattern + "$"), said})
	}
	return c
})

// inGerman is a text of a page; one that the catalogue lacks stays.
func inGerman(text string) string {
	c := catalogued()
	if said, ok := c.whole[text]; ok {
		return said
	}
	if title, is := strings.CutSuffix(text, notMicrosoft); is {
		return inGerman(title) + " · " + inGerman(strings.TrimPrefix(notMicrosoft, " · "))
	}
	for _, first := range []string{"Error:", "Only a rehearsal tells:"} {
		if rest, is := strings.CutPrefix(text, first+" "); is {
			return inGerman(first) + " " + inGerman(rest)
		}
	}
	for _, n := range c.named {
		if m := n.english.FindStringSubmatch(text); m != nil {
			said := n.german
			for _, name := range m[1:] {
				said = strings.Replace(said, "%s", name, 1)
			}
			return said
		}
	}
	return text
}

// ofDelegate365 are the words on Delegate365's own pages that the wizard names as they stand there.
var ofDelegate365 = []string{"Save", "Test credentials", "Administration / Office 365 account", "Dashboard", "Login", "Setup completed"}

// write draws a page in the site's language.
func write(v *visit, b *bytes.Buffer, head, body tag.Node) error {
	if !v.s.German {
		return tag.Page(b, "en", head, body)
	}
	return tag.Page(b, "de", head, body, func(text string) string {
		if v.face.Class == faceDelegate365.Class && slices.Contains(ofDelegate365, text) {
			return text
		}
		return inGerman(text)
	})
}
