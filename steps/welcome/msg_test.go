package welcome

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/net/html/charset"
)

// outlook writes a .msg file as Outlook does (MS-CFB version 3): streams under the names given, those with a slash inside
// a storage. It writes just enough of the format for a reader that knows nothing of it.
func outlook(streams map[string][]byte) []byte {
	const sector, mini, cutoff, free, end = 512, 64, 4096, 0xffffffff, 0xfffffffe
	type entry struct {
		name        string
		kind        byte
		left, right uint32
		child       uint32
		start       uint32
		size        int
		content     []byte
	}
	entries := []entry{{name: "Root Entry", kind: 5, left: free, right: free, child: free, start: end}}
	storages := map[string]int{"": 0}
	names := make([]string, 0, len(streams))
	for name := range streams {
		names = append(names, name)
	}
	slices.Sort(names)
	add := func(parent int, e entry) int {
		e.left, e.right, e.child = free, free, free
		entries = append(entries, e)
		i := len(entries) - 1
		if entries[parent].child == free {
			entries[parent].child = uint32(i)
			return i
		}
		last := entries[parent].child // siblings as a list to the right, which a reader takes as a lopsided tree
		for entries[last].right != free {
			last = entries[last].right
		}
		entries[last].right = uint32(i)
		return i
	}
	for _, name := range names {
		parent := 0
		parts := strings.Split(name, "/")
		for i, part := range parts[:len(parts)-1] {
			path := strings.Join(parts[:i+1], "/")
			if _, ok := storages[path]; !ok {
				storages[path] = add(parent, entry{name: part, kind: 1})
			}
			parent = storages[path]
		}
		add(parent, entry{name: parts[len(parts)-1], kind: 2, size: len(streams[name]), content: streams[name]})
	}

	var body, small bytes.Buffer // sectors, and the mini stream
	var fat, miniFAT []uint32
	chain := func(table *[]uint32, out *bytes.Buffer, content []byte, size int) uint32 {
		if len(content) == 0 {
			return end
		}
		first := uint32(len(*table))
		for i := 0; i < len(content); i += size {
			block := make([]byte, size)
			copy(block, content[i:])
			out.Write(block)
			*table = append(*table, uint32(len(*table)+1))
		}
		(*table)[len(*table)-1] = end
		return first
	}
	for i := range entries {
		e := &entries[i]
		switch {
		case e.kind != 2:
			e.start = end
		case e.size < cutoff:
			e.start = chain(&miniFAT, &small, e.content, mini)
		default:
			e.start = chain(&fat, &body, e.content, sector)
		}
	}
	entries[0].start, entries[0].size = chain(&fat, &body, small.Bytes(), sector), small.Len()
	var table bytes.Buffer
	for len(miniFAT)%(sector/4) != 0 {
		miniFAT = append(miniFAT, free)
	}
	_ = binary.Write(&table, binary.LittleEndian, miniFAT)
	miniStart := chain(&fat, &body, table.Bytes(), sector)
	var directory bytes.Buffer
	for _, e := range entries {
		record := make([]byte, 128)
		units := utf16.Encode([]rune(e.name))
		for i, u := range units {
			binary.LittleEndian.PutUint16(record[2*i:], u)
		}
		binary.LittleEndian.PutUint16(record[64:], uint16(2*len(units)+2))
		record[66], record[67] = e.kind, 1
		for i, v := range []uint32{e.left, e.right, e.child} {
			binary.LittleEndian.PutUint32(record[68+4*i:], v)
		}
		binary.LittleEndian.PutUint32(record[116:], e.start)
		binary.LittleEndian.PutUint32(record[120:], uint32(e.size))
		directory.Write(record)
	}
	directoryStart := chain(&fat, &body, directory.Bytes(), sector)
	fats := 1
	for len(fat)+fats > fats*sector/4 {
		fats++
	}
	fatStart := len(fat)
	for range fats {
		fat = append(fat, 0xfffffffd)
	}
	for len(fat) < fats*sector/4 {
		fat = append(fat, free)
	}
	_ = binary.Write(&body, binary.LittleEndian, fat)

	head := make([]byte, sector)
	copy(head, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1})
	for at, v := range map[int]uint16{24: 0x3e, 26: 3, 28: 0xfffe, 30: 9, 32: 6} {
		binary.LittleEndian.PutUint16(head[at:], v)
	}
	minis := len(miniFAT) / (sector / 4)
	for at, v := range map[int]uint32{44: uint32(fats), 48: directoryStart, 56: cutoff, 60: miniStart, 64: uint32(minis), 68: end} {
		binary.LittleEndian.PutUint32(head[at:], v)
	}
	for i := range 109 {
		v := uint32(free)
		if i < fats {
			v = uint32(fatStart + i)
		}
		binary.LittleEndian.PutUint32(head[76+4*i:], v)
	}
	return append(head, body.Bytes()...)
}

// wide is a text as a Unicode property holds it.
func wide(text string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// properties is the stream of fixed properties with the code pages given.
func properties(message, internet uint32) []byte {
	return fixed(tagMessageCode, message, tagInternetCode, internet)
}

// locale is the same with nothing but a locale.
func locale(id uint32) []byte { return fixed(tagLocale, id) }

// fixed is the stream with pairs of tags and values.
func fixed(pairs ...uint32) []byte {
	b := make([]byte, 32, 64)
	for pair := range slices.Chunk(pairs, 2) {
		for _, v := range []uint32{pair[0], 6, pair[1], 0} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	return b
}

// Every code page named here is one that can be read.
func TestCodepages(t *testing.T) {
	for id := range uint32(70_000) {
		for _, label := range []string{codepage(id), ansi(id)} {
			if enc, _ := charset.Lookup(label); enc == nil && label != "" {
				t.Errorf("%d is %s, which is unknown", id, label)
			}
		}
	}
}
