package welcome

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A password is what follows its label: after a colon, in the next table cell, in the cell below, on the next line, or
// after "is". The looser the tie, the more the word itself has to look like a password.

// word is a candidate for a password.
type word struct {
	value []byte
	other []byte // its other reading, where it is not certain where it begins and ends
	label string
	line  int
	note  string
}

func (w word) wipe() {
	clear(w.value)
	clear(w.other)
}

const (
	// qualifiers say what a password is for; they belong to the label that a person is shown.
	qualifiers = `(?:(?:your|ihr|das|the|initial|temporary|configuration|config|setup|set-up|portal|delegate365|configuratie|konfigurations?|einrichtungs?)[ -]){0,3}`
	// names are what a password is called in the languages of Microsoft 365's larger markets.
	names = `[\p{L}-]{0,30}(?:password|passwort|kennwort|passphrase|passcode|mot de passe|contraseña|contrasena|palabra clave|wachtwoord|` +
		`has[łl]o|senha|palavra-passe|lösenord|adgangskode|passord|salasana|heslo|jelszó|парол[ья]|şifre|geslo|lozinka|slaptažodis|parole|parool|` +
		`κωδικός|パスワード|密码|密碼|비밀번호|암호)(?: (?:(?:de|di|do|da|del) (?:configuraci[oó]n|configuration|configurazione|configuração|setup)|konfigurac\p{L}+|конфигурации|настройки))?`
	// tail is what may stand between the label and its colon.
	tail = `(?:[ ]*\([^()\n\t\x00]{0,40}\)|[ ](?:for|of|to|für|von|zur|zum|der|des|de|del|da|do|di|per|pour|para|voor|till|til|dla)[ ][^\t\n:=：\x00]{0,40})?`
	is   = `(?:is|lautet|ist|est|es|è|é|är|er|jest)`
)

// labelled matches a label and, in the groups, what ties it to the password: a colon, the word is, a tab, or the end of
// the line.
var labelled = regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}_/-])(` + qualifiers + names + `)` + tail + `["”»*_ ]{0,3}(?:((?:[ ]?` + is + `[ ]?)?[:=：][*_]{0,2})|([ ]` + is + `[ ])|(\t)|()$)`)

// tie is how a label is tied to its password.
type tie int

const (
	byColon tie = iota
	byVerb
	byCell
	byLine
)

// passwords looks for labelled words. Addresses are blotted out already.
func (f *found) passwords(text []byte) {
	number := 0
	for len(text) > 0 && len(f.words) < maxFound && f.labels < maxJudged {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		number++
		if mentions(line) {
			f.line(line, rest, number)
		}
		text = rest
	}
}

// stems are parts of names in small letters, one for each.
var stems = [][]byte{
	[]byte("pass"), []byte("wort"), []byte("wachtwoord"), []byte("mot de"), []byte("contrase"), []byte("clave"), []byte("has"), []byte("senha"),
	[]byte("palavra"), []byte("senord"), []byte("adgangs"), []byte("salasana"), []byte("hesl"), []byte("jelsz"), []byte("парол"), []byte("ifre"),
	[]byte("geslo"), []byte("lozinka"), []byte("slapta"), []byte("parol"), []byte("κωδικ"), []byte("パスワード"), []byte("密"), []byte("비밀번호"), []byte("암호"),
}

// mentions reports a line that may have a label. It costs a fraction of looking for one.
func mentions(line []byte) bool {
	lower := bytes.ToLower(line)
	defer clear(lower)
	return slices.ContainsFunc(stems, func(stem []byte) bool { return bytes.Contains(lower, stem) })
}

// line looks for labels in one line. Two that overlap, as in "password (the password of the portal):", are one.
func (f *found) line(line, rest []byte, number int) {
	for _, m := range labelled.FindAllSubmatchIndex(line, maxFound) {
		f.labels++
		label := string(bytes.TrimSpace(line[m[2]:m[3]]))
		at, how := m[1], byLine
		switch {
		case m[4] >= 0:
			how = byColon
		case m[6] >= 0:
			how = byVerb
		case m[8] >= 0:
			how = byCell
		}
		cell := bytes.Count(line[:m[2]], []byte("\t"))
		for _, w := range values(line, rest, at, how, cell) {
			w.label, w.line = label, number+w.line
			f.add(w)
		}
	}
}

// add keeps a word once, and only so many.
func (f *found) add(w word) {
	for i, old := range f.words {
		if bytes.Equal(old.value, w.value) {
			if w.other == nil {
				clear(old.other)
				f.words[i].other, f.words[i].note = nil, ""
			}
			w.wipe()
			return
		}
	}
	if len(f.words) < maxFound {
		f.words = append(f.words, w)
	}
}

// values are the readings of what follows a label that ends at the place at of its line. A word's line counts from the
// label's.
func values(line, rest []byte, at int, how tie, cell int) []word {
	here, _, more := bytes.Cut(bytes.TrimLeft(line[at:], "\t "), []byte("\t"))
	token, alone := first(here)
	switch {
	case how == byColon && len(token) > 0:
		if usable(token) && (alone || strong(token)) {
			return variants(token)
		}
		return nil
	case how == byVerb && len(token) > 0:
		if usable(token) && strong(token) {
			return variants(token)
		}
		return nil
	}
	below, belowAlone, down := nextLine(rest, cell)
	switch {
	case how == byCell && usable(token) && strong(token):
		return variants(token)
	case (how == byCell && cells(line) || cell > 0) && usable(below) && belowAlone && strong(below):
		return lower(variants(below), down)
	case how == byCell && usable(token) && alone && len(token) >= 4:
		return variants(token)
	case how == byCell && len(token) > 0 || more && how != byLine:
		return nil
	case usable(below) && belowAlone && (how == byColon || strong(below)):
		return lower(variants(below), down)
	}
	return nil
}

// cells reports a line of a table.
func cells(line []byte) bool { return bytes.Contains(bytes.TrimSpace(line), []byte("\t")) }

func lower(words []word, down int) []word {
	for i := range words {
		words[i].line = down
	}
	return words
}

// nextLine is the word in the same cell of the next line that has anything in it.
func nextLine(rest []byte, cell int) (token []byte, alone bool, down int) {
	const most = 4
	for down = 1; down <= most && len(rest) > 0; down++ {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if cell == 0 {
			line = bytes.TrimLeft(line, "\t ")
		}
		for range cell {
			_, line, _ = bytes.Cut(line, []byte("\t"))
		}
		line, _, _ = bytes.Cut(line, []byte("\t"))
		token, alone = first(line)
		return token, alone, down
	}
	return nil, false, down
}

// first is the first word, and whether it stands alone but for a remark in brackets. Signs of bold type before it are no
// words.
func first(text []byte) (token []byte, alone bool) {
	if i := bytes.Index(text, []byte(" (")); i > 0 {
		text = text[:i]
	}
	text = bytes.TrimFunc(text, unicode.IsSpace)
	if after, ok := bytes.CutPrefix(text, []byte("* ")); ok {
		text = bytes.TrimLeft(after, " ")
	}
	end := bytes.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		return text, len(text) > 0
	}
	return text[:end], len(bytes.Trim(text[end:], " *_")) == 0
}

