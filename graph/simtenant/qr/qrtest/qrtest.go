// Package qrtest reads QR codes as a telephone does.
package qrtest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr"
)

// Read is what a telephone reads in a picture.
func Read(t testing.TB, picture image.Image) string {
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

// Paint draws a code as a browser would, eight pixels to a module.
func Paint(t testing.TB, c qr.Code) image.Image {
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
