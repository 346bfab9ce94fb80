package welcome

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/richardlehane/mscfb"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Outlook saves a mail as .msg: a compound file (MS-CFB) in which each property of the mail is a stream whose name ends in
// its tag and type (MS-OXMSG, section 2.1.3). Read are the bodies, those of attached mails too, and attached files that
// are mails.

// The properties read (MS-OXPROPS) and the types they come in (MS-OXCDATA, section 2.11.1).
const (
	streamPrefix     = "__substg1.0_"
	propertiesStream = "__properties_version1.0"
	namesStorage     = "__nameid_version1.0" // names of properties, in streams like theirs
	tagBody          = "1000"
	tagHTML          = "1013"
	tagRTF           = "1009"
	tagAttached      = "3701"
	typeString8      = "001E"
	typeUnicode      = "001F"
	typeBinary       = "0102"
	tagInternetCode  = 0x3fde0003 // PidTagInternetCodepage, of the HTML
	tagMessageCode   = 0x3ffd0003 // PidTagMessageCodepage, of every other text
	tagLocale        = 0x3ff10003 // PidTagMessageLocaleId, whose system code page it is where none is named
)

func isCompound(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1})
}

// compound reads a .msg file.
func (r *reading) compound(data []byte, depth int, doubt Doubt) error {
	damaged := &Error{Reason: phrase.T("the .msg file is damaged"), Hint: phrase.T("Save the mail as .eml, or open it and paste its text.")}
	file, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return damaged
	}
	m := charsets{internet: "windows-1252", other: "windows-1252"}
	var bodies []*mscfb.File
	rtf := false
	for _, f := range file.File {
		switch tag, kind := property(f.Name); {
		case f.Name == propertiesStream && len(f.Path) == 0:
			m.codepages(r, f)
		case tag == tagRTF && kind == typeBinary:
			rtf = true
		case tag == tagBody && kind != typeBinary, tag == tagHTML, tag == tagAttached && kind == typeBinary:
			if !slices.Contains(f.Path, namesStorage) {
				bodies = append(bodies, f)
			}
		}
	}
	texts := len(r.texts)
	for _, f := range bodies {
		if r.parts++; r.parts > maxParts {
			break
		}
		r.property(f, m, depth, doubt)
	}
	switch {
	case len(r.texts) > texts:
		return nil
	case rtf:
		return &Error{Reason: phrase.T("the .msg file has its text as RTF only"), Hint: phrase.T("Save the mail as .eml, or open it and paste its text.")}
	}
	return damaged
}

// property takes a stream's name apart into tag and type.
func property(name string) (tag, kind string) {
	rest, ok := strings.CutPrefix(name, streamPrefix)
	if !ok || len(rest) < 8 {
		return "", ""
	}
	return rest[:4], strings.ToUpper(rest[4:8])
}

// property reads one body or attachment.
func (r *reading) property(f *mscfb.File, m charsets, depth int, doubt Doubt) {
	raw := r.stream(f)
	defer raw.wipe()
	tag, kind := property(f.Name)
	if tag == tagAttached {
		if before, _, headed := withHead(bytes.TrimSpace(raw.b)); headed && len(before) == 0 || isCompound(raw.b) {
			_ = r.take(bytes.TrimSpace(raw.b), depth+1, doubt) // one attachment that can't be read is no reason to give up
		}
		return
	}
	body := raw
	switch {
	case len(raw.b) == 0:
		return
	case kind == typeUnicode:
		body = &scratch{}
		defer body.wipe()
		fromUTF16(body, append([]byte{0xff, 0xfe}, raw.b...))
	case kind == typeString8 && tag == tagBody:
		body = &scratch{}
		defer body.wipe()
		toUTF8(body, raw.b, m.other)
	}
	if tag == tagHTML {
		r.page(body.b, "text/html; charset="+m.internet, text{doubt: doubt})
		return
	}
	r.plain(body.b, text{doubt: doubt}, false)
}

// stream is what a stream holds, as far as it can be read. It is read in pieces, because the reader's time for one piece
// grows with the square of its sectors.
func (r *reading) stream(f *mscfb.File) *scratch {
	const piece = 16 << 10
	var s scratch
	size := min(f.Size, int64(max(r.left, 0)))
	for int64(len(s.b)) < size {
		want := int(min(piece, size-int64(len(s.b))))
		s.room(want)
		n, err := f.Read(s.b[len(s.b) : len(s.b)+want])
		s.b = s.b[:len(s.b)+n]
		if err != nil && !errors.Is(err, io.EOF) || n == 0 {
			break
		}
	}
	r.left -= len(s.b)
	return &s
}

// charsets is which charsets the texts of a .msg file are in where they are not Unicode.
type charsets struct{ internet, other string }

// codepages looks them up in the fixed properties of the mail: 16 bytes each after a header of 32 (MS-OXMSG, section
// 2.4).
func (m *charsets) codepages(r *reading, f *mscfb.File) {
	const header, entry = 32, 16
	s := r.stream(f)
	defer s.wipe()
	named := false
	for b := s.b[min(header, len(s.b)):]; len(b) >= entry; b = b[entry:] {
		value := binary.LittleEndian.Uint32(b[8:])
		switch label := codepage(value); binary.LittleEndian.Uint32(b) {
		case tagInternetCode:
			m.internet = cmp.Or(label, m.internet)
		case tagMessageCode:
			m.other, named = cmp.Or(label, m.other), label != ""
		case tagLocale:
			if !named {
				m.other = ansi(value)
			}
		}
	}
}

// codepage names the charset of a Windows code page (https://learn.microsoft.com/windows/win32/intl/code-page-identifiers),
// or nothing where it is not known here.
func codepage(id uint32) string {
	switch {
	case id >= 1250 && id <= 1258:
		return "windows-" + strconv.Itoa(int(id))
	case id > 28591 && id < 28600, id == 28603, id == 28605:
		return "iso-8859-" + strconv.Itoa(int(id-28590))
	}
	return map[uint32]string{
		866: "ibm866", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5", 20866: "koi8-r", 21866: "koi8-u",
		20127: "windows-1252", 20932: "euc-jp", 28591: "windows-1252", 50220: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 65001: "utf-8",
	}[id]
}

// ansi is the charset of a Windows system in the language of a locale (MS-LCID): its lower ten bits.
func ansi(locale uint32) string {
	const chinese, taiwan, hongKong = 0x04, 0x0404, 0x0c04
	if locale&0x3ff == chinese && (locale == taiwan || locale == hongKong) {
		return "big5"
	}
	label := map[uint32]string{
		0x01: "windows-1256", 0x02: "windows-1251", chinese: "gbk", 0x05: "windows-1250", 0x08: "windows-1253", 0x0d: "windows-1255",
		0x0e: "windows-1250", 0x11: "shift_jis", 0x12: "euc-kr", 0x15: "windows-1250", 0x18: "windows-1250", 0x19: "windows-1251",
		0x1a: "windows-1250", 0x1b: "windows-1250", 0x1e: "windows-874", 0x1f: "windows-1254", 0x22: "windows-1251", 0x23: "windows-1251",
		0x24: "windows-1250", 0x25: "windows-1257", 0x26: "windows-1257", 0x27: "windows-1257", 0x2a: "windows-1258",
	}[locale&0x3ff]
	return cmp.Or(label, "windows-1252")
}
