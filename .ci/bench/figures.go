package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// figures are what was measured of one program.
type figures struct {
	demo, real, key []time.Duration // to the first frame of each, and from a key to its frame
	idle            float64         // bytes a second that are written while nothing happens
	resident        int             // kB at most
	size            int64           // of the stripped program, bytes
	requests, chain int             // of a check, to Graph
}

func measured(program string, starts int) (f figures, err error) {
	info, err := os.Stat(program)
	if err != nil {
		return f, err
	}
	f.size = info.Size()
	for range starts {
		demo, err := firstFrame(program, "demo")
		if err != nil {
			return f, err
		}
		real, err := firstFrame(program, "--tenant", "contoso.com")
		if err != nil {
			return f, err
		}
		f.demo, f.real = append(f.demo, demo), append(f.real, real)
	}
	if f.key, f.idle, f.resident, err = inUse(program); err != nil {
		return f, err
	}
	f.requests, f.chain, err = requestsOfCheck(program)
	return f, err
}

// quantile is the value that so much of all is no larger than.
func quantile(all []time.Duration, q float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*q))].Seconds() * 1000
}

// print says each figure beside its goal.
func (f figures) print() {
	row := func(what string, is, goal float64, unit string) {
		mark := "holds"
		if is > goal {
			mark = "misses"
		}
		fmt.Printf("%-40s %8.1f %-5s goal %6.1f  %s\n", what, is, unit, goal, mark)
	}
	row("first frame of demo, p90", quantile(f.demo, .9), 25, "ms")
	row("first frame of the real program, p90", quantile(f.real, .9), 25, "ms")
	row("key to frame, p99", quantile(f.key, .99), 10, "ms")
	row("written while nothing happens", f.idle, 0, "B/s")
	row("resident at most", float64(f.resident)/1024, 28, "MB")
	row("stripped binary", float64(f.size)/1e6, 20, "MB")
	row("check, requests one after another", float64(f.chain), 2, "")
	fmt.Printf("p50: demo %.1f ms, real %.1f ms, key %.1f ms; check: %d requests in all\n",
		quantile(f.demo, .5), quantile(f.real, .5), quantile(f.key, .5), f.requests)
}

// lines are the figures in the form of go test -bench, one for each sample.
func (f figures) lines() []byte {
	out := []byte("pkg: program\n")
	for name, samples := range map[string][]time.Duration{"FirstFrame/demo": f.demo, "FirstFrame/real": f.real, "KeyToFrame": f.key} {
		for _, s := range samples {
			out = fmt.Appendf(out, "Benchmark%s 1 %d ns/op\n", name, s.Nanoseconds())
		}
	}
	return fmt.Appendf(out, "BenchmarkProgram 1 %f idle-B/s %d resident-B %d file-B %d check-requests %d check-chain\n", f.idle, f.resident*1024, f.size, f.requests, f.chain)
}

// regressions are the lines of benchstat's sheet that became larger by more than a fifth.
func regressions(sheet string) (worse []string) {
	r := csv.NewReader(strings.NewReader(sheet))
	r.FieldsPerRecord = -1
	records, _ := r.ReadAll()
	column, unit := -1, ""
	for _, record := range records {
		if at := slices.Index(record, "vs base"); at >= 0 {
			column, unit = at, record[1]
			continue
		}
		if column < 0 || column >= len(record) || strings.HasSuffix(unit, "B/s") && unit != "idle-B/s" {
			continue
		}
		percent, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimPrefix(record[column], "+"), "%"), 64)
		if err == nil && percent > 20 && record[0] != "geomean" {
			worse = append(worse, fmt.Sprintf("%s, %s: %s", record[0], unit, record[column]))
		}
	}
	return worse
}
