package welcome

import (
	"encoding/base64"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/net/html/charset"
)

// The welcome mail in the shapes in which it arrives. Each says the same: the portal contoso and the password Xy7-kLmÄ9,
// whose umlaut tells whether the charset was understood.

const theirs = "Xy7-kLmÄ9"

const plainText = "Welcome to Delegate365\n\nYour portal for Contoso:\nhttps://contoso.delegate365.com/setup\n\n" +
	"Enter the configuration password and the credentials of your service account.\nConfiguration password: " + theirs +
	"\n\nForgot your password? Write to support@delegate365.example. See https://www.delegate365.com for more.\n"

const pageText = `<!doctype html><html><head><style>p{color:red}</style><title>Welcome</title></head><body>
<p>Setup: <a href="https://contoso.delegate365.com/setup">click&nbsp;here</a></p>
<table><tr><td><p>Configuration&nbsp;password:</p></td><td><p><b>Xy7</b>-<wbr>kLm&Auml;9</p></td></tr>
<tr><td>Support</td><td>support@delegate365.example</td></tr></table><script>var password: "no"</script></body></html>`

// headed is a mail of one part.
func headed(kind, encoding, body string) string {
	return "Received: from mail.example by contoso.com; Tue, 24 Nov 2026 10:00:00 +0000\r\nFrom: Delegate365 <noreply@delegate365.example>\r\n" +
		"Subject: =?utf-8?q?Welcome_to_Delegate365?=\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body
}

// part is one part of several.
func part(kind, encoding, body string) string {
	return "Content-Type: " + kind + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body + "\r\n"
}

func several(kind, boundary string, parts ...string) string {
	body := "This is a multi-part message in MIME format.\r\n"
	for _, p := range parts {
		body += "--" + boundary + "\r\n" + p
	}
	return headed("multipart/"+kind+"; boundary=\""+boundary+"\"", "7bit", body+"--"+boundary+"--\r\n")
}

// partOf is several without the header fields that only a whole mail has.
func partOf(kind, boundary string, parts ...string) string {
	_, fields, _ := strings.Cut(several(kind, boundary, parts...), "MIME-Version: 1.0\r\n")
	return fields
}

func in(label, text string) string {
	enc, _ := charset.Lookup(label)
	b, err := enc.NewEncoder().String(text)
	if err != nil {
		panic(label + ": " + err.Error())
	}
	return b
}

// base64Lines is base64 in lines of 76.
func base64Lines(text string) string {
	all := base64.StdEncoding.EncodeToString([]byte(text))
	var b strings.Builder
	for len(all) > 76 {
		b.WriteString(all[:76] + "\r\n")
		all = all[76:]
	}
	return b.String() + all + "\r\n"
}

func quotedPrintable(text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func indent(mark, text string) string {
	return mark + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+mark) + "\n"
}

