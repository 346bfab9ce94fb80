package e2e_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" // what RFC 6238 starts from
	"encoding/base32"
	endian "encoding/binary" // binary is what the tests run
	"fmt"
	"image/png"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// telephone is the customer's, with an authenticator app on it.
type telephone struct{ secret []byte }

// scan reads the QR code on the page, as the camera does.
func (p *telephone) scan(w *window) {
	w.t.Helper()
	picture, err := chromedp.Run(w.ctx, chromedp.Screenshot(chromedp.CSS("[data-qr]")))
	if err != nil {
		w.t.Fatal(err)
	}
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		w.t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(decoded)
	if err != nil {
		w.t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil { // one picture in two hundred
		if read, err = qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}); err != nil {
			w.t.Fatalf("the telephone reads nothing: %v", err)
		}
	}
	u, err := url.Parse(read.GetText())
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" {
		w.t.Fatalf("no authenticator app takes %q", read.GetText())
	}
	p.secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Query().Get("secret"))
	if err != nil || len(p.secret) == 0 {
		w.t.Fatalf("no authenticator app takes %q", read.GetText())
	}
}

// code is what the app shows now (RFC 6238 over RFC 4226, section 5.3).
func (p *telephone) code(now time.Time) string {
	step := endian.BigEndian.AppendUint64(nil, uint64(now.Unix()/30))
	mac := hmac.New(sha1.New, p.secret)
	mac.Write(step)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", endian.BigEndian.Uint32(sum[at:])&^(1<<31)%1_000_000)
}

// The app counts as RFC 6238, appendix B, does.
func TestTelephone(t *testing.T) {
	t.Parallel()
	p := &telephone{[]byte("12345678901234567890")}
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} {
		if got := p.code(time.Unix(at, 0)); got != code {
			t.Errorf("at %d it shows %s, not %s", at, got, code)
		}
	}
}
