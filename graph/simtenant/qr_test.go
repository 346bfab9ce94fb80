package simtenant

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

// readQRCode is what a telephone reads in a picture.
func readQRCode(t *testing.T, picture image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	// Looking for a code in a picture misses about one in two hundred; a telephone tries again with the next picture, and
	// this with the other way to look.
	for _, way := range []gozxing.DecodeHintType{gozxing.DecodeHintType_PURE_BARCODE, gozxing.DecodeHintType_TRY_HARDER} {
		result, failure := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{way: true})
		if failure == nil {
			return result.GetText()
		}
		err = failure
	}
	t.Fatalf("a telephone reads nothing: %v", err)
	return ""
}

// paint draws a code as a browser would, eight pixels to a module.
func (c qrCode) paint(t *testing.T) image.Image {
	t.Helper()
	const scale = 8
	picture := image.NewGray(image.Rect(0, 0, c.Size*scale, c.Size*scale))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for run := range strings.SplitSeq(strings.TrimSuffix(c.Path, "z"), "z") {
		var x, y, w, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &w, &back); err != nil || w != back {
			t.Fatalf("the path has the run %q: %v", run, err)
		}
		draw.Draw(picture, image.Rect(x*scale, y*scale, (x+w)*scale, (y+1)*scale), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return picture
}

func TestQRCodeIsReadable(t *testing.T) {
	for _, account := range []string{serviceUPN, "o'brien@contoso.com", "x@c.at", strings.Repeat("long", 12) + "@contoso.onmicrosoft.com"} {
		address := totp.Address([]byte("12345678901234567890"), account, totp.Issuer)
		code, err := newQRCode(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := readQRCode(t, code.paint(t)); got != address {
			t.Errorf("%s: the code says %q, not %q", account, got, address)
		}
	}
	if _, err := newQRCode(strings.Repeat("x", 4000)); err == nil {
		t.Error("four thousand characters fit")
	}
}

// The page's picture, its key and its address are the same secret.
func TestRegistrationShowsOneSecret(t *testing.T) {
	r, _ := inspected(t, Options{})
	r.setMFA(mfaEnabled)
	s := r.open("/security-info")
	s = r.submit(s, "", map[string]string{"account": serviceUPN})
	s = r.submit(s, "", map[string]string{"password": servicePassword})
	if s.Name != string(askRegistration) {
		t.Fatalf("the page is %q", s.Title)
	}
	var code qrCode
	picture := person.Find(s.Root, person.Element("svg"))
	if _, err := fmt.Sscanf(person.Attribute(picture, "viewbox")+person.Attribute(picture, "viewBox"), "0 0 %d", &code.Size); err != nil {
		t.Fatal(err)
	}
	code.Path = person.Attribute(person.Find(picture, func(n *html.Node) bool { return n.Data == "path" }), "d")
	address := readQRCode(t, code.paint(t))
	if address != s.Marked("data-otpauth") || !strings.Contains(address, "secret="+s.Marked("data-secret")+"&") && !strings.HasSuffix(address, "secret="+s.Marked("data-secret")) {
		t.Errorf("the code says %q, the page %q and %q", address, s.Marked("data-otpauth"), s.Marked("data-secret"))
	}
	if !strings.HasPrefix(address, "otpauth://totp/") || !strings.Contains(address, serviceUPN) {
		t.Errorf("no authenticator app takes %q", address)
	}
}
