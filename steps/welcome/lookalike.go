package welcome

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// vendor is the label that Delegate365's addresses have before .com.
const vendor = "delegate365"

// imitates says why a host outside of delegate365.com is taken for an imitation, or nothing. A company's own name for its
// portal may begin with a label delegate365, as in delegate365.contoso.com, because contoso.com is the company's; what
// anybody can register by itself may not look like the vendor's.
func imitates(labels []string) string {
	name := strings.Join(labels, ".")
	registered := registrable(name)
	own := len(labels) - len(strings.Split(registered, ".")) // labels that are its owner's to choose
	for i, l := range labels {
		if !near(l) {
			continue
		}
		switch {
		case !strings.Contains(l, vendor):
			return phrase.T("it is spelt almost like delegate365.com, but is not")
		case i < len(labels)-1 && labels[i+1] == "com" && l == vendor:
			return phrase.T("delegate365.com is not at the end of its host name: it really belongs to %s", registered)
		case i == 0 && own > 0 && !near(labels[own]) && !slices.Contains([]string{"co", "net", "org"}, labels[1]) && !strings.Contains(strings.ReplaceAll(l, "-", ""), vendor+"com"):
			continue
		}
		return phrase.T("it looks like delegate365.com, but is another domain")
	}
	return ""
}

// shared are names under which anybody gets one of their own, though no list of public suffixes has them.
var shared = []string{
	"onmicrosoft.com", "sharepoint.com", "cloudapp.azure.com", "core.windows.net", "azurecontainerapps.io", "devtunnels.ms",
	"powerappsportals.com", "powerappsportals.us", "microsoftcrmportals.com", "wordpress.com", "weebly.com", "zendesk.com",
	"freshdesk.com", "atlassian.net", "service-now.com", "godaddysites.com", "squarespace.com", "mystrikingly.com",
	"hubspotpagebuilder.com", "jimdosite.com", "canva.site", "glitch.me", "loca.lt",
}

// registrable is the part of a host name that somebody registers: a label under a public suffix (https://publicsuffix.org),
// those of hosting companies among them.
func registrable(name string) string {
	if slices.ContainsFunc(shared, func(s string) bool { return strings.HasSuffix(name, "."+s) }) {
		return name
	}
	registered, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return name
	}
	return registered
}

// resembles reports an authority with something in it that a person would read as delegate365.
func resembles(authority string) bool {
	if len(authority) > 1<<10 {
		authority = authority[:1<<10]
	}
	return slices.ContainsFunc(strings.FieldsFunc(skeleton(strings.ToLower(authority)), func(r rune) bool {
		return strings.ContainsRune(".@:%。．｡", r)
	}), near)
}

// near reports a label that has the vendor's in it, or is at most two letters away from it with or without its hyphens.
func near(label string) bool {
	if strings.Contains(label, vendor) {
		return true
	}
	whole := strings.ReplaceAll(label, "-", "")
	if strings.Contains(whole, vendor) || distance(whole, vendor) <= 2 {
		return true
	}
	return slices.ContainsFunc(strings.Split(label, "-"), func(part string) bool { return distance(part, vendor) <= 2 })
}

// distance is how many letters have to be put in, left out or changed to make b of a (Levenshtein). It is large when the
// lengths differ by more than two.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y)+2 || len(y) > len(x)+2 {
		return len(x) + len(y)
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			cost := before
			if x[i] != y[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, before+1, row[j]+1)
		}
	}
	return row[len(y)]
}

// confusable are letters that many fonts draw like a letter of delegate365.com (https://www.unicode.org/reports/tr39/).
var confusable = strings.NewReplacer(
	"а", "a", "α", "a", "ạ", "a", "à", "a", "á", "a",
	"е", "e", "ε", "e", "ė", "e", "ẹ", "e", "é", "e", "è", "e", "ē", "e",
	"ԁ", "d", "ɗ", "d", "đ", "d", "ɡ", "g", "ġ", "g", "ց", "g",
	"ӏ", "l", "ı", "l", "ⅼ", "l", "ł", "l", "т", "t", "ţ", "t", "ț", "t", "τ", "t",
	"о", "o", "ο", "o", "с", "c", "ϲ", "c", "м", "m", "ⅿ", "m", "з", "3", "ʒ", "3", "б", "6",
)

// skeleton is a text as a hurried person reads it.
func skeleton(text string) string { return confusable.Replace(text) }
