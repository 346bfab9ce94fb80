package simtenant

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrQuiet is the blank border that readers need, in modules (ISO/IEC 18004, 5.3.8).
const qrQuiet = 4

// qrScale is how many pixels of the page make a module: a whole number keeps their edges sharp.
const qrScale = 4

// qrCode is a QR code as a page draws it: the dark modules of a square of Size, its quiet border included.
type qrCode struct {
	Size   int
	Pixels int
	Path   string // of an SVG, one module to a unit
}

// newQRCode encodes text in modules as large as leave it readable off a compressed video. The error says that
// the text is too long.
func newQRCode(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return qrCode{}, fmt.Errorf("make a QR code: %w", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			start := x
			for x < size && code.At(x, y) == color.Black {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+qrQuiet, y+qrQuiet, x-start, x-start)
			}
		}
	}
	size += 2 * qrQuiet
	return qrCode{size, size * qrScale, path.String()}, nil
}
