package welcome

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// What is believed without a question is described here, not what is doubted: the ways in which a mail can be misread are
// more than anybody lists, and the one in which it is written plainly is short.

var (
	// configuration is what a label has to say: a mail names the passwords of meetings, attachments and logins too.
	configuration = pattern(`(?i)config|konfig|setup|set-up|einricht|конфиг|настро|설정|구성|設定|構成|设置|設置|配置|ρύθμισ|ρυθμίσ`)
	// outdated is what a label must not say.
	outdated = pattern(`(?i)\b(?:old|previous|former|expired|obsolete|ex[ae]mple|sample|dummy|alte[sn]?|beispiel|muster|frühere[sn]?|ancien|antigu[ao]|ejemplo|vecchi[ao]|oude?|voorbeeld|stare|gammel)\b`)
	// article is a word before a label that says nothing of it.
	article = pattern(`(?i)(?:^|[^\p{L}])(?:the|your|our|this|new|and|ihr|ihre|das|dein|unser|la|le|votre|el|su|tu|il|o|a|sua|seu|het|uw|je|twoje|din|ditt|deres|ваш)$`)
	// placeholder is what stands where a password was to be filled in.
	placeholder = pattern(`(?i)passw|kennwort|contrase|mot.?de.?passe|placeholder|your.?pass`)
)

// doubtOfLabel is what the label, with the text before it in its line and up to its tie, leaves in doubt.
func doubtOfLabel(before, label []byte) Doubt {
	const enough = 80
	before = before[max(0, len(before)-enough):]
	if i := bytes.LastIndexByte(before, '\t'); i >= 0 {
		before = before[i+1:]
	}
	before = bytes.TrimRightFunc(before, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("*_\"“„«»>|", r) })
	if i := bytes.LastIndexAny(before, ".:;!?"); i >= 0 {
		before = before[i+1:]
	}
	last, _ := utf8.DecodeLastRune(before)
	begins := len(before) == 0 || article().Match(before) || !unicode.IsLetter(last) && !unicode.IsDigit(last)
	if !begins || !configuration().Match(label) || outdated().Match(before) || outdated().Match(label) {
		return Unnamed
	}
	return 0
}

// doubtOfWord is what a password itself leaves in doubt: signs that mark up a text, stand for something else, or are put by
// programs in place of others.
func doubtOfWord(value []byte) Doubt {
	first, _ := utf8.DecodeRune(value)
	last, _ := utf8.DecodeLastRune(value)
	if !plainEnd(first, "!?#$%&+@^~") || !plainEnd(last, "!?#$%&+@^~-=") ||
		bytes.ContainsFunc(value, foreign) || placeholder().Match(value) || repeats(value) || misread(value) {
		return Odd
	}
	return 0
}

func plainEnd(r rune, signs string) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(signs, r)
}

// foreign reports a character that belongs to some markup, or that a person does not type.
func foreign(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return strings.ContainsRune("<>{}[]\\|\"`", r)
	case unicode.IsMark(r):
		return false // of a letter
	}
	return !unicode.Is(unicode.Latin, r) || !unicode.IsLetter(r) || r >= 0xff00
}

// repeats reports a sign three times in a row, or a letter or digit four times, as where something is masked.
func repeats(value []byte) bool {
	run, before := 0, rune(-1)
	for _, r := range string(value) {
		if r != before {
			run, before = 0, r
		}
		most := 3
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			most = 2
		}
		if run++; run > most {
			return true
		}
	}
	return false
}

// misread reports letters that are UTF-8 taken for windows-1252.
func misread(value []byte) bool {
	if ascii(value) {
		return false
	}
	b, err := charmap.Windows1252.NewEncoder().Bytes(value)
	defer clear(b)
	return err == nil && utf8.Valid(b)
}
