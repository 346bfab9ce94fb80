package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// What a large tenant's policies cost to judge, for every sign-in that is foreseen.
func BenchmarkDemands500(b *testing.B) {
	c := chance{rand.New(rand.NewPCG(365, 0))}
	policies := make([]graph.Policy, 500)
	for i := range policies {
		policies[i] = c.policy(i)
	}
	f := on(admin, policies...)
	for b.Loop() {
		for _, s := range SignIns("") {
			_ = Demands(f, s)
		}
	}
}
