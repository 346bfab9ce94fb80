package welcome

import (
	"errors"
	"strings"
	"testing"
)

const home = "https://contoso.delegate365.com"

// usual is what people paste for one and the same portal.
var usual = []string{
	home,
	home + "/",
	home + "/setup",
	home + "/Setup/?a=b#c",
	home + ":443/setup",
	home + "?next=@evil.example",
	home + "/@evil.example",
	home + "#@evil.example",
	"contoso.delegate365.com",
	"contoso.delegate365.com/setup",
	"HTTPS://CONTOSO.Delegate365.com/Setup",
	"  <" + home + "/setup>\n",
	"\"" + home + "\"",
	home + "/setup\u200b",
	"\ufeff" + home,
}

func TestUsual(t *testing.T) {
	for _, text := range usual {
		p, err := Judge(text, "")
		if err != nil || !p.Usual() || p.Base() != home || p.SetupURL() != home+"/setup" {
			t.Errorf("%q: %+v, %v", text, p, err)
		}
	}
	for _, base := range []string{"https://contoso1.delegate365.com", "https://a.delegate365.com", "https://365.delegate365.com", "https://my-company.delegate365.com"} {
		if p, err := Judge(base, ""); err != nil || !p.Usual() || p.Base() != base {
			t.Errorf("%q: %+v, %v", base, p, err)
		}
	}
}

// Hosts that need the operator's yes.
func TestOther(t *testing.T) {
	for text, base := range map[string]string{
		"https://portal.example.org/setup":               "https://portal.example.org",
		"portal.example.org":                             "https://portal.example.org",
		"https://delegate365.example.org":                "https://delegate365.example.org",
		"https://delegate365-portal.example.org":         "https://delegate365-portal.example.org",
		"https://a.b.delegate365.com":                    "https://a.b.delegate365.com",
		"https://delegate.example":                       "https://delegate.example",
		"https://portal.example.org:443":                 "https://portal.example.org",
		"https://portal.example.org/?u=https://evil.com": "https://portal.example.org",
	} {
		p, err := Judge(text, "")
		if err != nil || p.Usual() || p.Base() != base {
			t.Errorf("%q: %+v, %v; want %s", text, p, err, base)
		}
	}
}

// A rehearsal's portal is on this computer, and no other program's.
func TestLoopback(t *testing.T) {
	const own = "http://127.0.0.1:8443"
	if p, err := Judge(own+"/setup", own); err != nil || !p.Usual() || p.Base() != own {
		t.Errorf("the rehearsal's own: %+v, %v", p, err)
	}
	// That a cloud's file calls it its own is no reason to believe it.
	if p, err := Judge("https://evil.example/setup", "https://evil.example"); err != nil || p.Usual() {
		t.Errorf("the file's own: %+v, %v", p, err)
	}
	if p, err := Judge("http://127.0.0.1:9999/setup", own); err != nil || p.Usual() {
		t.Errorf("another in a rehearsal: %+v, %v", p, err)
	}
	for _, own := range []string{"", "https://contoso.delegate365.com", "https://delegate365.test.example"} {
		if p, err := Judge("http://127.0.0.1:8443/setup", own); err == nil {
			t.Errorf("beside %q: %+v", own, p)
		}
	}
}

