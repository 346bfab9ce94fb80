package qr_test

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr/qrtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

func TestQRCodeIsReadable(t *testing.T) {
	for _, account := range []string{"service.delegate365@contoso.com", "o'brien@contoso.com", "x@c.at", strings.Repeat("long", 12) + "@contoso.onmicrosoft.com"} {
		address := totp.Address([]byte("12345678901234567890"), account, totp.Issuer)
		code, err := qr.New(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := qrtest.Read(t, qrtest.Paint(t, code)); got != address {
			t.Errorf("%s: the code says %q, not %q", account, got, address)
		}
	}
	if _, err := qr.New(strings.Repeat("x", 4000)); err == nil {
		t.Error("four thousand characters fit")
	}
}
