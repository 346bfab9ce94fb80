package steps

// The address of a sign-in must not stand on a command line, where other users of the machine can read its state. Who copies it gets
// it all the same.

// lead is a link that is opened in an address's place.
type lead struct{ address, link string }

// leads keeps that of a sign-in; nil in a rehearsal, whose browser has addresses of its own.
func leads(r *Run) func(address, link string) {
	if r.opts.rehearses() {
		return nil
	}
	return func(address, link string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.lead = lead{address, link}
	}
}

// toOpen is what a browser is given for an address.
func toOpen(r *Run, address string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if address == r.lead.address {
		return r.lead.link
	}
	return address
}
