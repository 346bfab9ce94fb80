package welcome

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails come in any charset
)

// A mail is taken apart into its readable texts. What is damaged is read as far as it goes: a mail that was cut off by a
// clipboard may still have all that is needed.

const (
	// maxDepth is how deep parts, and mails attached to mails, are followed. A forwarded mail is three or four deep; each
	// level costs a pass over everything in it.
	maxDepth = 12
	// maxDecoded is how much is decoded in all, in bytes.
	maxDecoded = 4 * MaxMail
	// maxParts is how many parts are read.
	maxParts = 1000
)

// reading is a mail being read.
type reading struct {
	texts []*scratch // UTF-8, lines end in \n
	links []string   // of the HTML in it
	left  int        // bytes that may still be decoded
	parts int
}

func (r *reading) wipe() {
	for _, t := range r.texts {
		t.wipe()
	}
	r.texts = nil
}

// take reads data as what its content says it is. It leaves data as it is.
func (r *reading) take(data []byte, depth int) error {
	switch {
	case depth > maxDepth || r.left <= 0:
		return nil
	case isCompound(data):
		return r.compound(data, depth)
	case isUTF16(data):
		var out scratch
		defer out.wipe()
		fromUTF16(&out, data)
		return r.take(out.b, depth+1)
	}
	if headed, ok := withHead(data); ok {
		texts := len(r.texts)
		r.mime(headed, depth)
		if len(r.texts) > texts {
			return nil
		}
	}
	switch {
	case isPage(data):
		r.page(data, "")
	case bytes.IndexByte(data, 0) >= 0:
		return &Error{Reason: "it is a file that is no mail", Hint: "Save the mail as .eml, or open it and paste its text."}
	default:
		r.plain(data, false)
	}
	return nil
}

var (
	headerLine = regexp.MustCompile(`(?im)^(mime-version|content-type|content-transfer-encoding|received|message-id|return-path):\s`)
	headerName = regexp.MustCompile(`^[!-9;-~]+:`)
	boundary   = regexp.MustCompile(`^--([^\s"]{1,70})\r?\n(?i:content-)`)
)

// withHead returns a mail from its first header line on. A mail that was copied without its header, from the first
// boundary on, gets one back.
func withHead(data []byte) ([]byte, bool) {
	if m := boundary.FindSubmatch(data); m != nil {
		head := "Content-Type: multipart/mixed; boundary=\"" + string(m[1]) + "\"\r\n\r\n"
		return append([]byte(head), data...), true
	}
	if line, rest, ok := bytes.Cut(data, []byte("\n")); ok && bytes.HasPrefix(line, []byte("From ")) {
		data = rest // mbox, RFC 4155
	}
	const longest = 256 << 10
	head := data[:min(len(data), longest)]
	for _, end := range []string{"\n\n", "\n\r\n"} {
		if i := bytes.Index(head, []byte(end)); i >= 0 {
			head = head[:i]
		}
	}
	return data, headerName.Match(head) && headerLine.Match(head)
}

// mime reads a mail with its header (RFC 5322, RFC 2045).
func (r *reading) mime(data []byte, depth int) {
	entity, err := message.Read(bytes.NewReader(data))
	if err != nil && !tolerable(err) {
		return
	}
	r.entity(entity, depth)
}

// tolerable reports a text in an unknown charset or transfer encoding, whose raw bytes can be read all the same.
func tolerable(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

// entity reads one part and those in it.
func (r *reading) entity(e *message.Entity, depth int) {
	if r.parts++; depth > maxDepth || r.parts > maxParts || r.left <= 0 {
		return
	}
	if parts := e.MultipartReader(); parts != nil {
		for {
			part, err := parts.NextPart()
			if part == nil || err != nil && !tolerable(err) {
				return
			}
			r.entity(part, depth+1)
		}
	}
	kind, parameters, _ := e.Header.ContentType()
	switch {
	case kind == "text/html":
		body := r.body(e)
		defer body.wipe()
		r.page(body.b, "text/html; charset="+parameters["charset"])
	case strings.HasPrefix(kind, "text/"), kind == "":
		body := r.body(e)
		defer body.wipe()
		switch {
		case isUTF16(body.b):
			_ = r.take(body.b, depth+1) // an attached text
		case strings.EqualFold(parameters["format"], "flowed") && strings.EqualFold(parameters["delsp"], "yes"):
			r.plain(body.b, true)
		default:
			r.plain(body.b, false)
		}
	case !strings.HasPrefix(kind, "image/") && !strings.HasPrefix(kind, "audio/") && !strings.HasPrefix(kind, "video/"):
		body := r.body(e)
		defer body.wipe()
		if _, headed := withHead(bytes.TrimSpace(body.b)); headed || kind == "message/rfc822" || isCompound(body.b) {
			_ = r.take(bytes.TrimSpace(body.b), depth+1) // one attachment that can't be read is no reason to give up
		}
	}
}

// body is the decoded content of a part, as far as it can be decoded.
func (r *reading) body(e *message.Entity) *scratch {
	var s scratch
	_, _ = s.ReadFrom(io.LimitReader(e.Body, int64(max(r.left, 0))))
	r.left -= len(s.b)
	return &s
}
