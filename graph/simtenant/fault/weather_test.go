package fault

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func forecast(t *testing.T, text string, seed int64) Weather {
	t.Helper()
	w, err := Parse(text, seed)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// fates are what one kind of request after another meets.
func fates(s *sky, requests ...Request) []Kind {
	var met []Kind
	for _, r := range requests {
		met = append(met, s.fate(r))
	}
	return met
}

func TestWeatherIsBounded(t *testing.T) {
	read, write := Request{Method: "GET", Path: "/v1.0/me"}, Request{Method: "POST", Path: "/v1.0/users", Writes: true}
	met, hits := map[Kind]int{}, 0
	const seeds, long = 40, 200
	for seed := range int64(seeds) {
		s := newSky(forecast(t, "all", seed+1))
		for _, r := range []Request{read, write} {
			list := fates(s, slices.Repeat([]Request{r}, long)...)
			last := -Spared - 1
			for i, k := range list {
				if k == "" {
					continue
				}
				if i-last <= Spared {
					t.Fatalf("seed %d: %s is hit at %d and again at %d", seed, r.Path, last, i)
				}
				if !r.Can(k) {
					t.Fatalf("%s happened to %s", k, r.key())
				}
				last, hits = i, hits+1
				met[k]++
			}
		}
		if s.revoked > mostRevoked {
			t.Errorf("seed %d: %d sessions are challenged", seed, s.revoked)
		}
	}
	if rate := float64(hits) / (2 * seeds * long); rate < 0.08 || rate > 0.17 {
		t.Errorf("%.3f of the requests are hit", rate)
	}
	for _, k := range Kinds() {
		if lasting := slices.Contains(ofTenant, k); (met[k] > 0) == lasting {
			t.Errorf("%s happened %d times", k, met[k])
		}
	}
}

func TestWeatherFollowsFromItsSeed(t *testing.T) {
	var these, those []Request
	for i := range 60 {
		these = append(these, Request{Method: "GET", Path: fmt.Sprint("/v1.0/users/", i%3)})
		those = append(those, Request{Method: "GET", Path: "/v1.0/domains"})
	}
	calm := func(seed int64) *sky { return newSky(forecast(t, "429,500,dropped", seed)) }
	alone := fates(calm(5), these...)
	if again := fates(calm(5), these...); !slices.Equal(alone, again) {
		t.Error("the same seed brings other weather")
	}
	if other := fates(calm(6), these...); slices.Equal(alone, other) {
		t.Error("another seed brings the same weather")
	}
	// What other requests come between makes no difference.
	s := calm(5)
	for i := range these {
		s.fate(those[i])
		if got := s.fate(these[i]); got != alone[i] {
			t.Fatalf("request %d: %q, alone %q", i, got, alone[i])
		}
	}
	if fair := fates(newSky(Weather{}), these...); slices.ContainsFunc(fair, func(k Kind) bool { return k != "" }) {
		t.Error("fair weather is not fair")
	}
}

func TestParseFaults(t *testing.T) {
	for _, test := range []struct {
		text, want, err string
	}{
		{"", "", ""},
		{"  ", "", ""},
		{"429", "429", ""},
		{" 503 , LAG,503", "503, lag", ""},
		{"all", Join(Kinds()), ""},
		{"lag,rain", "", `unknown fault "rain": known are 429, 429-bare, 500, `},
		{"lag,", "", `unknown fault "": known are `},
	} {
		w, err := Parse(test.text, 7)
		if test.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), test.err) || !strings.HasSuffix(err.Error(), "consent-refused and all") {
				t.Errorf("%q: %v", test.text, err)
			}
			continue
		}
		if err != nil || w.String() != test.want || w.Seed != 7 {
			t.Errorf("%q: %v %v", test.text, w, err)
		}
	}
	for _, k := range Kinds() {
		if !k.OfRequests() && !slices.Contains(ofTenant, k) {
			t.Errorf("%s happens to nothing", k)
		}
	}
}
