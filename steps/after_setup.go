package steps

// What is said at the end, because nobody else says it: that the account's password is gone, and what to do first.

// passwordRow says what became of the password that this run has set.
func passwordRow(m memory) []Fact {
	if m.secrets.password.IsZero() {
		return nil
	}
	return []Fact{{Label: "Password", Value: "known to nobody once you leave", Mark: MarkNote, Note: "To have one that somebody knows, reset it in the Entra admin centre: Users, the account, Reset password."}}
}

// firstSteps are what Delegate365 wants first, and what can be put away.
var firstSteps = []Fact{
	{Label: "In Delegate365", Value: "make the first organisational unit, and name its administrators"},
	{Label: "In the browser", Value: "sign the service account out, and close the private window"},
}
