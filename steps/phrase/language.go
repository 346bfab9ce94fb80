package phrase

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// What a person reads is made by T, from a constant text that is its own key in the catalogue. The language is the process's: it is
// chosen before anything is said. What other programs read (JSON, the journal, the log) is made in English whatever it is.

// Format is a text, or what fmt makes one of. Only the source holds such texts: each constant of this type has to be in the catalogue.
type Format string

// Language is one that people are spoken to in.
type Language string

// The languages.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages are all of them, the default first.
func Languages() []Language { return []Language{English, German} }

var spoken atomic.Pointer[Language]

// Speak chooses the language of this process. It is to be called before anything is said.
func Speak(l Language) { spoken.Store(&l) }

// Spoken is the language that was chosen.
//
//go:noinline // every copy would be carried
func Spoken() Language {
	if l := spoken.Load(); l != nil {
		return *l
	}
	return English
}

// T is a text in the language of the process, with these values. What is in the values stays as it is.
func T(words Format, values ...any) string { return Spoken().T(words, values...) }

// T is a text in this language, with these values.
func (l Language) T(words Format, values ...any) string {
	text := string(words)
	if l == German {
		if said := catalogue()[sum(text)]; said != "" {
			text = said
		}
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// Pair is a text for other programs and for the person: it stands in the journal as well as on the screen.
type Pair struct{ English, Spoken string }

// Both is a text in English and in the language of the process. Of values that are pairs each has its own.
func Both(words Format, values ...any) Pair {
	english, here := make([]any, len(values)), make([]any, len(values))
	for i, v := range values {
		english[i], here[i] = v, v
		if p, ok := v.(Pair); ok {
			english[i], here[i] = p.English, p.Spoken
		}
	}
	return Pair{English.T(words, english...), T(words, here...)}
}

// Same is what reads alike in every language: a number, or a name.
func Same(text string) Pair { return Pair{text, text} }

// months are as German has them.
var months = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// Date is a day in the language of the process: 2 January, 2. Januar.
func Date(t time.Time) string { return Spoken().Date(t) }

// Date is a day in this language.
func (l Language) Date(t time.Time) string {
	if l == German {
		return fmt.Sprintf("%d. %s", t.Day(), months[t.Month()-1])
	}
	return t.Format("2 January")
}

// Day is a day with its year: 2 Jan 2006, 2. Januar 2006.
func Day(t time.Time) string { return Spoken().Day(t) }

// Day is a day with its year in this language.
func (l Language) Day(t time.Time) string {
	if l == German {
		return l.Date(t) + t.Format(" 2006")
	}
	return t.Format("2 Jan 2006")
}

// Decimal is a number with so many digits behind the point, which is a comma in German.
func (l Language) Decimal(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if l == German {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// Points are of a score, as exactly as Microsoft's answer has them, and of more than two digits behind the point two.
func (l Language) Points(x float64) string { return l.Decimal(math.Round(x*100)/100, -1) }

// BothCount names a number of things.
func BothCount(n int, one, many Format) Pair {
	return Pair{English.Count(n, one, many), Count(n, one, many)}
}

// BothYesNo is yes or no.
func BothYesNo(yes bool) Pair { return Pair{English.YesNo(yes), YesNo(yes)} }

// DateTime is a day with its time, in the operator's own zone: 2 January 15:04 UTC+01:00.
func DateTime(t time.Time) string { return Date(t.Local()) + t.Local().Format(" 15:04 ") + Zone(t) }

// Month is a month with its year.
func Month(t time.Time) string {
	if Spoken() == German {
		return months[t.Month()-1] + t.Format(" 2006")
	}
	return t.Format("January 2006")
}