// shapes are the mails, by name.
func shapes() map[string]string {
	crlf := strings.ReplaceAll(plainText, "\n", "\r\n")
	alternative := several("alternative", "=_alt", part("text/plain; charset=utf-8", "quoted-printable", quotedPrintable(crlf)),
		part("text/html; charset=\"utf-8\"", "base64", base64Lines(pageText)))
	_, after, _ := strings.Cut(alternative, "--=_alt")
	uncut, _, _ := strings.Cut(alternative, "--=_alt\r\nContent-Type: text/html")
	safe := strings.ReplaceAll(plainText, "https://contoso.delegate365.com/setup",
		"https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.delegate365.com%2Fsetup&data=05%7C02%7Ca&reserved=0")
	return map[string]string{
		"pasted":            plainText,
		"pasted, Windows":   crlf,
		"pasted, old Mac":   strings.ReplaceAll(plainText, "\n", "\r"),
		"pasted, with BOM":  "\ufeff" + plainText,
		"pasted, tabs":      "Portal\tcontoso.delegate365.com\nConfiguration password\t" + theirs + "\n",
		"pasted, columns":   "Portal\tConfiguration password\tSupport\nhttps://contoso.delegate365.com\t" + theirs + "\tno\n",
		"pasted, next line": "Portal:\nhttps://contoso.delegate365.com/setup\n\nYour configuration password:\n\n   " + theirs + "\n\nRegards\n",
		"pasted, heading":   "Portal\nhttps://contoso.delegate365.com/setup\n\nConfiguration password\n" + theirs + "\n\nRegards\n",
		"pasted, sentence":  "Open contoso.delegate365.com/setup. The configuration password is " + theirs + " and it is used once.\n",
		"pasted, quotes":    "Open https://contoso.delegate365.com/setup, please.\nThe configuration password is “" + theirs + "”.\n",
		"pasted, remark":    "Open <https://contoso.delegate365.com/setup>.\nConfiguration password (for the setup): " + theirs + " (valid for 7 days)\n",
		"pasted, fixed":     "Setup: https://contoso.delegate365.com/setup\u00a0\nConfiguration\u00a0password:\u00a0" + theirs + "\u00a0\n",
		"pasted, bold":      "*Setup:* here<https://contoso.delegate365.com/setup>\n*Configuration password:* " + theirs + "\n",
		"pasted, Outlook":   "From: Delegate365 <noreply@delegate365.example>\nSent: Tuesday\nSubject: Welcome to Delegate365\n\n" + plainText,
		"pasted, source":    pageText,
		"German":            "Ihr Portal: https://contoso.delegate365.com/setup\nKonfigurationskennwort: " + theirs + "\nHaben Sie Ihr Kennwort vergessen?\n",
		"German, sentence":  "Ihr Portal: https://contoso.delegate365.com/setup\nDas Passwort für die Einrichtung lautet: " + theirs + "\n",
		"German, hyphen":    "Ihr Portal: https://contoso.delegate365.com/setup\nSetup-Passwort = " + theirs + "\n",
		"French":            "Portail : https://contoso.delegate365.com/setup\nMot de passe de configuration : " + theirs + "\n",
		"Spanish":           "Portal: https://contoso.delegate365.com/setup\nContraseña de configuración: " + theirs + "\n",
		"Dutch":             "Portaal: https://contoso.delegate365.com/setup\nConfiguratiewachtwoord: " + theirs + "\n",
		"Polish":            "Portal: https://contoso.delegate365.com/setup\nHasło konfiguracji:\n" + theirs + "\n",
		"Russian":           "Портал: https://contoso.delegate365.com/setup\nПароль конфигурации: " + theirs + "\n",
		"Japanese":          "ポータル：https://contoso.delegate365.com/setup\n設定パスワード：" + theirs + "\n",
		"quoted":            indent("> ", plainText),
		"quoted twice":      "On Tuesday somebody wrote:\n" + indent("> ", "On Monday:\n"+indent("> ", plainText)),
		"quoted closely":    indent(">>", plainText),
		"Gmail forward":     "FYI\n\n---------- Forwarded message ---------\nFrom: Delegate365 <noreply@delegate365.example>\nDate: Tue, 24 Nov 2026\nSubject: Welcome to Delegate365\nTo: <admin@contoso.com>\n\n" + plainText,
		"safe links":        safe,
		"safe links, shown": strings.ReplaceAll(plainText, "https://contoso.delegate365.com/setup", "contoso.delegate365.com<https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.delegate365.com%2Fsetup&data=1>"),
		"8bit utf-8":        headed("text/plain; charset=utf-8", "8bit", crlf),
		"no charset":        headed("text/plain", "8bit", crlf),
		"no charset, 1252":  headed("text/plain", "8bit", in("windows-1252", crlf)),
		"wrong charset":     headed("text/plain; charset=utf-8", "8bit", in("windows-1252", crlf)),
		"unknown charset":   headed("text/plain; charset=x-nothing", "8bit", crlf),
		"iso-8859-1":        headed("text/plain; charset=iso-8859-1", "quoted-printable", quotedPrintable(in("windows-1252", crlf))),
		"iso-8859-15":       headed("text/plain; charset=ISO-8859-15", "8bit", in("iso-8859-15", crlf)),
		"windows-1252":      headed("text/html; charset=windows-1252", "8bit", in("windows-1252", strings.ReplaceAll(pageText, "&Auml;", "Ä"))),
		"utf-16":            headed("text/plain; charset=utf-16", "base64", base64Lines("\xff\xfe"+in("utf-16le", crlf))),
		"utf-16be":          headed("text/plain; charset=utf-16be", "base64", base64Lines(in("utf-16be", crlf))),
		"utf-16le":          headed("text/html; charset=utf-16le", "base64", base64Lines(in("utf-16le", pageText))),
		"base64":            headed("text/plain; charset=utf-8", "base64", base64Lines(crlf)),
		"base64, footer":    headed("text/plain; charset=utf-8", "base64", base64Lines(crlf)+"\r\n__________\r\nSent by a list\r\n"),
		"quoted-printable":  headed("text/plain; charset=utf-8", "quoted-printable", strings.ReplaceAll(quotedPrintable(crlf), "Configuration ", "Configura=\r\ntion ")),
		"QP soft breaks":    headed("text/plain; charset=utf-8", "quoted-printable", strings.ReplaceAll(strings.ReplaceAll(quotedPrintable(crlf), "delegate365.com/", "deleg=\r\nate365.com/"), "Xy7-", "Xy=\r\n7=2D")),
		"HTML only":         headed("text/html; charset=utf-8", "quoted-printable", quotedPrintable(pageText)),
		"HTML, meta":        headed("text/html", "8bit", in("windows-1252", strings.Replace(strings.ReplaceAll(pageText, "&Auml;", "Ä"), "<head>", `<head><meta charset="windows-1252">`, 1))),
		"flowed":            headed("text/plain; charset=utf-8; format=flowed", "8bit", strings.ReplaceAll(crlf, "your service account.\r\n", "your service \r\naccount. \r\n")),
		"Apple Mail": several("alternative", "Apple-Mail=_1", part("text/plain; charset=utf-8; format=flowed; delsp=yes", "quoted-printable",
			quotedPrintable("Open https://contoso.delegate \r\n365.com/setup\r\nConfiguration password:  \r\n"+theirs+"\r\n")),
			part("text/html; charset=utf-8", "quoted-printable", quotedPrintable(pageText))),
		"alternative": alternative,
		"nested": several("mixed", "outer", partOf("related", "middle", partOf("alternative", "inner",
			part("text/plain; charset=us-ascii", "7bit", "Your mail program shows no HTML."),
			part("text/html; charset=utf-8", "base64", base64Lines(pageText))),
			part("image/png", "base64", base64Lines("\x89PNG\r\n"))), part("application/pdf; name=x.pdf", "base64", base64Lines("%PDF-1.7"))),
		"forwarded as attachment": several("mixed", "fwd", part("text/plain", "7bit", "see the attached mail"), part("message/rfc822", "7bit", alternative)),
		"attached as a file":      several("mixed", "fwd", part("application/octet-stream; name=\"Welcome.eml\"", "base64", base64Lines(alternative))),
		"attached as .msg":        several("mixed", "fwd", part("application/vnd.ms-outlook; name=\"Welcome.msg\"", "base64", base64Lines(string(outlook(map[string][]byte{streamPrefix + "1000001F": wide(crlf)}))))),
		"mbox":                    "From noreply@delegate365.example Tue Nov 24 10:00:00 2026\n" + alternative,
		"source, no header":       strings.ReplaceAll("--=_alt"+after, "\r\n", "\n"),
		"source, no ends":         strings.ReplaceAll(alternative, "\r\n", "\n"),
		"source, cut off":         uncut,
		"source, no boundary":     headed("multipart/alternative", "7bit", crlf),
		"file in UTF-16":          "\xff\xfe" + in("utf-16le", crlf),
		"file in UTF-16, big":     "\xfe\xff" + in("utf-16be", crlf),
		"file in 1252":            in("windows-1252", crlf),
		".msg": string(outlook(map[string][]byte{
			propertiesStream: properties(1200, 65001), streamPrefix + "0037001F": wide("Welcome to Delegate365"),
			"__nameid_version1.0/" + streamPrefix + "1000001F": wide("Password: not-1-read"),
			streamPrefix + "1000001F":                          wide(crlf), streamPrefix + "10090102": []byte("not read"),
		})),
		".msg, long":     string(outlook(map[string][]byte{streamPrefix + "1000001F": wide(strings.Repeat("More about it.\r\n", 2000) + crlf)})),
		".msg, ANSI":     string(outlook(map[string][]byte{propertiesStream: properties(28605, 0), streamPrefix + "1000001E": []byte(in("iso-8859-15", crlf))})),
		".msg, HTML":     string(outlook(map[string][]byte{propertiesStream: properties(1252, 65001), streamPrefix + "10130102": []byte(pageText)})),
		".msg, attached": string(outlook(map[string][]byte{streamPrefix + "1000001F": wide("see the attached mail"), "__attach_version1.0_#00000000/" + streamPrefix + "3701000D/" + streamPrefix + "1000001F": wide(crlf)})),
		".msg with .eml": string(outlook(map[string][]byte{"__attach_version1.0_#00000000/" + streamPrefix + "37010102": []byte(alternative)})),
	}
}