// usable reports a word that can be a password at all: no address, no label, no placeholder.
func usable(token []byte) bool {
	const longest = 256
	if len(token) < 2 || len(token) > longest || bytes.IndexByte(token, blot) >= 0 || !utf8.Valid(token) {
		return false
	}
	if bytes.HasSuffix(token, []byte(":")) || labelled.Match(token) {
		return false
	}
	return bytes.ContainsFunc(token, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) &&
		!bytes.ContainsFunc(token, unicode.IsControl)
}

// strong reports a word that hardly is one of a sentence: letters with digits, capitals inside, or signs inside.
func strong(token []byte) bool {
	token = bytes.TrimFunc(token, unicode.IsPunct)
	var letters, digits, capitals, small, signs int
	for i := 0; i < len(token); {
		r, size := utf8.DecodeRune(token[i:])
		start := i == 0
		i += size
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsUpper(r):
			letters++
			if !start {
				capitals++
			}
		case unicode.IsLetter(r):
			letters++
			small++
		case strings.ContainsRune("-.,'’/_", r):
		default:
			signs++
		}
	}
	if letters+digits < 3 {
		return false
	}
	return digits > 0 && letters > 0 || digits >= 6 || capitals > 0 && small > 0 || signs > 0
}

// variants are the readings of a word: without quotes and invisible characters and, where a sign at its ends may belong
// to the sentence or to the password, both ways.
func variants(token []byte) []word {
	token = bytes.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, token)
	for _, q := range []string{`""`, `''`, "“”", "„“", "””", "‘’", "‚‘", "«»", "»«", "``", "<>"} {
		left, size := utf8.DecodeRuneInString(q)
		if inner, ok := bytes.CutPrefix(token, []byte(string(left))); ok {
			if inner, ok = bytes.CutSuffix(bytes.TrimRight(inner, ".,;"), []byte(q[size:])); ok && len(inner) >= 2 {
				inner = bytes.Clone(inner)
				clear(token)
				return []word{{value: inner}}
			}
		}
	}
	inner := token
	for _, sign := range []string{"*", "_", "**", "__"} {
		if in, ok := bytes.CutPrefix(token, []byte(sign)); ok {
			if in, ok = bytes.CutSuffix(in, []byte(sign)); ok {
				inner = in
			}
		}
	}
	inner = bytes.TrimRight(inner, ".,;")
	for _, pair := range []string{"()", "[]"} {
		if bytes.HasSuffix(inner, []byte(pair[1:])) && bytes.Count(inner, []byte(pair[:1])) < bytes.Count(inner, []byte(pair[1:])) {
			inner = inner[:len(inner)-1]
		}
	}
	if len(inner) < 2 || len(inner) == len(token) {
		return []word{{value: token}}
	}
	return []word{
		{value: bytes.Clone(inner), other: bytes.Clone(token), note: "without the signs around it"},
		{value: token, other: bytes.Clone(inner), note: "with the signs around it"},
	}
}
