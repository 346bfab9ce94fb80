package e2e_test

import (
	"fmt"
	"html"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A recording becomes an animated picture: every distinct line of the screen is drawn once, a frame is a pile of
// references to such lines, and the frames stand beside each other on a strip that is pulled past the window. A reader who
// asked for less motion sees one frame.

const (
	cellWidth, cellHeight = 8.4, 17
	margin                = 12
	frameEvery            = 500 * time.Millisecond
	busyFor               = 150 * time.Millisecond // how long a frame stays in which the program works: a time lapse
	lastFor               = 6 * time.Second        // how long the last frame stays
	mostBytes             = 500 << 10

	ink, paper = "#d8dee9", "#10151c"
)

// still is one frame: its lines by number, and how long it stays.
type still struct {
	lines []int
	stays time.Duration
}

// picture is a cast as frames of lines.
type picture struct {
	numbers map[string]int // of lines that are drawn; an empty line is 0
	drawn   []string
	stills  []still
	calm    int // the frame for readers who asked for less motion
}

// draw writes the cast as a picture to a file.
func (c cast) draw(t *testing.T, file string) {
	t.Helper()
	p := c.develop()
	svg := p.svg(c.head)
	if len(svg) > mostBytes {
		t.Errorf("the picture has %d bytes, more than %d", len(svg), mostBytes)
	}
	t.Logf("the picture: %d frames, %d lines, %d bytes", len(p.stills), len(p.drawn), len(svg))
	if err := os.WriteFile(file, []byte(svg), 0o644); err != nil {
		t.Fatal(err)
	}
}

// develop takes a frame whenever one is due. What the terminal shows outside the program's own screen is left out.
func (c cast) develop() *picture {
	p := &picture{numbers: map[string]int{"": 0}, drawn: []string{""}}
	var due time.Duration
	var shown []int
	stays := frameEvery
	c.play(func(at time.Duration, screen string, terminal *emulator) {
		for ; due <= at; due += frameEvery {
			p.take(shown, stays)
		}
		if !terminal.AltScreen() {
			return
		}
		shown, stays = p.lines(terminal), frameEvery
		if working.MatchString(screen) {
			stays = busyFor
		}
		if p.calm == 0 && windowClock.MatchString(screen) {
			p.calm = len(p.stills)
		}
	})
	p.stills[len(p.stills)-1].stays = lastFor
	return p
}

// working is what the screen says while the program works.
var working = regexp.MustCompile(`[-|/\\] (Working|Reading the tenant|Playing this part) · \d\d:\d\d`)

func (p *picture) take(lines []int, stays time.Duration) {
	switch n := len(p.stills); {
	case lines == nil:
	case n > 0 && slices.Equal(p.stills[n-1].lines, lines):
		p.stills[n-1].stays += stays
	default:
		p.stills = append(p.stills, still{lines, stays})
	}
}

// lines are the numbers of what the terminal shows.
func (p *picture) lines(terminal *emulator) []int {
	numbers := make([]int, terminal.height)
	for y := range numbers {
		line := drawLine(terminal.line(y))
		if _, known := p.numbers[line]; !known {
			p.numbers[line] = len(p.drawn)
			p.drawn = append(p.drawn, line)
		}
		numbers[y] = p.numbers[line]
	}
	return numbers
}

// drawLine draws a line's runs of cells that look alike, each at its own place, since readers have fonts of their own.
func drawLine(cells []glyph) string {
	var out strings.Builder
	for from := 0; from < len(cells); {
		to := from + 1
		for to < len(cells) && alike(cells[from], cells[to]) && !gap(cells[to-1:]) {
			to++
		}
		run := cells[from:to]
		if run[0].bg != "" {
			fmt.Fprintf(&out, `<rect x="%s" y="-13" width="%s" height="%d" fill="%s"/>`, number(from), number(len(run)), cellHeight, run[0].bg)
		}
		if run[0].text == "─" {
			fmt.Fprintf(&out, `<path d="M%s -5h%s" stroke="%s"/>`, number(from), number(len(run)), foreground(run[0]))
		} else if text := strings.TrimRight(characters(run), " "); strings.TrimSpace(text) != "" {
			fmt.Fprintf(&out, `<text x="%s" textLength="%s"%s>%s</text>`, number(from), number(len([]rune(text))), look(run[0]), html.EscapeString(text))
		}
		from = to
	}
	return out.String()
}

// alike reports whether b goes on with what a begins. Beyond ASCII a font may be another, so that such a cell stands alone.
func alike(a, b glyph) bool {
	if a.fg != b.fg || a.bg != b.bg || a.bold != b.bold {
		return false
	}
	return a.ascii() && b.ascii() && a.text != " " || a.text == b.text && (a.text == "─" || a.text == " ")
}

// gap reports two blanks: what follows them stands in another column.
func gap(cells []glyph) bool {
	return len(cells) > 1 && cells[0].text == " " && cells[1].text == " " && cells[0].bg == ""
}

func characters(cells []glyph) string {
	var out strings.Builder
	for _, c := range cells {
		out.WriteString(c.text)
	}
	return out.String()
}

// number is a count of columns in the picture's units.
func number(columns int) string {
	return strconv.FormatFloat(float64(columns)*cellWidth, 'f', -1, 32)
}

func (c glyph) ascii() bool { return len(c.text) == 1 }

func foreground(c glyph) string {
	if c.fg == "" {
		return ink
	}
	return c.fg
}

func look(c glyph) string {
	var out string
	if c.fg != "" {
		out = fmt.Sprintf(` fill="%s"`, c.fg)
	}
	if c.bold {
		out += ` font-weight="700"`
	}
	return out
}

// svg puts the picture together.
func (p *picture) svg(head castHead) string {
	width := float64(head.Width)*cellWidth + 2*margin
	height := head.Height*cellHeight + 2*margin
	var whole time.Duration
	for _, s := range p.stills {
		whole += s.stays
	}
	var defs, strip, times strings.Builder
	for i, line := range p.drawn[1:] {
		fmt.Fprintf(&defs, "<g id=\"l%d\">%s</g>\n", i+1, line)
	}
	var at time.Duration
	for i, s := range p.stills {
		fmt.Fprintf(&times, "%.3f%%{transform:translateX(%.1fpx)}", 100*at.Seconds()/whole.Seconds(), -float64(i)*width)
		fmt.Fprintf(&strip, `<g transform="translate(%.1f)">`, float64(i)*width)
		for y, line := range s.lines {
			if line > 0 {
				fmt.Fprintf(&strip, `<use href="#l%d" y="%d"/>`, line, y*cellHeight)
			}
		}
		strip.WriteString("</g>\n")
		at += s.stays
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]g %[2]d" width="%[1]g" height="%[2]d" role="img" aria-labelledby="t">
<title id="t">%[3]s</title>
<style>
svg{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:%[4]s}
#s{animation:s %[5]gs step-end infinite}
@keyframes s{%[6]s}
@media (prefers-reduced-motion:reduce){#s{animation:none;transform:translateX(%.1[7]fpx)}}
</style>
<defs>
%[8]s</defs>
<rect width="%[1]g" height="%[2]d" rx="8" fill="%[9]s"/>
<svg x="%[10]d" y="%[10]d" width="%[11]g" height="%[12]d" overflow="hidden"><g transform="translate(0 13)"><g id="s">
%[13]s</g></g></svg>
</svg>
`, width, height, html.EscapeString(head.Title), ink, whole.Seconds(), times.String(), -float64(p.calm)*width, defs.String(), paper,
		margin, width-2*margin, height-2*margin, strip.String())
}