// tricks are addresses that are refused, each with a word of the reason and the host that a person is shown.
var tricks = map[string]struct{ reason, host string }{
	// Other schemes and ports.
	"http://contoso.delegate365.com/setup":          {"http", "contoso.delegate365.com"},
	"ftp://contoso.delegate365.com":                 {"https", "contoso.delegate365.com"},
	"file://contoso.delegate365.com/x":              {"https", "contoso.delegate365.com"},
	"javascript://contoso.delegate365.com/%0aalert": {"https", "contoso.delegate365.com"},
	"javascript:alert(1)":                           {"", ""},
	"data:text/html,delegate365":                    {"", ""},
	"https:contoso.delegate365.com":                 {"", ""},
	"https:/contoso.delegate365.com":                {"", ""},
	"https:///contoso.delegate365.com":              {"no host name", ""},
	"https://contoso.delegate365.com:8443/setup":    {"port", "contoso.delegate365.com"},
	"https://contoso.delegate365.com:80":            {"port", "contoso.delegate365.com"},
	"https://contoso.delegate365.com:":              {"port", "contoso.delegate365.com"},
	"https://contoso.delegate365.com:443.evil.com":  {"", ""},
	// Somebody before the host.
	"https://contoso.delegate365.com@evil.example/":             {"user name", "evil.example"},
	"https://contoso.delegate365.com:pw@evil.example/":          {"user name", "evil.example"},
	"https://contoso.delegate365.com%2f@evil.example/":          {"user name", "evil.example"},
	"https://evil.example@contoso.delegate365.com/":             {"user name", "contoso.delegate365.com"},
	"https://contoso.delegate365.com%40evil.example/":           {"percent", "contoso.delegate365.com%40evil.example"},
	"https://contoso.delegate365.com%2eevil.example/":           {"percent", ""},
	"https://contoso%2edelegate365.com/":                        {"percent", ""},
	"https://%63ontoso.delegate365.com/":                        {"percent", ""},
	"https://contoso.delegate365.com\\@evil.example":            {"backslash", ""},
	"https:\\\\contoso.delegate365.com":                         {"backslash", ""},
	"https://evil.example\\.delegate365.com":                    {"backslash", ""},
	"https://evil.example\\contoso.delegate365.com":             {"backslash", ""},
	"https://contoso.delegate365.com/\\evil":                    {"backslash", ""},
	"https://contoso.delegate365.com\u202e/moc.elpmaxe":         {"invisible", ""},
	"https://contoso.\u202emoc.563etageled/setup":               {"invisible", ""},
	"https://contoso.dele\u200bgate365.com/setup":               {"invisible", ""},
	"https://contoso.delegate\u00ad365.com/setup":               {"invisible", ""},
	"https://contoso.delegate365.com\u2060.evil.example":        {"invisible", ""},
	"https://contoso.delegate365.com\x00.evil.example":          {"invisible", ""},
	"https://contoso.delegate365.com\t.evil.example":            {"invisible", ""},
	"https://contoso.delegate365.com\n.evil.example":            {"invisible", ""},
	"https://evil.example/ https://contoso.delegate365.com@x/":  {"", ""},
	"https://contoso.delegate365.com.":                          {"full stop", "contoso.delegate365.com."},
	"https://contoso.delegate365.com./setup":                    {"full stop", ""},
	"https://contoso..delegate365.com/":                         {"characters", ""},
	"https://.delegate365.com/":                                 {"characters", ""},
	"https://-.delegate365.com/":                                {"characters", ""},
	"https://con_toso.delegate365.com/":                         {"characters", ""},
	"https://evil.example;.delegate365.com/":                    {"characters", ""},
	"https://ab--cd.delegate365.com/":                           {"characters", ""},
	"https://" + strings.Repeat("a", 64) + ".delegate365.com/":  {"characters", ""},
	"https://" + strings.Repeat("a.", 150) + "delegate365.com/": {"characters", ""},
	// Letters that look like others.
	"https://contoso.dеlegate365.com/setup":         {"letters", "contoso.xn--dlegate365-ksi.com"}, // a Cyrillic e
	"https://contoso.delegate365.cоm/setup":         {"letters", ""},                               // a Cyrillic o
	"https://contoso.xn--dlegate365-ksi.com/setup":  {"letters", ""},
	"https://contoso。delegate365。com/setup":         {"letters", ""},
	"https://contoso.delegate365.com／evil.example/": {"letters", ""},
	"https://ｃontoso.delegate365.com/":              {"letters", ""},
	"https://\u212aontoso.delegate365.com/":         {"letters", ""}, // the Kelvin sign is a small k in lower case
	// Names that look like others.
	"https://contoso.delegate365.com.evil.example/setup": {"really belongs to evil.example", "contoso.delegate365.com.evil.example"},
	"https://delegate365.com.evil.example/setup":         {"really belongs to evil.example", ""},
	"https://delegate365.com.au/setup":                   {"really belongs to delegate365.com.au", ""},
	"https://xdelegate365.com/setup":                     {"another domain", ""},
	"https://contoso-delegate365.com/setup":              {"another domain", ""},
	"https://contosodelegate365.com":                     {"another domain", ""},
	"https://contoso.mydelegate365.com":                  {"another domain", ""},
	"https://contoso.delegate365.net":                    {"another domain", ""},
	"https://contoso.delegate365.co.uk":                  {"another domain", ""},
	"https://delegate365.co.uk":                          {"another domain", ""},
	"https://contoso.delegate365.evil.example":           {"another domain", ""},
	"https://contoso.delegate365-com.example":            {"another domain", ""},
	"https://delegate365-com.evil.example":               {"another domain", ""},
	"https://contoso.delegate-365.com":                   {"almost", ""},
	"https://contoso.de1egate365.com":                    {"almost", ""},
	"https://contoso.delegate356.com":                    {"almost", ""},
	"https://contoso.delegat365.com":                     {"almost", ""},
	"https://contoso.deleqate365.com":                    {"almost", ""},
	"https://contoso.delegate36s.com":                    {"almost", ""},
	"https://contoso.de-legate365.com":                   {"almost", ""},
	"https://de1egate365.contoso.com":                    {"almost", ""},
	// Names under which anybody gets one of their own.
	"https://delegate365.azurewebsites.net/setup":             {"another domain", ""},
	"https://delegate365.github.io/setup":                     {"another domain", ""},
	"https://delegate365.eu.com/setup":                        {"another domain", ""},
	"https://delegate365.uk.com/setup":                        {"another domain", ""},
	"https://contoso.delegate365.uk.com/setup":                {"another domain", ""},
	"https://contoso-delegate365.web.app/setup":               {"another domain", ""},
	"https://delegate365.onmicrosoft.com/setup":               {"another domain", ""},
	"https://delegate365.sharepoint.com/setup":                {"another domain", ""},
	"https://delegate365.westeurope.cloudapp.azure.com/setup": {"another domain", ""},
	"https://delegate365.z6.web.core.windows.net/setup":       {"", ""},
	"https://delegate365.net.evil.example/setup":              {"another domain", ""},
	"https://delegate365.godaddysites.com/setup":              {"another domain", ""},
	"https://delegate365.westeurope.azurecontainerapps.io/":   {"another domain", ""},
	"https://delegate365-443.euw.devtunnels.ms/setup":         {"another domain", ""},
	"https://delegate365.canva.site":                          {"another domain", ""},
	// Nobody on this computer but in a rehearsal.
	"http://127.0.0.1:8080/setup":     {"on this computer", "127.0.0.1"},
	"https://127.0.0.1:8443/setup":    {"on this computer", ""},
	"http://[::1]:80":                 {"on this computer", ""},
	"http://[::ffff:127.0.0.1]/setup": {"on this computer", ""},
	"http://127.9.9.9/setup":          {"on this computer", ""},
	// Filters that hide where their links lead.
	"https://protect-eu.mimecast.com/s/AbCdEfGh1234": {"hides where it leads", "protect-eu.mimecast.com"},
	"https://u1234.ct.sendgrid.net/ls/click?upn=abc": {"hides where it leads", ""},
	// Nobody's portal, and no name at all.
	"https://delegate365.com":           {"website", ""},
	"https://www.delegate365.com/setup": {"website", ""},
	"https://203.0.113.7/setup":         {"number", ""},
	"https://3405803783/setup":          {"no host name", ""},
	"https://0xcb007107/setup":          {"no host name", ""},
	"https://203.0.29191/setup":         {"number", ""},
	"https://0x7f.0x1/setup":            {"number", ""},
	"https://127.1/setup":               {"number", ""},
	"https://[2001:db8::1]/setup":       {"no host name", ""},
	"https://":                          {"no host name", ""},
	"https://localhost/setup":           {"no host name", ""},
	"setup":                             {"no host name", ""},
	"":                                  {"no host name", ""},
	"https://contoso .delegate365.com":  {"not a web address", ""},
	"https://x.delegate365.com/" + strings.Repeat("a", maxAddress): {"too long", ""},
}

