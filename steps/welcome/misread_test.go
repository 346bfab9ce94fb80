package welcome

import (
	"encoding/base64"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// misread is a mail with what a person reads in it: - for nothing that is meant, ? where it can be taken in more than one way.
type misreadMail struct{ name, text, portal, password string }

// misreadMails are ways in which a mail can be read wrongly.
func misreadMails() []misreadMail {
	const C = "https://contoso.delegate365.com"
	const K = "Kq7-mTv9Rz"
	const Q = "Tn4=kQ9wZr"
	top := "Your portal: https://contoso.delegate365.com/setup\r\n"
	line := top + "Configuration password: "
	qp := top + "Configuration password: Tn4=3DkQ9wZr\r\n"
	eml := func(h, b string) string {
		return "From: a@b.example\r\nTo: c@d.example\r\nSubject: Welcome\r\nMIME-Version: 1.0\r\n" + h + "\r\n\r\n" + b
	}
	html := func(b string) string {
		return eml("Content-Type: text/html; charset=utf-8", "<html><body><p>Portal: https://contoso.delegate365.com/setup</p>"+b+"</body></html>")
	}
	styled := func(css, b string) string {
		return eml("Content-Type: text/html; charset=utf-8", "<html><head><style type='text/css'>"+css+"</style></head><body><p>Portal: https://contoso.delegate365.com/setup</p>"+b+"</body></html>")
	}
	u8 := "Xy7-kLmÄ9"
	return []misreadMail{
		{"cte folded", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding:\r\n quoted-printable", qp), C, Q},
		{"cte comment", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable (rfc)", qp), C, Q},
		{"cte twice", eml("Content-Transfer-Encoding: 7bit\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable", qp), C, Q},
		{"cte space colon", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding : quoted-printable", qp), C, Q},
		{"cte quoted", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding: \"quoted-printable\"", qp), C, Q},
		{"cte underscore", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted_printable", qp), C, Q},
		{"cte none but qp", eml("Content-Type: text/plain", qp), C, Q},
		{"cte 7bit but qp", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit", qp), C, Q},
		{"qp, pasted body", qp, C, Q},
		{"qp lower hex", line + "Tn4=3dkQ9wZr\n", C, Q},
		{"qp soft break pasted", line + "Tn4kQ9=\nwZr5\n", C, "Tn4kQ9wZr5"},
		{"qp percent", line + "Tn4%3DkQ9wZr\n", C, Q},
		{"uuencode", eml("Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode", "begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n"+line+Q), C, Q},
		{"b64 no cte", eml("Content-Type: text/plain", base64.StdEncoding.EncodeToString([]byte(line+Q+"\n"))), C, Q},
		{"entity in plain", line + "Tn4&amp;kQ9wZr\n", C, "Tn4&kQ9wZr"},
		{"entity lt in plain eml", eml("Content-Type: text/plain", line+"Tn4&lt;kQ9wZr\r\n"), C, "Tn4<kQ9wZr"},
		{"entity num in plain", line + "Tn4&#61;kQ9wZr\n", C, Q},
		{"double entity html", html("<p>Configuration password: Tn4&amp;amp;kQ9</p>"), C, "Tn4&kQ9"},
		{"hidden span mid", html("<p>Configuration password: Kq7<span style=\"display:none\">XX</span>-mTv9Rz</p>"), C, K},
		{"hidden class", eml("Content-Type: text/html; charset=utf-8", "<html><head><style>.h{display:none}</style></head><body><p>Portal: https://contoso.delegate365.com/setup</p><p>Configuration password: Kq7<span class=h>XX</span>-mTv9Rz</p></body>"), C, K},
		{"hidden class only", eml("Content-Type: text/html; charset=utf-8", "<html><head><style>.h{display:none}</style></head><body><p>Portal: https://contoso.delegate365.com/setup</p><p class=h>Configuration password: XXq7-mTv9Rz</p></body>"), C, "-"},
		{"hidden by a class of no size", styled(".h{font-size:0}", "<p>Configuration password: Kq7<span class=h>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden by a class, white on white", styled(".h{color:#FFF;background:#fff}", "<p>Configuration password: Kq7<span class='x h'>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden by a class, off the page", styled(".h{position:absolute;left:-9999px}", "<p>Configuration password: Kq7<span class=h>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden by an id", styled("#h{visibility:hidden!important}", "<p>Configuration password: Kq7<span id=h>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden by an element", styled("i{display:none}", "<p>Configuration password: Kq7<i>XX</i>-mTv9Rz</p>"), C, K},
		{"hidden by several", styled("b, td.h , p > span.g:first-child { color : red; display : none }", "<p>Configuration password: Kq7<span class=G>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden on some screens", styled("@media only screen and (max-width:480px){.h{display:none}}", "<p>Configuration password: Kq7<span class=h>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden by a class behind a comment", styled("/* .a{} */ .h/**/{display/**/:none}", "<p>Configuration password: Kq7<span class=h>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden by a class, all of it", styled(".h{font-size:0;line-height:0}", "<p class=h>Configuration password: XXq7-mTv9Rz</p>"), C, "-"},
		{"shown by a class", styled(".h{font-size:14px;color:#333}", "<p>Configuration password: <span class=h>Kq7-mTv9Rz</span></p>"), C, K},
		{"font-size 0", html("<p>Configuration password: Kq7<span style='font-size:0'>XX</span>-mTv9Rz</p>"), C, K},
		{"font-size 1px white", html("<p>Configuration password: Kq7<span style='font-size:1px;color:#ffffff'>XX</span>-mTv9Rz</p>"), C, K},
		{"color white", html("<p>Configuration password: Kq7<span style='color:white'>XX</span>-mTv9Rz</p>"), C, K},
		{"font color", html("<p>Configuration password: Kq7<font color=white>XX</font>-mTv9Rz</p>"), C, K},
		{"opacity", html("<p>Configuration password: Kq7<span style='opacity:0'>XX</span>-mTv9Rz</p>"), C, K},
		{"mso-hide", html("<p>Configuration password: Kq7<span style='mso-hide:all'>XX</span>-mTv9Rz</p>"), C, K},
		{"hidden attr", html("<p>Configuration password: Kq7<span hidden>XX</span>-mTv9Rz</p>"), C, K},
		{"offscreen", html("<p>Configuration password: Kq7<span style='position:absolute;left:-9999px'>XX</span>-mTv9Rz</p>"), C, K},
		{"max-height", html("<p>Configuration password: Kq7<span style='display:inline-block;max-height:0;overflow:hidden'>XX</span>-mTv9Rz</p>"), C, K},
		{"css before content", html("<style>p:before{content:'Z'}</style><p>Configuration password: Kq7-mTv9Rz</p>"), C, K},
		{"struck html", html("<p>Configuration password: <s>Old1-pass2</s> Kq7-mTv9Rz</p>"), C, K},
		{"del html glued", html("<p>Configuration password: <del>Old1-pass2</del>Kq7-mTv9Rz</p>"), C, K},
		{"line-through", html("<p>Configuration password: <span style='text-decoration:line-through'>Old1-pass2</span> Kq7-mTv9Rz</p>"), C, K},
		{"struck only", html("<p>Configuration password: <strike>Old1-pass2</strike></p>"), C, "-"},
		{"sup footnote", html("<p>Configuration password: Kq7-mTv9Rz<sup>1</sup></p><p>1 valid for 7 days</p>"), C, K},
		{"footnote", line + "Kq7-mTv9Rz[1]\n\n[1] valid\n", C, K},
		{"footnote sup", line + "Kq7-mTv9Rz¹\n", C, K},
		{"text-transform", html("<p>Configuration password: <span style='text-transform:uppercase'>kq7-mtv9rz</span></p>"), C, "KQ7-MTV9RZ"},
		{"bdo rtl", html("<p>Configuration password: <bdo dir=rtl>zR9vTm-7qK</bdo></p>"), C, K},
		{"rlo", line + "\u202ezR9vTm-7qK\u202c\n", C, K},
		{"img alt mid", html("<p>Configuration password: Kq7<img alt='-' src=x>mTv9Rz</p>"), C, K},
		{"input value", html("<p>Configuration password: <input value='Kq7-mTv9Rz'></p>"), C, K},
		{"br in value", html("<p>Configuration password: Kq7<br>-mTv9Rz</p>"), C, K},
		{"wrapped value", line + "Abcdefghij-Klm1\nnopqrst2\n", C, "Abcdefghij-Klm1nopqrst2"},
		{"trailing dot", line + "Kq7-mTv9Rz.\n", C, "?"},
		{"trailing bang", line + "Kq7-mTv9Rz!\n", C, K + "!"},
		{"trailing comma", line + "Kq7-mTv9Rz, valid\n", C, K},
		{"paren", line + "(Kq7-mTv9Rz)\n", C, K},
		{"space in", line + "Kq7m Tv9Rz\n", C, "Kq7m Tv9Rz"},
		{"three words", line + "Kq7m Tv9R zzQ1\n", C, "Kq7m Tv9R zzQ1"},
		{"space in html nbsp", html("<p>Configuration password: Kq7m&nbsp;Tv9Rz</p>"), C, "Kq7m Tv9Rz"},
		{"passphrase", line + "correct horse battery\n", C, "correct horse battery"},
		{"cell with space", html("<table><tr><td>Configuration password</td><td>Kq7m Tv9Rz</td></tr></table>"), C, "Kq7m Tv9Rz"},
		{"next line with space", top + "Configuration password:\n\nKq7m Tv9Rz\n", C, "Kq7m Tv9Rz"},
		{"markdown", line + "**Kq7-mTv9Rz**\n", C, K},
		{"backtick", line + "`Kq7-mTv9Rz`\n", C, K},
		{"star in", line + "*Kq7-mTv9Rz\n", C, "*" + K},
		{"star glued", top + "Configuration password:*Kq7-mTv9Rz\n", C, "*" + K},
		{"underscore begin", line + "_Kq7-mTv9Rz\n", C, "_" + K},
		{"underscore glued", top + "Configuration password:_Kq7-mTv9Rz\n", C, "_" + K},
		{"equals begin", line + "=Kq7-mTv9Rz\n", C, "=" + K},
		{"equals glued", top + "Configuration password:=Kq7-mTv9Rz\n", C, "=" + K},
		{"colon begin", line + ":Kq7-mTv9Rz\n", C, ":" + K},
		{"quote begin", line + "\"Kq7-mTv9Rz\n", C, "\"" + K},
		{"dash begin", line + "-Kq7mTv9Rz\n", C, "-Kq7mTv9Rz"},
		{"gt begin next line", top + "Configuration password:\n>Kq7-mTv9Rz\n", C, ">" + K},
		{"dot stuffed", eml("Content-Type: text/plain", top+"Configuration password:\r\n..Kq7-mTv9Rz\r\n"), C, "." + K},
		{"angle", line + "<Kq7-mTv9Rz>\n", C, "?"},
		{"angle in", line + "Kq7<mTv9>Rz\n", C, "Kq7<mTv9>Rz"},
		{"angle in eml", eml("Content-Type: text/plain", line+"Kq7<mTv9>Rz\n"), C, "Kq7<mTv9>Rz"},
		{"html unescaped lt", html("<p>Configuration password: Kq7<mTv9Rz</p>"), C, "Kq7<mTv9Rz"},
		{"html unescaped lt2", html("<p>Configuration password: Kq7<b9>Rz</p>"), C, "Kq7<b9>Rz"},
		{"html unescaped amp", html("<p>Configuration password: Kq7&copy9Rz</p>"), C, "Kq7&copy9Rz"},
		{"at in", line + "Kq7@mTv9Rz\n", C, "Kq7@mTv9Rz"},
		{"at with dot", line + "Kq7@mTv9.Rz\n", C, "Kq7@mTv9.Rz"},
		{"slashes", line + "Kq7//mTv9Rz\n", C, "Kq7//mTv9Rz"},
		{"url-like", line + "a://Kq7mTv9Rz\n", C, "a://Kq7mTv9Rz"},
		{"dotted", line + "Kq7.mTv9.com\n", C, "Kq7.mTv9.com"},
		{"ascii table", top + "| Configuration password | Kq7-mTv9Rz |\n", C, K},
		{"ascii table 3", top + "| Configuration password | for setup1 | Kq7-mTv9Rz |\n", C, K},
		{"tsv 3", top + "Configuration password\tsetup1\tKq7-mTv9Rz\n", C, K},
		{"csv", top + "Configuration password,Kq7-mTv9Rz\n", C, K},
		{"table order", html("<table><tr><th>Configuration password</th><th>User</th></tr><tr><td>Kq7-mTv9Rz</td><td>admin1</td></tr></table>"), C, K},
		{"table rowspan", html("<table><tr><td rowspan=2>Contoso1x</td><td>User</td><td>Configuration password</td></tr><tr><td>admin1X</td><td>Kq7-mTv9Rz</td></tr></table>"), C, K},
		{"table colspan", html("<table><tr><th colspan=2>Admin9x</th><th>Configuration password</th></tr><tr><td>aD1min</td><td>Us2er</td><td>Kq7-mTv9Rz</td></tr></table>"), C, K},
		{"zoom passcode", top + "Join our call. Meeting ID: 812 3344. Passcode: 482913\n", C, "-"},
		{"teams passcode", top + "Meeting ID: 321 654\nPasscode: aB3dE9\n", C, "-"},
		{"wifi", top + "Wi-Fi password: Guest2024x\n", C, "-"},
		{"support password", top + "Your password for support.example.com: Sup9port\n", C, "-"},
		{"old password", top + "Old password: Sup9portX\n", C, "-"},
		{"user password", top + "Password of the service account: Sup9portX\n", C, "-"},
		{"m365 temp password", top + "User name: svc@contoso.com\nTemporary password: Kuv12345\n", C, "-"},
		{"pdf password", top + "The attached PDF is protected. Password: Pdf2026x\n", C, "-"},
		{"app password", top + "App password: abcdwxyz12\n", C, "-"},
		{"example password", top + "Example password: Abc123def\n", C, "-"},
		{"not this", top + "Configuration password is not Abc123def\n", C, "-"},
		{"template braces", line + "{{ConfigPassword1}}\n", C, "-"},
		{"template pct", line + "%%PASSWORD_1%%\n", C, "-"},
		{"template dollar", line + "${password1}\n", C, "-"},
		{"template square", line + "[Your password 1]\n", C, "-"},
		{"template angle", line + "<your-password-1>\n", C, "-"},
		{"see file", line + "see A1b2.pdf\n", C, "-"},
		{"masked", line + "Kq********\n", C, "-"},
		{"masked2", line + "Kq7…Rz\n", C, "-"},
		{"separate mail", top + "Configuration password:\n\nwill be sent separately\n\nTicket12345\n", C, "-"},
		{"latin1 header utf8 body", eml("Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit", line+u8+"\r\n"), C, u8},
		{"1252 header utf8 body", eml("Content-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: 8bit", line+u8+"\r\n"), C, u8},
		{"koi8 header utf8 body", eml("Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: 8bit", line+u8+"\r\n"), C, u8},
		{"meta latin1, header utf8, body utf8", eml("Content-Type: text/html; charset=utf-8", "<meta charset=iso-8859-1>https://contoso.delegate365.com/setup<p>Configuration password: "+u8+"</p>"), C, u8},
		{"meta utf8, header latin1", eml("Content-Type: text/html; charset=iso-8859-1", "<meta charset=utf-8>https://contoso.delegate365.com/setup<p>Configuration password: "+u8+"</p>"), C, u8},
		{"mojibake pasted", line + "Xy7-kLmÃ„9\n", C, u8},
		{"utf7 undeclared", eml("Content-Type: text/plain", line+"Tn4+AD0-kQ9wZr\r\n"), C, Q},
		{"utf7 declared", eml("Content-Type: text/plain; charset=utf-7", line+"Tn4+AD0-kQ9wZr\r\n"), C, Q},
		{"utf7 as utf8", eml("Content-Type: text/plain; charset=utf-8", line+"Tn4+AD0-kQ9wZr\r\n"), C, Q},
		{"hz", eml("Content-Type: text/plain; charset=hz-gb-2312", line+"Tn4~~kQ9wZr\r\n"), C, "Tn4~kQ9wZr"},
		{"fullwidth", top + "Configuration password：Ｋｑ７－ｍＴｖ９Ｒｚ\n", C, K},
		{"softhyphen", line + "Kq7\u00ad-mTv9Rz\n", C, K},
		{"smart dash", line + "Kq7–mTv9Rz\n", C, K},
		{"smart quote in", line + "Kq7’mTv9Rz\n", C, "Kq7'mTv9Rz"},
		{"combining", line + "Kq7-mTv9Rz\u0301\n", C, "Kq7-mTv9Rz\u0301"},
		{"cyrillic homoglyph", line + "Kq7-mТv9Rz\n", C, K},
		{"two alt differing", several("alternative", "b", part("text/plain", "7bit", line+"Aq7-mTv9Rz"), part("text/html", "7bit", "https://contoso.delegate365.com/setup<p>Configuration password: Bq7-mTv9Rz</p>")), C, "?"},
		{"href differs", html("<a href='https://fabrikam.delegate365.com/setup'>https://contoso.delegate365.com/setup</a><p>Configuration password: Kq7-mTv9Rz"), "?", K},
		{"href only differs", eml("Content-Type: text/html", "<a href='https://fabrikam.delegate365.com/setup'>contoso</a> <p>portal of contoso.delegate365.com</p><p>Configuration password: Kq7-mTv9Rz"), "?", K},
		{"host hyphen break", "Portal: https://north-\nwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://north-wind.delegate365.com", K},
		{"host hyphen break quoted", "> Portal: https://north-\n> wind.delegate365.com/setup\n> Configuration password: Kq7-mTv9Rz\n", "https://north-wind.delegate365.com", K},
		{"host space", "Portal: https://north wind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host noscheme break", "Portal: north-\nwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://north-wind.delegate365.com", K},
		{"host noscheme break nohyphen", "Portal: northwind\ntraders.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host www break", "Portal: https://www.\nnorthwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host mid domain", "Portal: https://northwind.dele\ngate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host br", eml("Content-Type: text/html", "Portal: https://north<br>wind.delegate365.com/setup<p>Configuration password: Kq7-mTv9Rz"), "https://northwind.delegate365.com", K},
		{"host br2", eml("Content-Type: text/html", "Portal: https://north-<br>\nwind.delegate365.com/setup<p>Configuration password: Kq7-mTv9Rz"), "https://north-wind.delegate365.com", K},
		{"host div", eml("Content-Type: text/html", "<div>Portal: https://north</div><div>wind.delegate365.com/setup</div><p>Configuration password: Kq7-mTv9Rz"), "https://northwind.delegate365.com", K},
		{"host cells", eml("Content-Type: text/html", "<table><tr><td>https://north</td><td>wind.delegate365.com/setup</td></tr></table><p>Configuration password: Kq7-mTv9Rz"), "https://northwind.delegate365.com", K},
		{"host span", eml("Content-Type: text/html", "Portal: https://north<span>wind</span>.delegate365.com/setup<p>Configuration password: Kq7-mTv9Rz"), "https://northwind.delegate365.com", K},
		{"host zwsp", "Portal: https://north\u200bwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host shy", "Portal: https://north\u00adwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host nbsp", "Portal: https://north\u00a0wind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host qp pasted", "Portal: https://north=\nwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://northwind.delegate365.com", K},
		{"host qp pasted upto", "Portal: https://north=2Dwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "https://north-wind.delegate365.com", K},
		{"host umlaut", "Portal: https://nörthwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host replaced", "Portal: https://n\ufffdrthwind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host underscore", "Portal: https://north_wind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host at", "Portal: https://north@wind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host sub", "Portal: https://a.contoso.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host pct", "Portal: https://north%77ind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host tail", "Portal: https://contoso.delegate365.com.evil.net/setup\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"host userinfo", "Portal: https://contoso.delegate365.com@evil.net/setup\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"host ellipsis", "Portal: https://…wind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"host ellipsis3", "Portal: https://north...wind.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"host template", "Portal: https://<company>.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"host template2", "Portal: https://yourcompany.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"host template3", "Portal: https://{tenant}.delegate365.com/setup\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"host in sentence", "As our customer fabrikam.delegate365.com shows, it works. Your portal follows.\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"safelink", "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.delegate365.com%2Fsetup&data=05\nConfiguration password: Kq7-mTv9Rz\n", C, K},
		{"safelink broken", "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnorth\nwind.delegate365.com%2Fsetup&data=05\nConfiguration password: Kq7-mTv9Rz\n", "?", K},
		{"safelink evil", "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.com%2F%3Fq%3Dhttps%3A%2F%2Fcontoso.delegate365.com&data=05\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"fake safelink", "https://eur03.safelinks.protection.outlook.com.evil.net/?url=https%3A%2F%2Fcontoso.delegate365.com%2Fsetup&data=05\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"proofpoint v2", "https://urldefense.proofpoint.com/v2/url?u=https-3A__contoso.delegate365.com_setup&d=Dw\nConfiguration password: Kq7-mTv9Rz\n", C, K},
		{"proofpoint v2 hyphen", "https://urldefense.proofpoint.com/v2/url?u=https-3A__north-2Dwind.delegate365.com_setup&d=Dw\nConfiguration password: Kq7-mTv9Rz\n", "https://north-wind.delegate365.com", K},
		{"proofpoint v3", "https://urldefense.com/v3/__https://contoso.delegate365.com/setup__;!!abc!def$\nConfiguration password: Kq7-mTv9Rz\n", C, K},
		{"barracuda", "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fcontoso.delegate365.com%2fsetup&c=E,1\nConfiguration password: Kq7-mTv9Rz\n", C, K},
		{"google", "https://www.google.com/url?q=https://contoso.delegate365.com/setup&sa=D\nConfiguration password: Kq7-mTv9Rz\n", C, K},
		{"open redirect", "https://www.evil.com/url?q=https://contoso.delegate365.com/setup&sa=D\nConfiguration password: Kq7-mTv9Rz\n", "-", K},
		{"rtf", "{\\rtf1\\ansi Portal: https://contoso.delegate365.com/setup\\par Configuration password: Kq7\\_mTv9Rz\\par}", C, "?"},
		{"rtf eml", eml("Content-Type: text/rtf", "{\\rtf1\\ansi Portal: https://contoso.delegate365.com/setup\\par\r\nConfiguration password: Kq7\\'2dmTv9Rz\\par}"), C, K},
		{"enriched", eml("Content-Type: text/enriched", top+"Configuration password: <bold>Kq7</bold>-<<mTv9Rz\r\n"), C, "Kq7-<mTv9Rz"},
		{"partial", eml("Content-Type: message/partial; number=1; total=2; id=x", top+"Configuration password: Kq7-mT"), C, K},
		{"trailing =20", line + "Kq7-mTv9Rz=20\n", C, K},
		{"trailing =", line + "Kq7-mTv9Rz=\n", C, "?"},
		{"trailing nbsp raw", line + "Kq7-mTv9Rz=C2=A0\n", C, K},
		{"rfc2047", line + "=?utf-8?Q?Tn4=3DkQ9wZr?=\n", C, Q},
		{"json", "{\"portal\":\"https://contoso.delegate365.com/setup\",\"password\":\"Tn4\\u003dkQ9wZr\"}", C, Q},
		{"json escaped quote", "{\"portal\":\"https://contoso.delegate365.com/setup\",\n\"password\":\"Tn4\\\"kQ9wZr\"}", C, "Tn4\"kQ9wZr"},
		{"backslash escape md", line + "Kq7\\_mTv9Rz\n", C, "Kq7_mTv9Rz"},
		{"mailto glued", line + "Kq7-mTv9Rz<mailto:a@b.c>\n", C, K},
		{"tel link", html("<p>Configuration password: Kq7-<a href='tel:491511234'>491511234</a>Rz</p>"), C, "Kq7-491511234Rz"},
		{"autolink outlook", line + "Kq7.mTv9<http://Kq7.mTv9>\n", C, "Kq7.mTv9"},
		{"username first", line + "for user admin1 is Kq7-mTv9Rz\n", C, K},
		{"valid until", line + "2026-12-01 expires, Kq7-mTv9Rz\n", C, K},
		{"is preceded", top + "Configuration password valid7days: Kq7-mTv9Rz\n", C, K},
		{"is: word", top + "The configuration password is: Kq7-mTv9Rz and it ends\n", C, K},
		{"label dup", top + "Configuration password: Configuration password: Kq7-mTv9Rz\n", C, K},
		{"label colon label", top + "Configuration password: Password: Kq7-mTv9Rz\n", C, K},
		{"german noun", top + "Kennwort: Ab12cd34 (Kunde), Konfigurationskennwort: Kq7-mTv9Rz\n", C, K},
		{"columns text", "Portal                             Configuration password\nhttps://contoso.delegate365.com    Kq7-mTv9Rz\n", C, K},
		{"columns text user", "Configuration password    User\nKq7-mTv9Rz                admin1X\n" + top, C, K},
		{"columns text user2", "User          Configuration password\nadmin1X       Kq7-mTv9Rz\n" + top, C, K},
	}
}

// Nothing wrong is taken without a question. How many of the right ones are refused is said, and has a limit.
func TestMisread(t *testing.T) {
	refused, all := 0, misreadMails()
	for _, c := range all {
		m, err := Read(secret.New(c.text), "")
		if err != nil {
			if c.portal != "-" && c.password != "-" {
				refused++
			}
			continue
		}
		if p, sure := m.SurePortal(); sure && p.Base() != c.portal {
			t.Errorf("%s: the portal %s is taken without a question", c.name, p.Base())
		}
		if p, sure := m.SurePassword(); sure && p.Value.Reveal() != c.password {
			t.Errorf("%s: %s is taken without a question", c.name, p.Value.Reveal())
		}
	}
	if refused > 28 {
		t.Errorf("%d of %d are refused", refused, len(all))
	}
	t.Logf("%d of %d are refused", refused, len(all))
}
