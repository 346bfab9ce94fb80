package welcome

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mail program breaks long lines, in the middle of an address too. What is left of one after the break may be the
// address of somebody else: of https://northwind, traders.delegate365.com the second half is another company's portal.

var (
	linkInText = pattern(`(?i)https?:[/\\]{2}[^\s<>"'\x00]+`)
	bareInText = pattern(`(?i)[\p{L}\p{N}\p{M}\p{Cf}_.-]*delegate365\.\p{L}{2}[^\s<>"'\x00]*`)
)

// blots stand where an address stood; blotHalf where it was hardly a whole one.
const (
	blot     = 0
	blotHalf = 1
)

// addresses judges the addresses in a text and then blots them out, so that none is taken for a password.
func (f *found) addresses(t *text) {
	f.each(t, linkInText(), f.link)
	f.each(t, bareInText(), f.bare)
}

// each hands every match to judge, which says where the address ends and what is to stand there instead.
func (f *found) each(t *text, pattern *regexp.Regexp, judge func(t *text, before []byte, at []int) (int, byte)) {
	n, last := 0, 0
	for _, at := range pattern.FindAllIndex(t.b, -1) {
		if at[0] < last {
			continue
		}
		n += copy(t.b[n:], t.b[last:at[0]])
		end, mark := judge(t, t.b[:n], at)
		last = end
		t.b[n] = mark
		n++
	}
	n += copy(t.b[n:], t.b[last:])
	clear(t.b[n:])
	t.b = t.b[:n]
}

// link judges an address with its scheme.
func (f *found) link(t *text, before []byte, at []int) (end int, mark byte) {
	address := string(t.b[at[0]:at[1]])
	bracketed := bytes.HasSuffix(before, []byte("<"))
	whole, end := continued(t, address, at[1], bracketed)
	alone := judge(trimAddress(address), f.own)
	doubt := t.doubt | mentioned(before, []byte(whole))
	switch joined := judge(trimAddress(whole), f.own); {
	case end == at[1], joined.portal.base != "" && joined.portal.base == alone.portal.base:
		f.address(address, doubt)
	case bracketed, joined.portal.usual && !alone.portal.usual:
		f.address(whole, t.doubt|Joined)
		return end, blot
	case alone.portal.usual && strings.ContainsRune(".-@%:", rune(whole[len(strings.TrimRight(address, "="))])):
		f.address(address, t.doubt|CutOff)
	default:
		f.address(address, doubt)
	}
	if alone.portal.base == "" {
		return at[1], blotHalf
	}
	return at[1], blot
}

// continued is an address together with the beginnings of the lines after it, and where that ends: up to the closing
// bracket, or else the first word of the next line.
func continued(t *text, address string, end int, bracketed bool) (string, int) {
	const most = 4
	for range most {
		blank := len(t.b[end:]) - len(bytes.TrimLeft(t.b[end:], " ")) // no further: a line of many addresses would be read for each
		next, ok := bytes.CutPrefix(t.b[end+blank:], []byte("\n"))
		if !ok {
			break
		}
		skipped := blank + 1
		indent := len(next) - len(bytes.TrimLeft(next, " \t"))
		next = next[indent:]
		word := next
		if i := bytes.IndexAny(next, " \t\n<>\"'\x00"); i >= 0 {
			word = next[:i]
		}
		if len(word) == 0 || bytes.Contains(word, []byte("://")) || len(address)+len(word) > maxAddress {
			break
		}
		closes := len(next) > len(word) && next[len(word)] == '>'
		if bracketed && !closes && (len(next) > len(word) && next[len(word)] != '\n') {
			break
		}
		address = strings.TrimSuffix(address, "=") + string(word)
		end += skipped + indent + len(word)
		if !bracketed || closes {
			break
		}
	}
	return address, end
}

// bare judges an address without its scheme.
func (f *found) bare(t *text, before []byte, at []int) (end int, mark byte) {
	address := t.b[at[0]:at[1]]
	last, _ := utf8.DecodeLastRune(before)
	if len(before) > 0 && strings.ContainsRune("@/\\%", last) || bytes.ContainsRune(address, '@') {
		return at[1], blot
	}
	doubt := t.doubt
	if beginsEarlier(t, before) {
		doubt |= CutOff
	}
	doubt |= mentioned(before, address)
	f.address(string(address), doubt)
	return at[1], blot
}

// beginsEarlier reports that what stands before an address may be its beginning.
func beginsEarlier(t *text, before []byte) bool {
	if len(before) == 0 {
		return false
	}
	last, _ := utf8.DecodeLastRune(before)
	if !unicode.IsSpace(last) {
		return !strings.ContainsRune("<>\"'()[]{}:,;*|\x00“„”«»‹›‘’「」『』（）【】《》：，；、。・•→", last)
	}
	line := bytes.TrimRight(before, " ")
	wrapped := bytes.HasSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\n"))
	bare := bytes.TrimRight(line, " \t>")
	c, size := utf8.DecodeLastRune(bare)
	switch {
	case len(bare) == 0:
		return false
	case c == blotHalf, t.page && bytes.HasSuffix(bytes.TrimRight(bare, "\n \t"), []byte{blotHalf}): // in the block before
		return true
	case strings.ContainsRune("-./@_=%", c):
		ahead := bare[:len(bare)-size]
		return len(ahead) > 0 && !unicode.IsSpace(rune(ahead[len(ahead)-1])) // else it is a bullet
	case wrapped && !t.page && !bytes.HasSuffix(line, []byte("\n")):
		return unicode.IsLetter(c) || unicode.IsDigit(c)
	}
	return false
}

// example is a portal that stands for everybody's own; named an address that is a portal's itself.
var (
	example = pattern(`(?i)^https?:/+(?:(?:my|ihre?|the)?-?(?:company|firma|name|tenant|organi[sz]ation|customer|kunde|example|domain|portal)\.|your)`)
	named   = pattern(`(?i)^(?:https?:[/\\]+)?[^/?]*delegate365\.`)
)

// mentioned doubts an address that a sentence names without the page of the setup.
func mentioned(before, address []byte) Doubt {
	before = bytes.TrimRight(before, " *_<([\"'“„«‹")
	last, _ := utf8.DecodeLastRune(before)
	if bytes.Contains(bytes.ToLower(address), []byte("/setup")) || !named().Match(address) || !unicode.IsLetter(last) && !unicode.IsDigit(last) {
		return 0
	}
	return Mentioned
}
