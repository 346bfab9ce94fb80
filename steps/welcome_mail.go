package steps

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails come in any charset
	"golang.org/x/net/html"

	"delegate365-onboard/graph"
)

// The welcome mail has no public copy. What is looked for is found by content, never by position: an address of
// Delegate365's, and a line that labels a password. Where several stand for the same thing, none is guessed.

// maxMail is the longest mail that is read, in bytes.
const maxMail = 10 << 20

// welcome is what the welcome mail says.
type welcome struct {
	portals   []portal
	passwords []string
}

// readWelcome takes what was pasted: an address, a mail as text or with its headers, or the path of a saved mail.
func readWelcome(pasted string) (welcome, error) {
	pasted = strings.TrimSpace(pasted)
	if path, ok := mailPath(pasted); ok {
		data, err := readFile(path)
		if err != nil {
			return welcome{}, err
		}
		pasted = string(data)
	}
	if pasted == "" {
		return welcome{}, noMail("it is empty")
	}
	if len(pasted) > maxMail {
		return welcome{}, noMail("it is larger than 10 MB")
	}
	if lower := strings.ToLower(pasted); !strings.ContainsAny(pasted, " \n\t") {
		if !strings.Contains(lower, "://") && !strings.Contains(lower, "delegate365") && !strings.HasSuffix(lower, "/setup") {
			return welcome{}, noMail("it is a single word that is no address")
		}
		p, err := parsePortal(pasted)
		return welcome{portals: []portal{p}}, err
	}
	text, err := mailText(pasted)
	if err != nil {
		return welcome{}, err
	}
	return findWelcome(text)
}

func noMail(why string) error {
	return &Error{
		Op:   "read the welcome mail",
		Hint: "Paste the whole mail \"Welcome to Delegate365\", or the portal address, or the path of the saved mail (.eml).",
		Err:  errors.New(why),
	}
}

// mailPath reports a single line that names a saved mail.
func mailPath(text string) (string, bool) {
	text = strings.Trim(text, "\"'")
	if strings.Contains(text, "\n") || strings.Contains(text, "://") {
		return "", false
	}
	return text, strings.HasSuffix(strings.ToLower(text), ".eml")
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &Error{Op: "open the saved mail", Hint: "Check the path, or paste the mail itself.", Err: err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxMail+1))
	if err != nil {
		return nil, &Error{Op: "read the saved mail", Hint: "Paste the mail itself instead.", Err: err}
	}
	return data, nil
}

var headerLine = regexp.MustCompile(`(?im)^(mime-version|content-type|received|message-id):\s`)

// mailText is the readable text of a mail: all its text parts one after the other, or the pasted text itself.
func mailText(pasted string) (string, error) {
	head, _, _ := strings.Cut(strings.ReplaceAll(pasted, "\r\n", "\n"), "\n\n")
	if !headerLine.MatchString(head) {
		return pasted, nil
	}
	entity, err := message.Read(strings.NewReader(pasted))
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return "", noMail("its headers are damaged") // the reader's own words quote the mail
	}
	var texts []string
	err = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return err
		}
		kind, _, _ := part.Header.ContentType()
		if !strings.HasPrefix(kind, "text/") {
			return nil
		}
		body, err := io.ReadAll(io.LimitReader(part.Body, maxMail))
		if err != nil {
			return fmt.Errorf("read a part of the mail: %w", err)
		}
		if kind == "text/html" {
			body = []byte(htmlText(body))
		}
		texts = append(texts, string(body))
		return nil
	})
	if err != nil {
		return "", noMail("it is damaged")
	}
	return strings.Join(texts, "\n"), nil
}

// blocks are the elements whose ends are ends of lines.
var blocks = map[string]bool{"p": true, "div": true, "br": true, "tr": true, "li": true, "h1": true, "h2": true, "h3": true, "table": true, "blockquote": true}

