package welcome

import (
	"bytes"
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
	doubt Doubt
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
var labelled = pattern(`(?i)(?:^|[^\p{L}\p{N}_/-])(` + qualifiers + names + `)` + tail + `["”»*_ ]{0,3}(?:((?:[ ]?` + is + `[ ]?)?[:=：][*_]{0,2})|([ ]` + is + `[ ])|(\t)|()$)`)

// tie is how a label is tied to its password.
type tie int

const (
	byColon tie = iota
	byVerb
	byCell
	byLine
)

// passwords looks for labelled words. Addresses are blotted out already.
func (f *found) passwords(t *text) {
	t.turned = turns(t.b)
	seen := visible(t.b)
	defer seen.wipe()
	rest := seen.b
	number := 0
	for len(rest) > 0 && len(f.words) < maxFound && f.labels < maxJudged {
		line, more, _ := bytes.Cut(rest, []byte("\n"))
		number++
		if mentions(line) {
			f.line(t, line, more, number)
		}
		rest = more
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
func (f *found) line(t *text, line, rest []byte, number int) {
	for _, m := range labelled().FindAllSubmatchIndex(line, maxFound) {
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
		if m[4] >= 0 && !bytes.ContainsAny(line[m[0]:m[2]], "*_") {
			at = m[4] + len(bytes.TrimRight(line[m[4]:m[5]], "*_")) // no bold type that ends here
		}
		unnamed := doubtOfLabel(line[:m[2]], line[m[2]:m[1]])
		cell := bytes.Count(line[:m[2]], []byte("\t"))
		for _, w := range values(line, rest, at, how, cell) {
			w.label, w.line = label, number+w.line
			for _, w := range undecoded(t, w) {
				w.doubt |= doubtIn(t, w.value) | unnamed
				f.add(w)
			}
		}
	}
}

// doubtIn is what the text itself leaves in doubt of a word in it.
func doubtIn(t *text, value []byte) Doubt {
	doubt := t.doubt | doubtOfWord(value)
	if t.guessed && !ascii(value) || bytes.ContainsRune(value, utf8.RuneError) {
		doubt |= Guessed
	}
	if !bytes.Contains(t.b, value) || t.turned {
		doubt |= Cleaned
	}
	if t.cut && bytes.HasSuffix(bytes.TrimSpace(t.b), value) {
		doubt |= CutOff
	}
	return doubt
}

// add keeps a word once, and only so many.
func (f *found) add(w word) {
	for i, old := range f.words {
		if bytes.Equal(old.value, w.value) {
			if w.doubt == 0 {
				f.words[i].doubt = 0
			}
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
	after := bytes.TrimLeft(line[at:], "\t ")
	skipped := bytes.Count(line[at:len(line)-len(after)], []byte("\t"))
	if how == byCell {
		skipped++
	}
	here, others, more := bytes.Cut(after, []byte("\t"))
	token := first(here)
	token.neighbour(skipped > 1 || how == byCell && len(bytes.TrimSpace(others)) > 0)
	if !more {
		token.goesOn(rest)
	}
	switch {
	case how == byColon && token.any():
		if usable(token.word) && (token.alone || strong(token.word)) {
			return token.variants()
		}
		return nil
	case how == byVerb && token.any():
		if usable(token.word) && strong(token.word) {
			return token.variants()
		}
		return nil
	}
	below := nextLine(rest, cell)
	table := how == byCell && cells(line) || cell > 0
	under := table && usable(below.word) && below.alone && strong(below.word)
	switch {
	case how == byCell && usable(token.word) && strong(token.word):
		words := token.variants()
		if under && bytes.Count(line, []byte("\t")) == below.tabs {
			words = append(words, below.variants()...) // a row of headings, or not
			for i := range words {
				words[i].doubt |= Neighbour
			}
		}
		return words
	case under:
		below.neighbour(below.tabs != bytes.Count(line, []byte("\t")))
		return below.variants()
	case how == byCell && usable(token.word) && token.alone && len(token.word) >= 4:
		return token.variants()
	case how == byCell && token.any() || more && how != byLine:
		return nil
	case usable(below.word) && below.alone && (how == byColon || strong(below.word)):
		return below.variants()
	}
	return nil
}

// cells reports a line of a table.
func cells(line []byte) bool { return bytes.Contains(bytes.TrimSpace(line), []byte("\t")) }

// usable reports a word that can be a password at all: no address, no label, no placeholder.
func usable(token []byte) bool {
	const longest = 256
	if len(token) < 2 || len(token) > longest || bytes.ContainsAny(token, "\x00\x01") || !utf8.Valid(token) {
		return false
	}
	if bytes.HasSuffix(token, []byte(":")) || labelled().Match(token) {
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
