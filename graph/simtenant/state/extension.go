package state

// Extension is an open extension of an account.
type Extension struct {
	Name    string
	Members map[string]any
}
