package web_test

import (
	"bytes"
	"encoding/base32"
	"image/png"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr/qrtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

// pressFirst clicks what a CSS selector finds first, without waiting for a page.
func pressFirst(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}

// photograph is what a telephone reads in the QR code on the screen.
func (b *browser) photograph(selector string) string {
	b.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.Screenshot(chromedp.CSS(selector)))
	if err != nil {
		b.Fatal(err)
	}
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		b.Fatal(err)
	}
	return qrtest.Read(b.TB, decoded)
}

// appCode is the code of an authenticator app that was given the key on the page.
func (b *browser) appCode() string {
	b.Helper()
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(b.marked("data-secret"))
	if err != nil || len(secret) == 0 {
		b.Fatalf("the page shows no key: %v", err)
	}
	return totp.Code(secret, time.Now())
}

// telephone is the secret of an authenticator app that register gives the account.
var telephone = []byte("12345678901234567890")

// register gives the account an authenticator app whose codes the test knows.
func (b *browser) register(userID string) {
	b.Helper()
	if _, err := b.Tenant.State.MFA.RegisterMethod(userID, state.MethodTOTP, "Authenticator app", telephone); err != nil {
		b.Fatal(err)
	}
}
