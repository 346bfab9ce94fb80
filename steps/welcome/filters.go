package welcome

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Some mail filters keep the address in their link only in a table of their own. Nothing can be read out of those, and
// they are no portal, so they are named. Out of any other link an address can be read, but is not believed: whoever made
// the link may show one address and lead to another.

// hiding are hosts of filters and of mailing services whose links are numbers, with the hosts beneath them.
var hiding = []string{
	"mimecast.com", "mimecastprotect.com", "atpscan.global.hornetsecurity.com", "sendgrid.net", "mailgun.org", "mandrillapp.com", "list-manage.com",
	"awstrack.me", "defend.egress.com", "hubspotlinks.com", "secureweb.cisco.com", "protection.sophos.com", "ctp.trendmicro.com", "clicktime.symantec.com",
	"protect2.fireeye.com", "url.avanan.click", "protect.checkpoint.com", "linkscan.io", "link.edgepilot.com", "inky.com", "safelinks.protection.outlook.com",
	"urldefense.com", "urldefense.proofpoint.com", "linkprotect.cudasvc.com", "secure-web.cisco.com", "safelinks.protection.office365.us",
	"fortimailcloud.com", "bitdefender.net", "ess.barracudanetworks.com", "trustwave.com", "scanner.mailguard.com.au", "spamgourmet.com", "lnks.gd",
}

// hidesTarget reports the host of a filter.
func hidesTarget(name string) bool {
	if strings.HasSuffix(name, "-ctp.trendmicro.com") {
		return true
	}
	for _, h := range hiding {
		if name == h || strings.HasSuffix(name, "."+h) {
			return true
		}
	}
	return false
}

var (
	plainInside  = pattern(`(?i)https?:/{1,2}[a-z0-9.-]*delegate365\.com(?:[/?#&_]|$)`)
	hostInside   = pattern(`(?i)(?:domain|d|host)=([a-z0-9-]+\.delegate365\.com)(?:&|$)`)
	base64Inside = pattern(`[?&/=](aHR0c[A-Za-z0-9_+/-]{10,})`)
)

// nested is an address of Delegate365's inside of another, in the clear, in percent codes or in base64.
func nested(text string) (string, bool) {
	_, rest, ok := strings.Cut(text, "://")
	if !ok {
		return "", false
	}
	_, rest, ok = strings.Cut(rest, "/")
	if !ok {
		return "", false
	}
	for range 3 {
		if found := plainInside().FindString(rest); found != "" {
			scheme, host, _ := strings.Cut(found, ":")
			return scheme + "://" + strings.TrimRight(strings.TrimLeft(host, "/"), "/?#&_"), true
		}
		if found := hostInside().FindStringSubmatch(rest); found != nil {
			return "https://" + found[1], true
		}
		if decoded, ok := fromBase64(rest); ok {
			rest = decoded
			continue
		}
		decoded, err := url.PathUnescape(rest)
		if err != nil || decoded == rest {
			return "", false
		}
		rest = decoded
	}
	return "", false
}

func fromBase64(text string) (string, bool) {
	found := base64Inside().FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	code := strings.NewReplacer("-", "+", "_", "/").Replace(found[1])
	decoded, err := base64.RawStdEncoding.DecodeString(code[:len(code)-len(code)%4])
	return string(decoded), err == nil && utf8.Valid(decoded)
}
