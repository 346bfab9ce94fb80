package welcome

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// What is not read for certain says so, and what it would be mistaken for is never taken.
func TestDoubts(t *testing.T) {
	const (
		setup = home + "/setup\n"
		plain = "Kq7-mTv9Rz"
		line  = "Configuration password: " + plain + "\n"
		other = "https://northwindtraders.delegate365.com"
	)
	page := func(body string) string {
		return headed("text/html; charset=utf-8", "8bit", "<html><body>"+body+"</body></html>")
	}
	link := "<p><a href='" + home + "/setup'>Setup</a></p>"
	for name, c := range map[string]struct {
		text string
		want wanted
	}{
		// Addresses broken in their host name.
		"address broken in brackets":     {"<https://northwind\ntraders.delegate365.com/setup>\n" + line, wanted{other, Joined, plain, 0, ""}},
		"address broken without them":    {"Setup page: https://northwind\ntraders.delegate365.com/setup\n" + line, wanted{other, Joined, plain, 0, ""}},
		"broken and indented":            {"Setup page: https://northwind\n    traders.delegate365.com/setup\n" + line, wanted{other, Joined, plain, 0, ""}},
		"broken at a soft line break":    {"Setup page: https://northwind=\ntraders.delegate365.com/setup\n" + line, wanted{other, Joined, plain, 0, ""}},
		"broken in the domain":           {"Setup page: https://contoso.delegate365.\ncom/setup\n" + line, wanted{home, Joined, plain, 0, ""}},
		"broken in its last letters":     {"Setup page: https://contoso.delegate365.co\nm/setup\n" + line, wanted{home, Joined, plain, 0, ""}},
		"broken in the path":             {"Setup page: <https://contoso.delegate365.com/se\ntup>\n" + line, wanted{home, 0, plain, 0, ""}},
		"broken thrice":                  {"<https://north\nwind\ntraders.delegate365.com/se\ntup>\n" + line, wanted{other, Joined, plain, 0, ""}},
		"broken, quoted":                 {"> Setup page: https://northwind\n> traders.delegate365.com/setup\n> " + line, wanted{other, Joined, plain, 0, ""}},
		"broken by a space":              {"Setup page: https://northwind traders.delegate365.com/setup\n" + line, wanted{"https://traders.delegate365.com", CutOff, plain, 0, ""}},
		"broken without a scheme":        {"Setup page: northwind\ntraders.delegate365.com/setup\n" + line, wanted{"https://traders.delegate365.com", CutOff, plain, 0, ""}},
		"broken at a hyphen":             {"Setup page: northwind-\ntraders.delegate365.com/setup\n" + line, wanted{"https://traders.delegate365.com", CutOff, plain, 0, ""}},
		"a dash for a hyphen":            {"Setup page: northwind–traders.delegate365.com/setup\n" + line, wanted{"https://traders.delegate365.com", CutOff, plain, 0, ""}},
		"a hyphen that does not break":   {"Setup page: northwind\u2011traders.delegate365.com/setup\n" + line, wanted{"https://traders.delegate365.com", CutOff, plain, 0, ""}},
		"a code before the host":         {"url=3Dtraders.delegate365.com/setup\n" + line, wanted{"https://3dtraders.delegate365.com", CutOff, plain, 0, ""}},
		"goes on in the next line":       {"https://contoso.delegate365.com\n.evil.example/setup\n" + line, wanted{home, CutOff, plain, 0, ""}},
		"a list after it":                {"- " + setup + "- " + line, wanted{home, 0, plain, 0, ""}},
		"a bullet before it":             {"Portal:\n- contoso.delegate365.com\n" + line, wanted{home, 0, plain, 0, ""}},
		"on a line of its own":           {"Portal:\ncontoso.delegate365.com\n" + line, wanted{home, 0, plain, 0, ""}},
		"after an empty line":            {"Your portal\n\ncontoso.delegate365.com\n" + line, wanted{home, 0, plain, 0, ""}},
		"Safe Links broken in the inner": {"https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnorthwind\ntraders.delegate365.com%2Fsetup&data=05\n" + line, wanted{other, Joined, plain, 0, ""}},
		// Several.
		"two portals in the alternatives": {several("alternative", "b", part("text/plain", "7bit", setup+line), part("text/html", "7bit", "<a href='"+other+"'>"+home+"</a>")), wanted{home + " " + other, 0, plain, 0, ""}},
		"another password in the HTML":    {several("alternative", "b", part("text/plain", "7bit", setup+line), part("text/html", "7bit", "<p>Configuration password: Zz9-other</p>")), wanted{home, 0, plain + " Zz9-other", 0, ""}},
		"an older one in a quote":         {setup + line + "> " + strings.ReplaceAll(line, plain, "Old-12345"), wanted{home, 0, plain + " Old-12345", 0, ""}},
		"an older one in an attached mail": {
			several("mixed", "b", part("text/plain", "7bit", setup+line), part("message/rfc822", "7bit", headed("text/plain", "7bit", strings.ReplaceAll(line, plain, "Old-12345")))),
			wanted{home, 0, plain + " Old-12345", 0, ""},
		},
		// What nobody sees.
		"hidden by style":              {page(link + "<div style='display:none'>Configuration password: Zz9-other</div>"), wanted{home, 0, "Zz9-other", Hidden, ""}},
		"hidden beside the shown":      {page(link + "<p>Configuration password: " + plain + "</p><div style='Display : None; color:red'><p>Configuration password: Zz9-other</p></div>"), wanted{home, 0, plain + " Zz9-other", 0, ""}},
		"of no size":                   {page(link + "<span style='font-size:0px'>Configuration password: Zz9-other</span>"), wanted{home, 0, "Zz9-other", Hidden, ""}},
		"size given back":              {page("<td style='font-size:0'><div style='font-size:14px'>" + link + "Configuration password: " + plain + "</div></td>"), wanted{home, 0, plain, 0, ""}},
		"struck out":                   {page(link + "<p>Configuration password: <del>Zz9-other</del></p>"), wanted{reason: "no line that labels"}},
		"struck out, with its label":   {page(link + "<del><p>Configuration password: Zz9-other</p></del>"), wanted{home, 0, "Zz9-other", Hidden, ""}},
		"a comment":                    {page(link + "<!-- Password: Zz9-other --><p>Configuration password: " + plain + "</p>"), wanted{home, 0, plain, 0, ""}},
		"a comment for Outlook":        {page(link + "<!--[if mso]><p>Configuration password: Zz9-other</p><![endif]--><p>Configuration password: " + plain + "</p>"), wanted{home, 0, plain, 0, ""}},
		"a preview that says the same": {page("<div style='display:none;max-height:0'>" + home + " Configuration password: " + plain + "</div>" + link + "<p>Configuration password: " + plain + "</p>"), wanted{home, 0, plain, 0, ""}},
		"a link that is hidden":        {page("<a style='display:none' href='" + home + "'>x</a><p>Configuration password: " + plain + "</p>"), wanted{home, Hidden, plain, 0, ""}},
		"a picture in a hidden cell":   {page("<table><tr><td hidden>x<img>y<br></td><td>" + link + "</td></tr><tr><td>Configuration password</td><td>" + plain + "</td></tr></table>"), wanted{home, 0, plain, 0, ""}},
		// What sticks to a password.
		"mailto":                 {setup + "Configuration password: Kq7@mTv9Rz<mailto:Kq7@mTv9Rz>\n", wanted{home, 0, "Kq7@mTv9Rz", Glued, ""}},
		"mailto in brackets":     {setup + "Configuration password: Kq7@mTv9Rz[mailto:Kq7@mTv9Rz]\n", wanted{home, 0, "Kq7@mTv9Rz", Glued, ""}},
		"a link":                 {setup + "Configuration password: " + plain + "<https://example.org/x>\n", wanted{home, 0, plain, Glued, ""}},
		"an image of Gmail":      {setup + "Configuration password: " + plain + "[image: Logo of Contoso]\n", wanted{home, 0, plain, Glued, ""}},
		"an image before it":     {setup + "Configuration password: [cid:image001.png]" + plain + "\n", wanted{home, 0, plain, Glued, ""}},
		"nothing but a mark":     {setup + "Configuration password: [cid:image001.png@01DC5A3B.7C0F1E20]\nKq8-other1\n", wanted{reason: "no line that labels"}},
		"a space inside":         {setup + "Configuration password: Kq7 mTv9Rz\n", wanted{home, 0, "Kq7", CutOff, ""}},
		"a bracket inside":       {setup + "Configuration password: Kq7-mTv9Rz (a\n", wanted{home, 0, plain, CutOff, ""}},
		"broken into two lines":  {setup + "Configuration password: Kq7-mT\nv9Rz12x\n\nRegards\n", wanted{home, 0, "Kq7-mT", CutOff, ""}},
		"broken after a hyphen":  {setup + "Configuration password:\nKq7-\nabcdef\n\nRegards\n", wanted{home, 0, "Kq7-", CutOff, ""}},
		"a greeting after it":    {setup + "Configuration password: " + plain + "\nRegards\n", wanted{home, 0, plain, 0, ""}},
		"invisible at its end":   {setup + "Configuration password: " + plain + "\u200b\n", wanted{home, 0, plain, 0, ""}},
		"invisible in it":        {setup + "Configuration password: Kq7-\u200bmTv9Rz\n", wanted{home, 0, plain, Cleaned, ""}},
		"a blank letter in it":   {setup + "Configuration password: Kq7-\u3164mTv9Rz\n", wanted{home, 0, plain, Cleaned, ""}},
		"soft hyphen in a label": {setup + "Configu\u00adration pass\u00adword: " + plain + "\n", wanted{home, 0, plain, 0, ""}},
		"smart quotes":           {setup + "Configuration password: “" + plain + "”\n", wanted{home, 0, plain, 0, ""}},
		"a full stop":            {setup + "Configuration password: " + plain + ".\n", wanted{home, 0, plain + " " + plain + ".", 0, ""}},
		// Tables.
		"an empty cell between":     {page(link + "<table><tr><td>Configuration password:</td><td></td><td>" + plain + "</td></tr></table>"), wanted{home, 0, plain, Neighbour, ""}},
		"headings that look alike":  {page(link + "<table><tr><th>Configuration password</th><th>UserName</th></tr><tr><td>" + plain + "</td><td>service1</td></tr></table>"), wanted{home, 0, "UserName " + plain, Neighbour, ""}},
		"rows of different lengths": {page(link + "<table><tr><th>User name</th><th>Configuration password</th></tr><tr><td colspan=2>x</td><td>" + plain + "</td><td>y</td></tr></table>"), wanted{home, 0, plain, Neighbour, ""}},
		"a label with an invisible": {page(link + "<table><tr><td>Configuration password&#8203;</td><td>" + plain + "</td></tr></table>"), wanted{home, 0, plain, 0, ""}},
		// Codes that nobody decoded.
		"quoted-printable, no header": {setup + "Configuration password: Tn4=3DkQ9wZr\n", wanted{home, 0, "Tn4=3DkQ9wZr Tn4=kQ9wZr", Undecoded, ""}},
		"an entity":                   {setup + "Configuration password: Kq7&amp;mTv9\n", wanted{home, 0, "Kq7&amp;mTv9 Kq7&mTv9", Undecoded, ""}},
		"percent codes":               {setup + "Configuration password: Kq7%2DmTv9\n", wanted{home, 0, "Kq7%2DmTv9", Undecoded, ""}},
		"UTF-7 that nobody names":     {setup + "Configuration password: Kq7+AD0-mTv9\n", wanted{home, 0, "Kq7+AD0-mTv9", Undecoded, ""}},
		"cut at a soft line break":    {setup + "Configuration password: Kq7-mT=\nv9\n", wanted{home, 0, "Kq7-mT=", Undecoded, ""}},
		"the same, decoded":           {headed("text/plain", "quoted-printable", setup+"Configuration password: Tn4=3D3DkQ9wZr\n"), wanted{home, 0, "Tn4=3DkQ9wZr", 0, ""}},
		// Broken encodings.
		"a bare sign in quoted-printable": {headed("text/plain", "quoted-printable", setup+"Configuration password: Tn4=kQ9wZr\n"), wanted{home, Damaged, "Tn4=kQ9wZr", Damaged, ""}},
		"base64 with rubbish":             {headed("text/plain", "base64", strings.Replace(base64Lines(setup+line), "aHR0", "a!HR0", 1)), wanted{home, Damaged, plain, Damaged, ""}},
		"base64, padded in the middle":    {headed("text/plain", "base64", base64Lines(setup+"\n")+base64Lines(line)), wanted{home, 0, plain, 0, ""}},
		"base64 cut off":                  {headed("text/plain", "base64", strings.TrimSpace(base64Lines(setup + line))[:91]), wanted{home, Damaged, "Kq7-", Damaged, ""}},
		"an encoding nobody knows":        {headed("text/plain", "x-uuencode", setup+line), wanted{home, Undecoded, plain, Undecoded, ""}},
		"cut off in the password":         {strings.TrimSuffix(several("mixed", "b", part("text/plain", "7bit", setup+"Configuration password: Kq7-mTv")), "\r\n--b--\r\n"), wanted{home, 0, "Kq7-mTv", CutOff, ""}},
		// Charsets.
		"UTF-7":                      {headed("text/plain; charset=utf-7", "7bit", setup+"Configuration password: Kq7+AD0-mTv+-9+AMQ-\n"), wanted{home, 0, "Kq7=mTv+9Ä", 0, ""}},
		"ISO-2022-JP as UTF-8":       {headed("text/plain; charset=utf-8", "7bit", setup+in("iso-2022-jp", "構成パスワード：")+plain+"\n"), wanted{home, 0, plain, 0, ""}},
		"ISO-2022-KR":                {headed("text/plain; charset=iso-2022-kr", "7bit", "\x1b$)C"+setup+"\x0e:q9P9xH#\x0f: "+plain+"\n"), wanted{home, 0, plain, Unnamed, ""}},
		"HZ":                         {headed("text/plain; charset=hz-gb-2312", "7bit", setup+"~{C\\Bk~}: "+plain+"\n"), wanted{home, 0, plain, Unnamed, ""}},
		"a wrong charset, ASCII":     {headed("text/plain; charset=utf-8", "8bit", setup+in("windows-1252", "Grüße\nConfiguration password: ")+plain+"\n"), wanted{home, 0, plain, 0, ""}},
		"a wrong charset, umlaut":    {headed("text/plain; charset=utf-8", "8bit", setup+in("windows-1252", "Configuration password: Kq7-Ä9\n")), wanted{home, 0, "Kq7-Ä9", Guessed, ""}},
		"UTF-8 under another name":   {headed("text/plain; charset=windows-1252", "8bit", setup+"Configuration password: Kq7-Ä9\n"), wanted{home, 0, "Kq7-Ã„9", Guessed | Odd, ""}},
		"letters that are nothing":   {headed("text/plain; charset=utf-8", "8bit", setup+"Configuration password: Kq7-\ufffd9\n"), wanted{home, 0, "Kq7-\ufffd9", Guessed | Odd, ""}},
		"space stuffed":              {headed("text/plain; format=flowed", "7bit", " "+setup+" "+line), wanted{home, 0, plain, 0, ""}},
		"flowed with DelSp":          {headed("text/plain; format=flowed; delsp=yes", "7bit", "https://contoso.dele \ngate365.com/setup\n"+line), wanted{home, 0, plain, 0, ""}},
		"a long line, soft breaks":   {headed("text/plain", "quoted-printable", "https://contoso.dele=\r\ngate365.com/setup\r\n"+line), wanted{home, 0, plain, 0, ""}},
		"no charset, Shift JIS page": {headed("text/html", "8bit", "<html>"+link+in("shift_jis", "<p>パスワード: ")+plain+"</p>"), wanted{reason: "no line that labels"}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(secret.New(c.text), "")
			c.want.check(t, m, err)
		})
	}
}

