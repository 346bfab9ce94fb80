package steps

// What is said at the end, because nobody else says it: that the account's password is gone, and what to do first.

// passwordRow says what became of the password that this run has set.
func passwordRow(m memory) []Fact {
	if m.secrets.password.IsZero() {
		return nil
	}
	return []Fact{{Label: "Password", Value: "known to nobody once you leave", Mark: MarkNote}}
}

// nextSteps are what Delegate365 wants first, what can be put away, and how somebody gets a password.
func nextSteps(m memory) []Fact {
	next := []Fact{
		{Label: "In Delegate365", Value: "make an organisational unit; name administrators"},
		{Label: "In the browser", Value: "sign the service account out; close the window"},
	}
	if !m.secrets.password.IsZero() {
		next = append(next, Fact{Label: "Set a password", Value: "Entra admin center, Users, the account, Reset password"})
	}
	return next
}
