package welcome

import (
	"bytes"
	"mime"
	"slices"
	"strings"
)

// Mails arrive with damage that mail programs read over: lines in the header that are no fields, no empty line before
// the body, marks after the transfer encoding. It is mended here before the mail is taken apart, and told.

var (
	fieldName      = pattern(`^([!-9;-~]+)[ \t]*:`)
	looseParameter = pattern(`(?i)(charset|boundary|format|delsp|name|smime-type)[ \t]*=[ \t]*(?:"([^"\r\n]*)"?|([^\s;"]+))`)
	looseKind      = pattern(`^[\s"']*([A-Za-z]+/[A-Za-z0-9.+_-]+)`)
)

// mender copies a mail line by line.
type mender struct {
	out        *scratch
	boundaries map[string]bool
	head       bool   // in a header
	fields     int    // of this header
	field      []byte // being read, with its continuations
	names      []string
	attached   bool // the header is that of an attached mail, whose own follows
	mended     bool
}

// repair returns the mail so that it can be taken apart, and whether anything had to be mended.
func repair(data []byte) (*scratch, bool) {
	m := mender{out: &scratch{}, boundaries: map[string]bool{}, head: true}
	m.out.room(len(data) + len(data)/8)
	returns := bytes.Count(data, []byte("\r\n"))
	mixed := returns > 0 && returns < bytes.Count(data, []byte("\n"))
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n') + 1
		if end == 0 {
			end = len(data)
		}
		line := data[:end]
		data = data[end:]
		if mixed && bytes.HasSuffix(line, []byte("\n")) {
			line = append(bytes.TrimRight(slices.Clone(line), "\r\n"), "\r\n"...)
		}
		if m.head && bytes.HasPrefix(line, []byte("--")) {
			m.flush() // it may name the boundary
		}
		switch {
		case m.isBoundary(line):
			m.boundary(line)
		case m.head:
			m.header(line, data)
		default:
			_, _ = m.out.Write(line)
		}
	}
	if m.head {
		m.flush()
		_, _ = m.out.Write([]byte("\r\n"))
	}
	return m.out, m.mended
}

// isField reports a header field, and not an address at the beginning of a body.
func isField(line []byte) bool {
	return fieldName().Match(line) && !linkInText().Match(line[:min(len(line), 10)])
}

func (m *mender) isBoundary(line []byte) bool {
	if len(m.boundaries) == 0 || !bytes.HasPrefix(line, []byte("--")) {
		return false
	}
	name := bytes.TrimRight(line[2:], " \t\r\n")
	return m.boundaries[string(name)] || m.boundaries[string(bytes.TrimSuffix(name, []byte("--")))]
}

// boundary begins the next part, or ends the last. A header that it meets lacks its empty line.
func (m *mender) boundary(line []byte) {
	if m.head {
		m.endHead()
		m.mended = m.mended || m.fields > 0
	}
	_, _ = m.out.Write(line)
	m.begin(m.boundaries[string(bytes.TrimRight(line[2:], " \t\r\n"))])
}

func (m *mender) begin(head bool) {
	m.head, m.fields, m.names, m.attached = head, 0, nil, false
}

// header takes one line of a header; rest is what follows it.
func (m *mender) header(line, rest []byte) {
	switch {
	case len(bytes.Trim(line, "\r\n")) == 0:
		attached := m.attachedNow()
		m.endHead()
		m.begin(attached)
	case m.fields > 0 && (line[0] == ' ' || line[0] == '\t'):
		m.field = append(m.field, line...)
	case isField(line):
		m.flush()
		m.fields++
		m.field = append(m.field[:0], line...)
	case isField(rest) || len(rest) > 0 && m.fields > 0 && (rest[0] == ' ' || rest[0] == '\t'):
		m.flush()
		m.mended = true // a line that is no field
	default:
		m.mended = true // the body begins without an empty line
		m.endHead()
		m.head = false
		_, _ = m.out.Write(line)
	}
}

func (m *mender) attachedNow() bool {
	m.flush()
	return m.attached
}

func (m *mender) endHead() {
	m.flush()
	_, _ = m.out.Write([]byte("\r\n"))
}

// flush writes the field that was read.
func (m *mender) flush() {
	colon := bytes.IndexByte(m.field, ':')
	if colon < 0 {
		m.field = m.field[:0]
		return
	}
	name := strings.ToLower(string(bytes.TrimRight(m.field[:colon], " \t")))
	value := strings.TrimSpace(string(m.field[colon+1:]))
	mends := name == "content-type" || name == "content-transfer-encoding"
	switch {
	case mends && slices.Contains(m.names, name):
		m.mended = true // a second one; the first counts
	case name == "content-type":
		m.contentType(value)
	case name == "content-transfer-encoding":
		m.transferEncoding(value)
	case colon > 0 && (m.field[colon-1] == ' ' || m.field[colon-1] == '\t'):
		_, _ = m.out.Write([]byte(name + ": " + value + "\r\n"))
	default:
		_, _ = m.out.Write(m.field)
		if !bytes.HasSuffix(m.field, []byte("\n")) {
			_, _ = m.out.Write([]byte("\r\n"))
		}
	}
	if mends {
		m.names = append(m.names, name)
	}
	clear(m.field)
	m.field = m.field[:0]
}

// contentType writes the field anew where it can't be read as it stands, and keeps the boundary it names.
func (m *mender) contentType(value string) {
	unfolded := strings.NewReplacer("\r\n", "", "\n", "").Replace(value)
	kind, parameters, err := mime.ParseMediaType(unfolded)
	if err != nil || !strings.Contains(kind, "/") {
		m.mended = true
		kind, parameters = looseType(unfolded)
		unfolded = mime.FormatMediaType(kind, parameters)
	}
	if b := parameters["boundary"]; b != "" && strings.HasPrefix(kind, "multipart/") {
		m.boundaries[b] = true
	}
	m.attached = kind == "message/rfc822"
	_, _ = m.out.Write([]byte("Content-Type: " + unfolded + "\r\n"))
}

// looseType reads a content type that is not written as it should be.
func looseType(value string) (string, map[string]string) {
	kind := "text/plain"
	if found := looseKind().FindStringSubmatch(value); found != nil {
		kind = strings.ToLower(found[1])
	}
	parameters := map[string]string{}
	for _, p := range looseParameter().FindAllStringSubmatch(value, -1) {
		name := strings.ToLower(p[1])
		if _, twice := parameters[name]; !twice {
			parameters[name] = p[2] + p[3]
		}
	}
	return kind, parameters
}

// transferEncoding writes the field with nothing but the encoding's name.
func (m *mender) transferEncoding(value string) {
	name := strings.ToLower(value)
	bare := strings.Trim(name, " \t\"';,.")
	if i := strings.IndexAny(bare, " \t;,("); i >= 0 {
		bare = bare[:i]
	}
	switch bare {
	case "quotedprintable", "quoted_printable", "quoted-printible":
		bare = "quoted-printable"
	case "base-64":
		bare = "base64"
	case "8-bit", "7-bit":
		name, bare = bare[:1]+"bit", bare[:1]+"bit"
	}
	m.mended = m.mended || bare != name
	if m.attached && (bare == "base64" || bare == "quoted-printable") {
		m.attached = false
	}
	_, _ = m.out.Write([]byte("Content-Transfer-Encoding: " + bare + "\r\n"))
}
