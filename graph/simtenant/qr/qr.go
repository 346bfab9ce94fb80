// Package qr draws QR codes as a page shows them.
package qr

import (
	"fmt"
	"image/color"
	"strings"

	encoder "github.com/boombuler/barcode/qr"
)

// quiet is the blank border that readers need, in modules (ISO/IEC 18004, 5.3.8).
const quiet = 4

// scale is how many pixels of the page make a module: a whole number keeps their edges sharp.
const scale = 4

// Code is a QR code as a page draws it: the dark modules of a square of Size, its quiet border included.
type Code struct {
	Size   int
	Pixels int
	Path   string // of an SVG, one module to a unit
}

// New encodes text in modules as large as leave it readable off a compressed video. The error says that
// the text is too long.
func New(text string) (Code, error) {
	code, err := encoder.Encode(text, encoder.M, encoder.Unicode)
	if err != nil {
		return Code{}, fmt.Errorf("make a QR code: %w", err)
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
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+quiet, y+quiet, x-start, x-start)
			}
		}
	}
	size += 2 * quiet
	return Code{size, size * scale, path.String()}, nil
}
