package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// arrival is what a terminal sends after a while.
type arrival struct {
	after time.Duration
	text  string
}

func typed(text string) []arrival { return each(80*time.Millisecond, text) }

func each(after time.Duration, text string) (all []arrival) {
	for _, c := range text {
		all = append(all, arrival{after, string(c)})
	}
	return all
}

// hands is what a keyboard hands on, in one piece.
func hands(all []arrival) string {
	now := time.Unix(1e9, 0)
	k := &keyboard{now: func() time.Time { return now }}
	var out strings.Builder
	for _, a := range all {
		now = now.Add(a.after)
		out.Write(k.take([]byte(a.text)))
	}
	return out.String()
}

func paste(text string) string { return pasteBegin + text + pasteEnd }

func TestKeyboard(t *testing.T) {
	t.Parallel()
	const soon, late = 5 * time.Millisecond, 300 * time.Millisecond
	mail := "the password is\r.\r"
	for name, c := range map[string]struct {
		arrivals []arrival
		want     string
	}{
		"typed":              {typed("qdo https"), "qdo https"},
		"typed in haste":     {[]arrival{{0, "qw"}, {15 * time.Millisecond, "e"}, {15 * time.Millisecond, "r"}}, "qwer"},
		"keys":               {[]arrival{{0, "\x1b[A"}, {soon, "\x1b[A"}, {soon, "\x1bOP"}, {soon, "\t"}, {late, "\x03"}}, "\x1b[A\x1b[A\x1bOP\t\x03"},
		"one paste":          {[]arrival{{0, mail}}, paste(mail)},
		"two packets":        {[]arrival{{0, mail}, {late, "q\r"}, {late, "\r"}}, paste(mail) + paste("q\r") + paste("\r")},
		"after a paste":      {append([]arrival{{0, mail}}, arrival{2 * pasteGap, "\r"}), paste(mail) + "\r"},
		"Enter upon Enter":   {[]arrival{{0, mail}, {2 * late, "\r"}, {late, "\r"}, {late, "\r"}}, paste(mail) + paste("\r") + paste("\r") + "\r"},
		"byte by byte":       {[]arrival{{0, "a"}, {soon, "b"}, {soon, "c"}, {soon, "d"}, {soon, "q"}, {soon, "\r"}}, "abc" + paste("d") + paste("q") + paste("\r")},
		"a marked paste":     {[]arrival{{0, "\x1b[200~" + mail}, {late, "q\r"}, {late, "\x1b[201~"}}, paste(mail + "q\r")},
		"keys behind it":     {append([]arrival{{0, "\x1b[200~x\x1b[201~"}}, typed("q")...), paste("x") + "q"},
		"a colour":           {[]arrival{{0, "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"}}, "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"},
		"a colour, split":    {[]arrival{{0, "\x1b]11;rg"}, {late, "b:1e1e/1e1e"}, {late, "/1e1e\x1b"}, {late, "\\"}}, "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"},
		"split at once":      {[]arrival{{0, "\x1b"}, {late, "]11;rgb:1e1e/1e1e/1e1e\a"}}, "\x1b\x1b]11;rgb:1e1e/1e1e/1e1e\a"},
		"split twice":        {[]arrival{{0, "\x1b"}, {late, "]"}, {late, "11;rgb:1e1e/1e1e/1e1e\a"}}, "\x1b\x1b]11;rgb:1e1e/1e1e/1e1e\a"},
		"the place":          {[]arrival{{0, "\x1b[24"}, {late, ";80"}, {late, "R"}}, "\x1b[24;80R"},
		"what it is":         {[]arrival{{0, "\x1b"}, {late, "[?62;22c"}}, "\x1b\x1b[?62;22c"},
		"its name":           {[]arrival{{0, "\x1bP>|xterm"}, {late, "(396)\x1b\\"}}, "\x1bP>|xterm(396)\x1b\\"},
		"escape":             {append([]arrival{{0, "\x1b"}}, typed("q]1")...), "\x1bq]1"},
		"with Alt":           {append([]arrival{{0, "\x1b]"}}, typed("ab")...), "\x1b]ab"},
		"never ends":         {[]arrival{{0, "\x1b]11;rgb"}, {late, "\r"}, {late, "q"}}, "\x1b]11;rgb\rq"},
		"a letter in two":    {[]arrival{{0, "Gr\xc3"}, {late, "\xbc\xc3\x9fe"}}, "Gr\u00fc\u00dfe"},
		"a character apart":  {[]arrival{{0, "password f\xc3"}, {late, "\xbcr q"}}, paste("password f") + paste("\u00fcr q")},
		"held down":          {[]arrival{{0, "x"}, {33 * time.Millisecond, "x"}, {33 * time.Millisecond, "x"}, {33 * time.Millisecond, "x"}, {33 * time.Millisecond, "x"}}, "xxxxx"},
		"typed by a console": {each(25*time.Millisecond, "Hello, q\r"), "Hello," + paste(" ") + paste("q") + paste("\r")},
		"two keys held":      {each(33*time.Millisecond, "xxxxyyyy"), "xxxxyyyy"},
		"keys in a paste":    {[]arrival{{0, "Hello\x1b[13u, a\x1bOM mail\x1b[27;1;113~ q\x1b[81;16;113;1;0;1_ \x1b[A\x1bq"}}, paste("Hello") + paste(", a") + paste(" mail") + paste(" q") + paste(" ")},
		"keys behind one":    {[]arrival{{0, mail}, {late, "\x1b[13u"}, {late, "\x1b"}, {late, "\x03"}}, paste(mail) + "\x03"},
		"keys after it":      {[]arrival{{0, mail}, {2 * pasteGap, "\x1b[13u"}}, paste(mail) + "\x1b[13u"},
		"answers in a paste": {[]arrival{{0, "Hello\x1b]11;rgb:1e1e/1e1e/1e1e\a\x1b[?62;22c\x1b[I\x1b[O"}}, paste("Hello") + "\x1b]11;rgb:1e1e/1e1e/1e1e\a\x1b[?62;22c\x1b[I\x1b[O"},
		"a false end":        {[]arrival{{0, "\x1b[200~x\x1b[201~\r\x1b[201~"}}, paste("x") + paste("\r") + "\x1b[201~"},
		"a false end, a key": {[]arrival{{0, "\x1b[200~x\x1b[201~q\x1b[113u\x1b[201~"}, {2 * pasteGap, "y"}}, paste("x") + paste("q") + "\x1b[201~" + "y"},
		"it never ends":      {[]arrival{{0, "\x1b[200~x"}, {late, "q"}, {late, "\x1b"}, {late, "\x03"}, {silence, "\x03"}}, paste("xq\x1b\x03") + "\x03"},
		"it ends late":       {[]arrival{{0, "\x1b[200~" + mail}, {silence, mail}, {late, pasteEnd}}, paste(mail) + paste(mail) + pasteEnd},
		"interrupt in paste": {[]arrival{{0, "password\x03q"}}, paste("password\x03q")},
	} {
		if got := hands(c.arrivals); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// However an answer of the terminal is split, it goes on whole and in one piece.
func TestKeyboardSplits(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "\x1b]11;rgb:1e1e/1e1e/1e1e\a", "\x1b[?62;22c", "\x1b[24;80R", "\x1b[?2026;2$y", "\x1bP>|tmux 3.4\x1b\\"} {
		for i := 2; i < len(answer); i++ {
			for j := i; j < len(answer); j++ {
				all := []arrival{{0, answer[:i]}, {time.Second, answer[i:j]}, {time.Second, answer[j:]}}
				all = slices.DeleteFunc(all, func(a arrival) bool { return a.text == "" })
				if got := hands(all); got != answer {
					t.Fatalf("%q in %d and %d is handed on as %q", answer, i, j, got)
				}
			}
		}
	}
}

func FuzzKeyboard(f *testing.F) {
	f.Add("\x1b]11;rgb:1e1e", "/1e\x1b\\q", "\x1b[200~x")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		out := hands([]arrival{{0, a}, {time.Second, b}, {time.Second, c}})
		if grown := len(out) - len(a+b+c); grown > 12*len(a+b+c) {
			t.Errorf("it grows by %d", grown)
		}
	})
}
