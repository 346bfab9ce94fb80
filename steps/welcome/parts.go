package welcome

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"strings"

	"github.com/emersion/go-message/textproto"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
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
	texts  []*text // UTF-8, lines end in \n
	links  []link  // of the HTML in it
	unread []string
	own    string // the cloud's own portal
	left   int    // bytes that may still be decoded
	parts  int
}

// link is an address that a text links to.
type link struct {
	address string
	doubt   Doubt
}

func (r *reading) wipe() {
	for _, t := range r.texts {
		t.wipe()
	}
	r.texts = nil
}

// take reads data as what its content says it is. It leaves data as it is.
func (r *reading) take(data []byte, depth int, doubt Doubt) error {
	switch {
	case depth > maxDepth || r.left <= 0:
		return nil
	case isCompound(data):
		return r.compound(data, depth, doubt)
	case isUTF16(data):
		var out scratch
		defer out.wipe()
		fromUTF16(&out, data)
		return r.take(out.b, depth+1, doubt)
	}
	if before, headed, ok := withHead(data); ok {
		texts := len(r.texts)
		if len(before) > 0 {
			r.plain(before, text{doubt: doubt | Repaired}, false)
			r.mime(headed, depth, doubt|Repaired)
		} else {
			r.mime(headed, depth, doubt)
		}
		if len(r.texts) > texts {
			return nil
		}
		doubt |= Undecoded
	}
	switch {
	case isPage(data):
		r.page(data, "", text{doubt: doubt, literal: true})
	case bytes.IndexByte(data, 0) >= 0:
		return &Error{Reason: phrase.T("it is a file that is no mail"), Hint: phrase.T("Save the mail as .eml, or open it and paste its text.")}
	default:
		r.pasted(data, doubt)
	}
	return nil
}

// pasted takes a text that no header says anything of.
func (r *reading) pasted(data []byte, doubt Doubt) {
	out := &scratch{}
	defer out.wipe()
	_, certain := decodeText(out, data, "")
	if encodedSource().Match(data) {
		doubt |= Undecoded
	}
	r.plain(out.b, text{doubt: doubt, literal: true, guessed: !certain}, false)
}

var (
	headerLine    = pattern(`(?im)^(mime-version|content-type|content-transfer-encoding|received|message-id|return-path)[ \t]*:\s`)
	headerStart   = pattern(`(?im)^(mime-version|content-type|content-transfer-encoding|received|message-id|return-path|delivered-to|x-[a-z0-9-]+)[ \t]*:\s`)
	encodedSource = pattern(`(?im)^[> \t]*content-transfer-encoding[ \t]*:[ \t]*["']?(base64|quoted)`)
	boundary      = pattern(`^--([^\s"]{1,70})\r?\n(?i:content-)`)
	anyBoundary   = pattern(`(?m)^--([^\s"]{1,70})\r?\n(?i:content-)`)
)

// withHead returns a mail from its first header line on, and what stands before it. A mail that was copied without its
// header, from the first boundary on, gets one back.
func withHead(data []byte) (before, headed []byte, ok bool) {
	if m := boundary().FindSubmatch(data); m != nil {
		return nil, withBoundary(m[1], data), true
	}
	if line, rest, ok := bytes.Cut(data, []byte("\n")); ok && bytes.HasPrefix(line, []byte("From ")) {
		data = rest // mbox, RFC 4155
	}
	if isField(data) && headerLine().Match(headOf(data)) {
		return nil, data, true
	}
	const furthest = 64 << 10
	at := headerStart().FindIndex(data[:min(len(data), furthest)])
	if at == nil || !headerLine().Match(headOf(data[at[0]:])) || !bytes.Contains(data[at[0]:], []byte("\n")) {
		return nil, nil, false
	}
	return data[:at[0]], data[at[0]:], true
}

func withBoundary(name, data []byte) []byte {
	return append([]byte("Content-Type: multipart/mixed; boundary=\""+string(name)+"\"\r\n\r\n"), data...)
}

// headOf is the header at the beginning of data.
func headOf(data []byte) []byte {
	const longest = 256 << 10
	head := data[:min(len(data), longest)]
	for _, end := range []string{"\n\n", "\n\r\n"} {
		if i := bytes.Index(head, []byte(end)); i >= 0 {
			head = head[:i]
		}
	}
	return head
}

