package wizard

import "testing"

func TestLayout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		w, h, wanted   int
		body, actions  rect
		rail, sentence bool
		topRule        bool
	}{
		{"unknown size is 80x24", 0, 0, 1, rect{1, 4, 72, 15}, rect{1, 20, 72, 1}, false, false, true},
		{"80x24", 80, 24, 1, rect{1, 4, 72, 15}, rect{1, 20, 72, 1}, false, false, true},
		{"80x24 with four rows", 80, 24, 4, rect{1, 4, 72, 12}, rect{1, 17, 72, 4}, false, false, true},
		{"95 columns have no rail", 95, 24, 1, rect{1, 4, 72, 15}, rect{1, 20, 72, 1}, false, false, true},
		{"96 columns have one", 96, 24, 1, rect{27, 4, 68, 15}, rect{27, 20, 68, 1}, true, false, true},
		{"120x40", 120, 40, 2, rect{27, 4, 72, 30}, rect{27, 35, 72, 2}, true, false, true},
		{"300x80 keeps the body narrow", 300, 80, 1, rect{27, 4, 72, 71}, rect{27, 76, 72, 1}, true, false, true},
		{"wide but low has no rail", 120, 17, 1, rect{1, 3, 72, 9}, rect{1, 13, 72, 1}, false, false, true},
		{"60x18", 60, 18, 2, rect{1, 3, 58, 9}, rect{1, 13, 58, 2}, false, false, true},
		{"44x12", 44, 12, 1, rect{1, 2, 42, 5}, rect{1, 8, 42, 1}, false, false, false},
		{"44x12 never gives the actions all", 44, 12, 9, rect{1, 2, 42, 3}, rect{1, 6, 42, 3}, false, false, false},
		{"too narrow", 43, 24, 1, rect{}, rect{}, false, true, false},
		{"too low", 80, 11, 1, rect{}, rect{}, false, true, false},
		{"absurd", 1, 1, 1, rect{}, rect{}, false, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := layout(tt.w, tt.h, tt.wanted)
			if f.body != tt.body {
				t.Errorf("body is %v, want %v", f.body, tt.body)
			}
			if f.actions != tt.actions {
				t.Errorf("actions are %v, want %v", f.actions, tt.actions)
			}
			if got := f.rail.h > 0; got != tt.rail {
				t.Errorf("rail is %t, want %t", got, tt.rail)
			}
			if got := f.sentence.h > 0; got != tt.sentence {
				t.Errorf("sentence is %t, want %t", got, tt.sentence)
			}
			if got := f.topRule.h > 0; got != tt.topRule {
				t.Errorf("rule under the header is %t, want %t", got, tt.topRule)
			}
		})
	}
}

// TestLayoutHolds: at every size the parts lie inside the window, don't overlap, and the rail has a row for each step.
func TestLayoutHolds(t *testing.T) {
	t.Parallel()
	for w := leastWidth; w <= 200; w++ {
		for h := leastHeight; h <= 60; h++ {
			for wanted := 1; wanted <= 8; wanted++ {
				f := layout(w, h, wanted)
				rows := make([]int, h)
				for _, r := range []rect{f.header, f.topRule, f.title, f.body, f.more, f.actions, f.rule, f.status, f.keys} {
					if r.x < 0 || r.x+r.w > w || r.y < 0 || r.y+r.h > h {
						t.Fatalf("%dx%d: %v lies outside", w, h, r)
					}
					for y := r.y; y < r.y+r.h; y++ {
						rows[y]++
					}
				}
				for y, n := range rows {
					if n > 1 {
						t.Fatalf("%dx%d: %d parts share row %d", w, h, n, y)
					}
				}
				if f.body.h < 3 || f.body.w > widestBody {
					t.Fatalf("%dx%d with %d: the body is %dx%d", w, h, wanted, f.body.w, f.body.h)
				}
				if f.rail.h > 0 && (f.rail.h < len(titles) || f.rail.x+f.rail.w >= f.body.x) {
					t.Fatalf("%dx%d: the rail %v has no room", w, h, f.rail)
				}
			}
		}
	}
}
