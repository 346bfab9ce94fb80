package simtenant

// Issued is something that nobody but its owner may see, and what it is.
type Issued struct{ Kind, Text string }

// issued keeps what the sign-in service gave out, for whoever asked to be told.
type issued struct{ all []Issued }

// WatchSecrets keeps every secret that the tenant gives out from now on, for Secrets.
func (t *Tenant) WatchSecrets() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.issued = &issued{}
}

// issuedLocked notes a secret and returns it.
func (t *Tenant) issuedLocked(kind, text string) string {
	if t.issued != nil {
		t.issued.all = append(t.issued.all, Issued{kind, text})
	}
	return text
}

// Secrets are the configuration password, every password that a request set, every app password, and, since WatchSecrets,
// every token and code: what an onboarding of this tenant may never show.
func (t *Tenant) Secrets() []Issued {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := []Issued{{"configuration password", configurationPassword(t.opts.Seed)}}
	for _, u := range t.users {
		for _, p := range u.passwords {
			all = append(all, Issued{"password of " + u.upn, p})
		}
		for _, p := range u.appPasswords {
			all = append(all, Issued{"app password of " + u.upn, p.secret})
		}
	}
	if t.issued != nil {
		all = append(all, t.issued.all...)
	}
	return all
}
