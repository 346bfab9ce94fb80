package state

// What protects an action of the directory, and with what.
const (
	ActionPolicyUpdate = "microsoft.directory/conditionalAccessPolicies/basic/update"
	StepUpContext      = "c1"
)
