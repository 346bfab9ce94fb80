package welcome

import (
	"strings"
	"testing"
)

// What the longest mail that is read costs: a page with links, in quoted-printable.
func BenchmarkRead10MB(b *testing.B) {
	const line = `<p>Open <a href=3D"https://contoso.delegate365.com/setup">the setup</a> in a private window</p>` + "\r\n"
	head := "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
	mail := head + strings.Repeat(line, (MaxMail-len(head))/len(line))
	b.SetBytes(int64(len(mail)))
	for b.Loop() {
		if _, err := parse([]byte(mail), "contoso.com"); err == nil {
			b.Fatal("a mail without a password was read")
		}
	}
}
