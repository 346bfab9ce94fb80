package welcome

import "testing"

func TestShowable(t *testing.T) {
	for _, text := range []string{
		"https://contoso.delegate365.com/setup", "HTTPS://contoso.delegate365.com", "http://127.0.0.1:8080/setup", "https://[::1]:443/setup",
		"contoso.delegate365.com", "contoso.delegate365.com/setup", "/home/ann/mail.eml", "~/mails/a.eml", "./a/mail.eml", `C:\Users\ann\mail.msg`,
		`\\server\share\mail.msg`, "file:///home/ann/mail.eml", "h", "https:/", "https://", "https://cont", "~/", "/home/",
	} {
		if !Showable(text) {
			t.Errorf("%q is not shown", text)
		}
	}
	for _, text := range []string{
		"Configuration password: Tn4kQ9wZrLeak", "Tn4kQ9wZrLeak", "hTn4kQ9", "Delegate365!", "delegate365", "Tn4.kQ9", "/Tn4kQ9wZr", "Tn4/kQ9/wZr",
		"https://contoso.delegate365.com/setup Configuration password: Tn4k", "https://contoso.delegate365.com/setup\nTn4k",
		"https://user:Tn4kQ9@contoso.delegate365.com", "https://contoso.delegate365.com/?password=Tn4kQ9", "https://contoso.delegate365.com/#Tn4kQ9",
		"/home/ann/mail.eml Tn4kQ9", "https://contoso.delegate365.com/setup|Tn4", "contoso.delegate365.com Tn4k", "https://x\u200bTn4",
	} {
		if Showable(text) {
			t.Errorf("%q is shown", text)
		}
	}
}