func TestRefused(t *testing.T) {
	for text, want := range tricks {
		p, err := Judge(text, "")
		r, ok := errors.AsType[*RefusedError](err)
		if !ok || p != (Portal{}) {
			t.Errorf("%.80q is taken: %+v, %v", text, p, err)
			continue
		}
		if !strings.Contains(r.Reason, want.reason) || want.host != "" && r.Host != want.host {
			t.Errorf("%.80q: %+v, want %q of %q", text, r, want.reason, want.host)
		}
		for _, c := range r.Error() {
			if c < ' ' || c > '~' {
				t.Errorf("%.80q: the reason has %q in it", text, c)
			}
		}
	}
}

// Links that a mail filter has rewritten are judged by what is inside.
func TestUnwrap(t *testing.T) {
	for name, text := range wrapped() {
		if p, err := Judge(text, ""); err != nil || !p.Usual() || p.Base() != home {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	for name, text := range map[string]string{
		"safe links around an imitation": "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.delegate365.com.evil.example%2Fsetup",
		"safe links around http":         "https://eur03.safelinks.protection.outlook.com/?url=http%3A%2F%2Fcontoso.delegate365.com%2Fsetup",
		"an imitated filter":             "https://eur03.safelinks.protection.outlook.com@evil.example/?url=" + inside,
		"signs for the host's letters":   "https://urldefense.com/v3/__https://contoso.delegate365.c*m/setup__;0L4!!Abc!x$",
		"escapes in the host":            "https://urldefense.proofpoint.com/v2/url?u=https-3A__contoso.delegate365.com-40evil.example&d=1",
	} {
		if p, err := Judge(text, ""); err == nil {
			t.Errorf("%s is taken: %+v", name, p)
		}
	}
	if p, err := Judge("https://safelinks.protection.outlook.com.evil.example/?url="+inside, ""); err != nil || p.Usual() {
		t.Errorf("an address of somebody's is taken for a filter's: %+v, %v", p, err)
	}
}

const inside = "https%3A%2F%2Fcontoso.delegate365.com%2Fsetup"

// wrapped are links to the portal that mail filters have rewritten, by filter.
func wrapped() map[string]string {
	once := "https://eur03.safelinks.protection.outlook.com/?url=" + inside + "&data=05%7C02%7Cadmin%40contoso.com%7C0&sdata=x%3D&reserved=0"
	return map[string]string{
		"safe links":           once,
		"safe links, GCC High": "https://gcc02.safelinks.protection.office365.us/?url=" + inside,
		"safe links, entities": strings.ReplaceAll(once, "&", "&amp;"),
		"safe links, shared":   "https://EUR03.safelinks.protection.outlook.com/ap/w-59584e83/?url=" + inside + "&data=1",
		"safe links, twice": "https://nam02.safelinks.protection.outlook.com/?data=1&url=" +
			strings.NewReplacer("%", "%25", ":", "%3A", "/", "%2F", "?", "%3F", "=", "%3D", "&", "%26").Replace(once),
		"Proofpoint 1":         "https://urldefense.proofpoint.com/v1/url?u=" + inside + "&k=abc",
		"Proofpoint 2":         "https://urldefense.proofpoint.com/v2/url?u=https-3A__contoso.delegate365.com_setup&d=DwMFAg&c=euGZ&m=x-y_z&e=",
		"Proofpoint 3":         "https://urldefense.com/v3/__https://contoso.delegate365.com/setup__;!!Abc-1!xyz_2$",
		"Proofpoint 3, merged": "https://urldefense.com/v3/__https:/contoso.delegate365.com/setup__;!!Abc-1!xyz_2$",
		"Proofpoint 3, signs":  "https://urldefense.com/v3/__https://contoso.delegate365.com/setup?a=**B__;Iw!!Abc!x$",
		"Barracuda":            "https://linkprotect.cudasvc.com/url?a=" + inside + "&c=E,1,x",
		"Google":               "https://www.google.com/url?q=" + inside + "&source=gmail&ust=1",
	}
}
