package wizard

// The frame has five fixed places: header, rail, body, actions and status. Where they are depends on the size of the
// window and on how many rows the actions want, and on nothing else.

// The sizes at which the frame changes, in columns and rows.
const (
	leastWidth, leastHeight = 44, 12 // below, one sentence asks for a larger window
	usualWidth, usualHeight = 80, 24 // what an unknown size is taken for
	railFromWidth           = 96     // from here the rail stands at the left
	railFromHeight          = 18
	ruleFromHeight          = 16 // from here a rule stands under the header
	gapFromHeight           = 20 // from here a blank row stands above the body
	railWidth, widestBody   = 26, 72
	rowsBelow               = 3 // rule, status, keys

	twoFromWidth = 120 // from here a body may have two columns
	columnGap    = 2
	leastFirst   = 58
	leastSecond  = 32
)

// rect is a part of the frame, in cells; one of no height isn't there.
type rect struct{ x, y, w, h int }

// frame is where everything stands in a window of w by h cells.
type frame struct {
	w, h     int
	sentence rect // instead of everything else, in a window that is too small
	header   rect
	topRule  rect
	rail     rect // from railFromWidth on
	title    rect // step, number, who acts; carries the rail's dots where there is no rail
	body     rect
	wide     rect // the body where the window has room for two columns; else of no width
	more     rect // says how much of the body is out of sight
	actions  rect
	room     int // the most rows that the foot may have
	rule     rect
	status   rect
	keys     rect
}

// layout divides a window of w by h cells, given how many rows the actions want. An unknown size means 80x24.
func layout(w, h, wanted int) frame {
	if w <= 0 || h <= 0 {
		w, h = usualWidth, usualHeight
	}
	f := frame{w: w, h: h}
	if w < leastWidth || h < leastHeight {
		f.sentence = rect{0, 0, w, h}
		return f
	}
	inner := w - 2
	f.header = rect{1, 0, inner, 1}
	y := 1
	if h >= ruleFromHeight {
		f.topRule = rect{0, y, w, 1}
		y++
	}
	left := 1
	if w >= railFromWidth && h >= railFromHeight {
		f.rail = rect{1, y, railWidth - 1, h - rowsBelow - y}
		left = railWidth + 1
	}
	column := min(widestBody, w-left-1)
	f.title = rect{left, y, column, 1}
	if f.rail.h == 0 {
		f.title.w = inner
	}
	y++
	if h >= gapFromHeight {
		y++
	}
	f.rule = rect{0, h - 3, w, 1}
	f.status = rect{1, h - 2, inner, 1}
	f.keys = rect{1, h - 1, inner, 1}
	f.room = max(1, (f.rule.y-y-1)/2)
	rows := min(max(wanted, 1), f.room)
	f.actions = rect{left, f.rule.y - rows, column, rows}
	f.more = rect{left, f.actions.y - 1, column, 1}
	f.body = rect{left, y, column, f.more.y - y}
	if w >= twoFromWidth && f.rail.h > 0 {
		f.wide = rect{left, y, min(w-left-1, 2*widestBody+columnGap), f.body.h}
	}
	return f
}

// twoColumns are the widths of the two columns of a wide body.
func (f frame) twoColumns() (first, second int) {
	first = clamp(f.wide.w-columnGap-leastSecond, leastFirst, widestBody)
	return first, min(f.wide.w-columnGap-first, widestBody)
}
