package main

import "slices"

// longestChain is how many requests were made one after another, at most: each after one that had been answered.
func longestChain(all []request) int {
	all = slices.SortedFunc(slices.Values(all), func(a, b request) int { return a.began.Compare(b.began) })
	depth := make([]int, len(all))
	for i, r := range all {
		depth[i] = 1
		for j := range i {
			if !all[j].answered.After(r.began) {
				depth[i] = max(depth[i], depth[j]+1)
			}
		}
	}
	return slices.Max(append(depth, 0))
}
