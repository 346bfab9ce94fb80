package simtenant

// hostile is a company like that of the profile business on its worst day: every fault there is, by the tenant's seed.
// Other weather can be asked for in its place.
const hostile = "hostile"

// weatherOf is the weather of a tenant that is about to be built.
func weatherOf(o Options) Weather {
	w := o.Weather
	if o.Profile == hostile && len(w.Faults) == 0 {
		w.Faults = FaultKinds()
	}
	if w.Seed == 0 {
		w.Seed = o.Seed
	}
	return w
}
