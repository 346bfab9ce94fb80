package welcome

import (
	"net"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The order of the rules matters: what a browser reads differently from a person is refused on the text as it was
// pasted, before any library has made sense of it.

// usualDomain is where Delegate365's portals are: https://<company>.delegate365.com.
const usualDomain = ".delegate365.com"

// maxAddress is the longest address that is judged, in bytes. Rewritten links are long; beyond this none is.
const maxAddress = 16 << 10

// Portal is an address that can be a Delegate365 portal. The zero value is no portal.
type Portal struct {
	base     string
	usual    bool
	loopback bool
}

// Base is the address without a path: https://contoso.delegate365.com.
func (p Portal) Base() string { return p.base }

// SetupURL is the page where Delegate365 is set up.
func (p Portal) SetupURL() string { return p.base + "/setup" }

// Usual says that the portal is where Delegate365's are as a rule: https://<company>.delegate365.com, or the cloud's own on this
// computer, as a rehearsal has it. Any other needs the operator's yes, because whoever runs it gets the password of a Global
// Administrator; that a cloud's file names it proves nothing of it.
func (p Portal) Usual() bool { return p.usual }

// RefusedError says why an address is not used as a portal.
type RefusedError struct {
	Host   string // in ASCII, as it is really looked up; empty when it can't be told
	Reason string // lower case, no full stop: it starts with http, …
}

func (e *RefusedError) Error() string {
	if e.Host == "" {
		return e.Reason
	}
	return e.Host + ": " + e.Reason
}

// Judge takes a portal address or a setup address as a person pastes it, also one that a mail filter has rewritten. The
// error is a *RefusedError. own is the cloud's own portal, empty in Microsoft's clouds: an address on this computer is a
// portal only where that is one too.
func Judge(text, own string) (Portal, error) {
	v := judge(text, own)
	if v.refusal != nil {
		return Portal{}, v.refusal
	}
	return v.portal, nil
}

// verdict is what is known of an address.
type verdict struct {
	portal    Portal
	refusal   *RefusedError
	setup     bool // it is a setup page's, by its path
	resembles bool // its host is Delegate365's or looks like it
	website   bool // it is the vendor's own website
	filter    bool // it is a link of a mail filter that hides where it leads
}

func judge(text, own string) verdict {
	text = bare(text)
	if len(text) > maxAddress {
		return refused("", phrase.T("it is too long for an address"))
	}
	text = unwrap(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	scheme, rest, _ := strings.Cut(text, "://")
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	v := judgeParts(text, strings.ToLower(scheme), authority)
	if v.portal.loopback && !onThisComputer(own) {
		u, _ := url.Parse(v.portal.base) // it was made of one
		v = refused(u.Hostname(), phrase.T("it is on this computer, where no Delegate365 is"))
	}
	if v.portal.loopback && v.portal.base == own {
		v.portal.usual = true
	}
	if name := strings.TrimPrefix(v.portal.base, "https://"); hidesTarget(name) {
		v = refused(name, phrase.T("it is a link of a mail filter, which hides where it leads"))
		v.filter = true
	}
	v.setup = isSetup(path)
	v.resembles = resembles(authority)
	return v
}

// bare is an address without what mail and chat programs put around it.
func bare(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "<>\"'")
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

func refused(host, why string) verdict {
	return verdict{refusal: &RefusedError{Host: shownHost(host), Reason: why}}
}

// judgeParts goes through what the authority of an address (RFC 3986, section 3.2) may not be.
func judgeParts(text, scheme, authority string) verdict {
	host := authority[strings.LastIndex(authority, "@")+1:]
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return invisible(r) || unicode.IsControl(r) }):
		return refused(host, phrase.T("it has invisible characters in it, which can hide where it leads"))
	case strings.ContainsRune(text, '\\'):
		return refused("", phrase.T("it has a backslash in it, which browsers read as a slash"))
	case strings.Contains(authority, "@"):
		return refused(host, phrase.T("it has a user name before the host, a trick to make it look like another address"))
	case strings.Contains(host, "%"):
		return refused(host, phrase.T("its host name is written in percent codes, which hide where it leads"))
	case strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }):
		return refused(host, phrase.T("its host name has letters that only look like others"))
	}
	u, err := url.Parse(text)
	if err != nil || strings.ContainsFunc(text, unicode.IsSpace) {
		return refused("", phrase.T("it is not a web address"))
	}
	name := strings.ToLower(u.Hostname())
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() && (scheme == "http" || scheme == "https") {
		return verdict{portal: Portal{base: scheme + "://" + strings.ToLower(u.Host), loopback: true}}
	}
	switch {
	case scheme == "http":
		return refused(name, phrase.T("it starts with http, which anybody on the way can read and change; it has to be https"))
	case scheme != "https":
		return refused(name, phrase.T("it does not start with https"))
	case u.Port() != "" && u.Port() != "443", strings.HasSuffix(u.Host, ":"):
		return refused(name, phrase.T("it names a port; Delegate365 is reached at an address without one"))
	}
	return judgeName(name)
}

// onThisComputer reports an address of the loopback.
func onThisComputer(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// judgeName judges a host name in lower case.
func judgeName(name string) verdict {
	labels := strings.Split(name, ".")
	switch {
	case strings.HasSuffix(name, "."):
		return refused(name, phrase.T("its host name ends in a full stop"))
	case len(labels) < 2:
		return refused(name, phrase.T("it has no host name such as contoso.delegate365.com"))
	case numeric(labels[len(labels)-1]):
		return refused(name, phrase.T("it has a number instead of a host name"))
	case strings.Contains(name, "xn--"):
		return refused(name, phrase.T("its host name has letters that only look like others"))
	case !validName(labels):
		return refused("", phrase.T("its host name has characters that no host name has"))
	case website(name):
		v := refused(name, phrase.T("it is Delegate365's own website, nobody's portal"))
		v.website = true
		return v
	}
	label, ours := strings.CutSuffix(name, usualDomain)
	if !ours {
		if why := imitates(labels); why != "" {
			return refused(name, why)
		}
	}
	return verdict{portal: Portal{base: "https://" + name, usual: ours && !strings.Contains(label, ".")}}
}

// numeric reports a last label that makes browsers read the host as an IPv4 address, as in 0x7f.1
// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
func numeric(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// validName reports letters, digits and hyphens in the lengths that DNS has (RFC 1123, section 2.1). Hyphens in the third
// and fourth place are left to encodings (RFC 5891, section 4.2.3.1).
func validName(labels []string) bool {
	total := len(labels) - 1
	for _, l := range labels {
		total += len(l)
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || len(l) > 3 && l[2:4] == "--" {
			return false
		}
		for i := range len(l) {
			if c := l[i]; c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return total <= 253
}

// website reports Delegate365 addresses that are nobody's portal.
func website(name string) bool {
	switch name {
	case "delegate365.com", "www.delegate365.com", "docs.delegate365.com", "support.delegate365.com", "help.delegate365.com", "blog.delegate365.com":
		return true
	}
	return false
}

func isSetup(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	return strings.EqualFold(strings.Trim(path, "/"), "setup")
}

// shownHost is a host name that can be shown to a person: what DNS is asked for, without characters that play tricks.
func shownHost(host string) string {
	host, _, _ = strings.Cut(host, ":")
	if ascii, err := idna.Punycode.ToASCII(strings.ToLower(host)); err == nil {
		host = ascii
	}
	host = strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return '?'
	}, host)
	const most = 80
	if len(host) > most {
		host = host[:most/2] + "..." + host[len(host)-most/2:]
	}
	return host
}