// htmlText is the text of a page as a person reads it, a line for each block, with the address of each link behind it.
func htmlText(page []byte) string {
	var out strings.Builder
	z := html.NewTokenizer(bytes.NewReader(page))
	link, skip := "", false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if !skip {
				out.WriteString(strings.Join(strings.Fields(string(z.Text())), " "))
				out.WriteString(" ")
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			skip = t.Data == "style" || t.Data == "script"
			if blocks[t.Data] {
				out.WriteString("\n")
			}
			for _, a := range t.Attr {
				if t.Data == "a" && a.Key == "href" {
					link = a.Val
				}
			}
		case html.EndTagToken:
			t := z.Token()
			skip = false
			if t.Data == "a" && link != "" {
				out.WriteString(link + " ")
				link = ""
			}
			if blocks[t.Data] {
				out.WriteString("\n")
			}
		}
	}
}

var (
	address  = regexp.MustCompile(`(?i)\b(?:https?://)[^\s<>"']+|(?:^|[^@a-z0-9.-])[a-z0-9-]+\.delegate365\.com[^\s<>"'@]*`)
	labelled = regexp.MustCompile(`(?i)\b(?:configuration\s+)?(?:password|passwort|kennwort)\b[^:=\n]{0,40}[:=][ \t]*(\S+)?`)
)

// findWelcome looks for addresses of Delegate365's and for labelled passwords.
func findWelcome(text string) (welcome, error) {
	var w welcome
	seen := map[string]bool{}
	for _, found := range address.FindAllString(text, -1) {
		found = strings.Trim(found, " \t\r\n.,;:!?()[]<>\"'")
		if !strings.Contains(strings.ToLower(found), "delegate365") && !strings.Contains(strings.ToLower(found), "/setup") {
			continue
		}
		p, err := parsePortal(found)
		if err != nil || seen[p.base] || notPortal[hostOf(p)] {
			continue
		}
		seen[p.base] = true
		w.portals = append(w.portals, p)
	}
	if len(w.portals) == 0 {
		return welcome{}, noMail("it has no Delegate365 address in it")
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		m := labelled.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		value := m[1]
		if value == "" {
			value = nextWord(lines[i+1:])
		}
		if value != "" && !seen["pw:"+value] {
			seen["pw:"+value] = true
			w.passwords = append(w.passwords, value)
		}
	}
	if len(w.passwords) == 0 {
		return welcome{}, noMail("it has no line that labels a configuration password")
	}
	return w, nil
}

// notPortal are Delegate365 addresses that are nobody's portal.
var notPortal = map[string]bool{"www.delegate365.com": true, "delegate365.com": true, "docs.delegate365.com": true, "support.delegate365.com": true}

func hostOf(p portal) string {
	_, host, _ := strings.Cut(p.base, "://")
	return host
}

// nextWord is the value on the line after its label, when it stands alone there.
func nextWord(lines []string) string {
	for _, line := range lines {
		words := strings.Fields(strings.TrimLeft(line, "> \t"))
		switch len(words) {
		case 0:
			continue
		case 1:
			return words[0]
		}
		return ""
	}
	return ""
}

// takeWelcome stores what was pasted for the run.
func (r *Run) takeWelcome(value graph.Secret) error {
	w, err := readWelcome(value.Reveal())
	if err != nil {
		return err
	}
	if len(w.portals) > 1 {
		names := make([]string, len(w.portals))
		for i, p := range w.portals {
			names[i] = p.base
		}
		return &Error{Op: "choose between " + joinAnd(names), Hint: "The mail names more than one portal. Paste the address of the right one instead."}
	}
	if len(w.passwords) > 1 {
		return &Error{Op: "choose between the passwords in the mail", Hint: "The mail labels more than one password. Paste the portal address instead, and type the configuration password in the browser."}
	}
	r.takePortal(w.portals[0])
	if len(w.passwords) == 1 {
		r.set(func(m *memory) {
			m.configuration.Wipe()
			m.configuration = graph.NewSecret(w.passwords[0])
		})
	}
	return nil
}

// takePortal uses the portal, or, where its host is not Delegate365's usual one, asks first.
func (r *Run) takePortal(p portal) {
	r.set(func(m *memory) {
		if p.usual(r.opts.Cloud) {
			m.portal, m.foreign = p, portal{}
			return
		}
		m.foreign = p
	})
}