// mime reads a mail with its header (RFC 5322, RFC 2045).
func (r *reading) mime(data []byte, depth int, doubt Doubt) {
	whole, mended := repair(data)
	defer whole.wipe()
	if mended {
		doubt |= Repaired
	}
	body := bufio.NewReader(bytes.NewReader(whole.b))
	header, err := textproto.ReadHeader(body)
	if err != nil {
		return
	}
	r.entity(entity{header, body, doubt}, depth)
}

// entity is a part of a mail.
type entity struct {
	header textproto.Header
	body   io.Reader // in its transfer encoding
	doubt  Doubt
}

// entity reads one part and those in it.
func (r *reading) entity(e entity, depth int) {
	if r.parts++; depth > maxDepth || r.parts > maxParts || r.left <= 0 {
		return
	}
	kind, parameters, _ := mime.ParseMediaType(e.header.Get("Content-Type"))
	if name, ok := unreadable(kind, parameters); ok {
		r.unread = append(r.unread, name)
	}
	if strings.HasPrefix(kind, "multipart/") {
		r.multipart(e, parameters["boundary"], depth)
		return
	}
	body, from := r.body(e)
	defer body.wipe()
	switch {
	case strings.HasPrefix(kind, "text/") && kind != "text/html" && kind != "text/plain":
		from.doubt |= Undecoded // it may have a markup of its own
		fallthrough
	case kind == "text/html", kind == "text/plain", kind == "":
		r.textPart(body, from, kind, parameters, depth)
	case !strings.HasPrefix(kind, "image/") && !strings.HasPrefix(kind, "audio/") && !strings.HasPrefix(kind, "video/"):
		b := bytes.TrimSpace(body.b)
		if before, _, headed := withHead(b); headed && len(before) == 0 || kind == "message/rfc822" || isCompound(b) {
			_ = r.take(b, depth+1, from.doubt) // one attachment that can't be read is no reason to give up
		}
	}
}

// textPart reads a text that a mail program shows.
func (r *reading) textPart(body *scratch, from text, kind string, parameters map[string]string, depth int) {
	if isUTF16(body.b) {
		_ = r.take(body.b, depth+1, from.doubt) // an attached text
		return
	}
	var decoded scratch
	defer decoded.wipe()
	known, certain := decodeText(&decoded, body.b, parameters["charset"])
	switch {
	case kind == "text/html" && known:
		from.guessed = !certain
		r.page(decoded.b, "", from)
	case kind == "text/html":
		r.page(decoded.b, "text/html; charset="+parameters["charset"], from)
	default:
		from.guessed = !certain
		joined := strings.EqualFold(parameters["format"], "flowed") && strings.EqualFold(parameters["delsp"], "yes")
		r.plain(decoded.b, from, joined)
	}
}

// multipart reads the parts of a part. Where the boundary is missing or another's, the one that its body shows is taken.
func (r *reading) multipart(e entity, name string, depth int) {
	var body scratch
	defer body.wipe()
	_, _ = body.ReadFrom(io.LimitReader(e.body, int64(max(r.left, 0))))
	if name == "" || !bytes.Contains(body.b, []byte("--"+name)) {
		if m := anyBoundary().FindSubmatchIndex(body.b); m != nil {
			r.mime(withBoundary(body.b[m[2]:m[3]], body.b[m[0]:]), depth+1, e.doubt|Repaired)
			return
		}
		r.pasted(body.b, e.doubt|Repaired)
		return
	}
	parts := textproto.NewMultipartReader(bytes.NewReader(body.b), name)
	for {
		part, err := parts.NextPart()
		if err != nil {
			return
		}
		r.entity(entity{part.Header, part, e.doubt}, depth+1)
	}
}

// body is the decoded content of a part, as far as it can be decoded.
func (r *reading) body(e entity) (*scratch, text) {
	from := text{doubt: e.doubt}
	var raw scratch
	_, err := raw.ReadFrom(io.LimitReader(e.body, int64(max(r.left, 0))))
	from.cut = err != nil
	out := &raw
	switch e.header.Get("Content-Transfer-Encoding") {
	case "quoted-printable":
		defer raw.wipe()
		out = &scratch{}
		if !unquotePrintable(out, raw.b) {
			from.doubt |= Damaged
		}
	case "base64":
		defer raw.wipe()
		out = &scratch{}
		if !unbase64(out, raw.b) {
			from.doubt |= Damaged
		}
	case "", "7bit", "8bit", "binary":
		from.literal = true
	default:
		from.literal, from.doubt = true, from.doubt|Undecoded
	}
	r.left -= len(out.b)
	return out, from
}
