package paper_test

import (
	"html"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func TestPageLoadsNothing(t *testing.T) {
	const hostile = `</title><script src=x></script><img onerror="x">`
	page, err := paper.Page(phrase.English, hostile, true, tag.P(paper.Name(hostile)), paper.File(hostile, tag.JSON, []byte(hostile)),
		paper.Table([]paper.Head{paper.Tight(hostile, hostile), {Words: hostile, Narrow: hostile}}, [][]tag.Node{{tag.Text(hostile), paper.Change(hostile, hostile)}}))
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, bad := range []string{"<script", "<img", `="x"`, "src=\""} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	for _, good := range []string{"default-src 'none'; style-src 'sha256-", "REHEARSAL", `<th class="when" data-head="`} {
		if !strings.Contains(html.UnescapeString(text), good) {
			t.Errorf("%q is not on the page", good)
		}
	}
}

// An address is broken where a reader would, and what no line holds anywhere; nothing else is.
func TestNameIsBrokenWhereAReaderWould(t *testing.T) {
	for words, want := range map[string]string{
		"service.delegate365@contoso.com":                  "<bdi>service.<wbr/>delegate365@<wbr/>contoso.<wbr/>com</bdi>",
		"MFA is on for eva@contoso.com. It was off.":       "<bdi>MFA is on for eva@<wbr/>contoso.<wbr/>com. It was off.</bdi>",
		"Require MFA for 1.5 h":                            "<bdi>Require MFA for 1.5 h</bdi>",
		"a name of " + strings.Repeat("x", 60) + " and on": `<bdi class="long">a name of ` + strings.Repeat("x", 60) + " and on</bdi>",
	} {
		page, err := paper.Page(phrase.English, "", false, paper.Name(words))
		if err != nil || !strings.Contains(string(page), want) {
			t.Errorf("%q: no %s on %s", words, want, page[strings.Index(string(page), "<main>"):])
		}
	}
}
