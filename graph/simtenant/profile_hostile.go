package simtenant

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
)

// hostile is a company like that of the profile business on its worst day: every fault there is, by the tenant's seed.
// Other weather can be asked for in its place.
const hostile = "hostile"

// weatherOf is the weather of a tenant that is about to be built.
func weatherOf(o Options) fault.Weather {
	w := o.Weather
	if o.Profile == hostile && len(w.Faults) == 0 {
		w.Faults = fault.Kinds()
	}
	if w.Seed == 0 {
		w.Seed = o.Seed
	}
	return w
}
