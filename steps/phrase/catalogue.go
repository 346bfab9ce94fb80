package phrase

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"hash/fnv"
	"io"
	"strings"
	"sync"
)

// The German of the texts stands in german.txt, in pairs of lines: the English one, and below it the German one, with an empty line between
// the pairs. A line that begins with # says where those after it are said. The program carries it packed, and the English once only, where
// it is said: first the sums of the English texts, four bytes each, then the German ones, a line each. No two texts have the same sum, and
// none is said that has no German: tests rule that out. go test ./steps/phrase -pack packs it.
//
//go:embed german.packed
var packed []byte

// sum is a text's place in the catalogue.
func sum(text string) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, text)
	return h.Sum32()
}

// unpack is the German of each text; nothing where it can't be unpacked, which a test rules out.
func unpack(packed []byte) map[uint32]string {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(r)
	if err != nil || len(data) < 4 {
		return nil
	}
	n, data := int(binary.BigEndian.Uint32(data)), data[4:]
	if n < 0 || len(data)/4 < n {
		return nil
	}
	all, sums := make(map[uint32]string, n), data[:4*n]
	for line := range strings.SplitSeq(string(data[4*n:]), "\n") {
		if len(sums) == 0 {
			break
		}
		all[binary.BigEndian.Uint32(sums)], sums = line, sums[4:]
	}
	return all
}

// catalogue is read when German is first spoken.
var catalogue = sync.OnceValue(func() map[uint32]string { return unpack(packed) })