// Headers as mail programs read them although nobody should write them.
func TestRepair(t *testing.T) {
	const text = home + "/setup\r\nConfiguration password: Tn4=3DkQ9wZr\r\n"
	const head = "From: a@b.example\r\nMIME-Version: 1.0\r\n"
	for name, mail := range map[string]string{
		"two banners":                "Mail headers\r\nas saved\r\n" + head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"words and an empty line":    "See below.\r\n\r\n" + head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"a line that is no field":    head + "this is no field\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"a continuation of none":     head + "this is no field\r\n and goes on\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"no line before the body":    head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n" + text,
		"quotes around the encoding": head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: \"quoted-printable\"\r\n\r\n" + text,
		"a comment after it":         head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable (as ever)\r\n\r\n" + text,
		"misspelt":                   head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted_printable\r\n\r\n" + text,
		"two types":                  head + "Content-Type: text/plain\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"a type without a slash":     head + "Content-Type: text; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"a parameter twice":          head + "Content-Type: text/plain; charset=utf-8; charset=utf-8; charset=ascii\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"a quote that never ends":    head + "Content-Type: text/plain; charset=\"utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text,
		"no boundary named":          head + "Content-Type: multipart/mixed\r\n\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text + "--b--\r\n",
		"another boundary named":     head + "Content-Type: multipart/mixed; boundary=c\r\n\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text + "--b--\r\n",
		"damage in a part":           head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nno field\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable;\r\n\r\n" + text + "--b--\r\n",
		"damage in an attached mail": head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + head + "Content-Transfer-Encoding: quoted-printable;\r\nContent-Type: text/plain\r\n\r\n" + text + "--b--\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(secret.New(mail), "")
			wanted{home, Repaired, "Tn4=kQ9wZr", Repaired, ""}.check(t, m, err)
		})
	}
	for name, mail := range map[string]string{
		"mixed line ends": strings.Replace(several("mixed", "b", part("text/plain", "quoted-printable", text), part("text/plain", "7bit", "bye")), "\r\n--b\r\n", "\n--b\n", 1),
		"spaces":          head + "Content-Type: text/plain\r\nContent-Transfer-Encoding:   Quoted-Printable \t\r\n\r\n" + text,
		"a space before":  head + "Content-Type : text/plain\r\nContent-Transfer-Encoding : quoted-printable\r\n\r\n" + text,
		"folded":          head + "Content-Type: text/plain;\r\n\tcharset=utf-8\r\nContent-Transfer-Encoding:\r\n quoted-printable\r\n\r\n" + text,
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(secret.New(mail), "")
			wanted{home, 0, "Tn4=kQ9wZr", 0, ""}.check(t, m, err)
		})
	}
}

