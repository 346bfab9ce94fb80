package phrase

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var pack = flag.Bool("pack", false, "pack german.txt")

// What the program carries is german.txt, and no two texts of it have the same sum.
func TestGermanIsPacked(t *testing.T) {
	data, err := os.ReadFile("german.txt")
	if err != nil {
		t.Fatal(err)
	}
	whole, texts := map[uint32]string{}, map[uint32]string{}
	key := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") {
		switch {
		case line == "":
			key = ""
		case key != "":
			if other, taken := texts[sum(key)]; taken && other != key {
				t.Fatalf("%q and %q have the same sum: say one of them in other words", key, other)
			}
			whole[sum(key)], texts[sum(key)], key = line, key, ""
		case !strings.HasPrefix(line, "#"):
			key = line
		}
	}
	if *pack {
		packed = packing(t, whole)
		if err := os.WriteFile("german.packed", packed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !maps.Equal(unpack(packed), whole) {
		t.Error("german.packed is not german.txt: run go test ./steps/phrase -run Packed -pack")
	}
	for _, spoilt := range [][]byte{nil, packed[:10], packed[:len(packed)/2]} {
		if len(unpack(spoilt)) > 0 {
			t.Errorf("of %d bytes something is read", len(spoilt))
		}
	}
}

func packing(t *testing.T, whole map[uint32]string) []byte {
	t.Helper()
	sums := slices.SortedFunc(maps.Keys(whole), func(a, b uint32) int { return strings.Compare(whole[a], whole[b]) })
	raw := binary.BigEndian.AppendUint32(nil, uint32(len(sums)))
	for _, s := range sums {
		raw = binary.BigEndian.AppendUint32(raw, s)
	}
	for _, s := range sums {
		raw = append(append(raw, whole[s]...), '\n')
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
