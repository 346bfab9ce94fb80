package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// The search knows nothing of the program's own last line of defence: it looks for each secret in each form by itself.

// formsOf are the ways in which a secret may be found.
func formsOf(secret string) map[string]string {
	back := []byte(secret)
	slices.Reverse(back)
	quoted, _ := json.Marshal(secret)
	forms := map[string]string{
		"plain": secret, "reversed": string(back), "hex": hex.EncodeToString([]byte(secret)), "HEX": fmt.Sprintf("%X", secret),
		"query": url.QueryEscape(secret), "path": url.PathEscape(secret), "json": strings.Trim(string(quoted), `"`), "html": html.EscapeString(secret),
	}
	for i := range 3 {
		// Three more bytes on either side can't change the characters between.
		text := base64.StdEncoding.EncodeToString([]byte("xxx"[:i] + secret))
		text = text[(8*i+5)/6 : 8*(i+len(secret))/6]
		forms[fmt.Sprint("base64-", i)] = text
		forms[fmt.Sprint("base64url-", i)] = strings.NewReplacer("+", "-", "/", "_").Replace(text)
	}
	if len(secret) == 16 && strings.ToLower(secret) == secret {
		forms["in groups"] = secret[:4] + " " + secret[4:8] + " " + secret[8:12] + " " + secret[12:]
	}
	return forms
}

var (
	sequence  = regexp.MustCompile(`\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]`)
	clipboard = regexp.MustCompile(`\x1b\]52;[^\x07\x1b]*(?:\x07|\x1b\\)`)
)

// traces is everything that a run left for others to see, by where.
type traces map[string][]byte

// find searches all of it and says where which secret is, in which form, without the secret itself.
func (h traces) find(secrets []simtest.Issued) (found []string, size int) {
	for where, data := range h {
		size += len(data)
		// What is sent to the terminal's clipboard is meant to be there, and only there.
		data = clipboard.ReplaceAll(data, nil)
		texts := map[string][]byte{"": data}
		if bytes.IndexByte(data, 0x1b) >= 0 {
			texts[", split by control sequences"] = sequence.ReplaceAll(data, nil)
		}
		for _, s := range secrets {
			for form, text := range formsOf(s.Text) {
				for how, data := range texts {
					if bytes.Contains(data, []byte(text)) {
						found = append(found, fmt.Sprintf("%s: the %s, %s%s", where, s.Kind, form, how))
					}
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), size
}

func TestFind(t *testing.T) {
	t.Parallel()
	secrets := []simtest.Issued{{Kind: "x", Text: "a+b/c&d~e%f-0123456"}}
	for form, text := range formsOf(secrets[0].Text) {
		if found, _ := (traces{"log": []byte("is " + text + ".")}).find(secrets); len(found) == 0 {
			t.Errorf("%s is not found", form)
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(secrets[0].Text))
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"in the clipboard":    {"\x1b]52;c;" + encoded + "\a", 0},
		"in a title":          {"\x1b]0;" + secrets[0].Text + "\a", 1},
		"split by colours":    {"a+b/c\x1b[1m&d~e%f-\x1b[38;5;1m0123456", 1},
		"beside the sequence": {"\x1b]52;c;" + encoded + "\a" + encoded, 1},
	} {
		if found, _ := (traces{"terminal": []byte(c.text)}).find(secrets); (len(found) > 0) != (c.want > 0) {
			t.Errorf("%s: %q", name, found)
		}
	}
}