// What can't be read is named, with what to do.
func TestUnreadable(t *testing.T) {
	const line = "\r\nConfiguration password: Kq7-mTv9Rz\r\n"
	for name, c := range map[string]struct{ text, reason string }{
		"winmail.dat alone": {headed("application/ms-tnef; name=winmail.dat", "base64", base64Lines("\x78\x9f\x3e\x22x")), "winmail.dat"},
		"winmail.dat by its name": {
			several("mixed", "b", part("text/plain", "7bit", "see attached"), part("application/octet-stream; name=\"WINMAIL.DAT\"", "base64", base64Lines("\x78\x9f\x3e\x22x"))), "winmail.dat",
		},
		"S/MIME, encrypted":  {headed("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "base64", base64Lines("0\x80x")), "encrypted"},
		"S/MIME, no type":    {headed("application/x-pkcs7-mime; name=smime.p7m", "base64", base64Lines("0\x80x")), "encrypted"},
		"S/MIME, signed":     {headed("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "base64", base64Lines("0\x80x")), "signature"},
		"PGP":                {several("encrypted; protocol=\"application/pgp-encrypted\"", "b", part("application/pgp-encrypted", "7bit", "Version: 1"), part("application/octet-stream", "7bit", "-----BEGIN PGP MESSAGE-----")), "encrypted"},
		"rights management":  {several("mixed", "b", part("text/plain", "7bit", "This mail is protected."), part("application/x-microsoft-rpmsg-message; name=message.rpmsg", "base64", base64Lines("v\xe8x"))), "Purview"},
		"a PDF":              {several("mixed", "b", part("text/plain", "7bit", "see the PDF"), part("application/pdf", "base64", base64Lines("%PDF-1.7"))), "PDF"},
		"a piece":            {headed("message/partial; id=1; number=2", "7bit", "x"), "piece"},
		"Mimecast":           {"Open https://protect-eu.mimecast.com/s/AbCdEf123" + line, "mail filter, protect-eu.mimecast.com"},
		"Hornetsecurity":     {"Open https://atpscan.global.hornetsecurity.com/index.php?atp_str=AbC" + line, "mail filter"},
		"Safe Links, broken": {"Open https://eur02.safelinks.protection.outlook.com/ap/w-59584e83/" + line, "mail filter"},
	} {
		m, err := Read(secret.New(c.text), "")
		wanted{reason: c.reason}.check(t, m, err)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// An address inside of another is read, and not believed where the filter is not one whose links are known.
func TestNested(t *testing.T) {
	const line = "\nConfiguration password: Kq7-mTv9Rz\n"
	for name, c := range map[string]struct {
		link  string
		doubt Doubt
	}{
		"Sophos":      {"https://eu-central-1.protection.sophos.com/?d=delegate365.com&u=aHR0cHM6Ly9jb250b3NvLmRlbGVnYXRlMzY1LmNvbS9zZXR1cA==&i=1", Rewritten},
		"Trend Micro": {"https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=https%3a%2f%2fcontoso.delegate365.com%2fsetup&umid=1", Rewritten},
		"Mimecast":    {"https://url.us.m.mimecastprotect.com/s/AbCdEf?domain=contoso.delegate365.com", Rewritten},
		"Check Point": {"https://url.avanan.click/v2/___https://contoso.delegate365.com/setup___.YXAz", Rewritten},
		"Edgepilot":   {"https://link.edgepilot.com/s/1a2b/AbC?u=https://contoso.delegate365.com/setup", Rewritten},
		"Symantec":    {"https://clicktime.symantec.com/3AbC?u=https%3A%2F%2Fcontoso.delegate365.com%2Fsetup", Rewritten},
		"somebody":    {"https://evil.example/setup?next=https%253A%252F%252Fcontoso.delegate365.com%252Fsetup", Rewritten},
		"Cisco":       {"https://secure-web.cisco.com/1AbC_x-y/https%3A%2F%2Fcontoso.delegate365.com%2Fsetup", 0},
		"Barracuda":   {"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fcontoso.delegate365.com%2fsetup&c=E,1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(secret.New("Open "+c.link+line), "")
			wanted{home, c.doubt, "Kq7-mTv9Rz", 0, ""}.check(t, m, err)
		})
	}
	m, err := Read(secret.New("Open https://protect.mimecast.com/s/x?domain=contoso.delegate365.com.evil.example"+line), "")
	if err == nil {
		t.Errorf("%v is taken out of it", bases(m))
	}
}
