package steps

// planned is a step that says, before anything is written, what it will change.
type planned interface {
	plan(p posture, m memory) string
}

// planRows are the plan: each step after the check, what it will change, who acts and about how long.
func planRows(p posture, m memory) []Fact {
	var rows []Fact
	for _, s := range All() {
		step := s.(heard).Step
		if planner, ok := step.(planned); ok {
			info := step.Info()
			rows = append(rows, Fact{Label: info.Title, Value: planner.plan(p, m), Note: string(info.Actor) + ", " + roughly(info.About)})
		}
	}
	return rows
}

func (createAccount) plan(_ posture, m memory) string {
	if m.user.ID != "" {
		return "use " + m.account.String() + "; set a new password"
	}
	return "create " + m.account.String()
}

func (assignAdmin) plan(posture, memory) string { return "assign Global Administrator to it" }

func (suspendMFA) plan(p posture, m memory) string {
	if m.setupWanted() == setupKeep {
		return "nothing: setup has run"
	}
	if !licensedForPolicies(p) {
		return "per-user MFA off, if it is on"
	}
	return "per-user MFA off, and exclude it from policies that ask it for MFA"
}

func (runSetup) plan(_ posture, m memory) string {
	if m.setupWanted() == setupKeep {
		return "nothing: setup has run"
	}
	return "nothing here; setup adds Delegate365's apps"
}

func (reenableMFA) plan(posture, memory) string {
	return "per-user MFA on; take the exclusions back"
}

func (enableAppPasswords) plan(p posture, _ memory) string {
	if p.service.value.AllowAppPasswords {
		return "nothing: they are allowed"
	}
	return "allow app passwords in the whole tenant"
}

func (captureAppPassword) plan(posture, memory) string {
	return "per-user MFA enforced, after its MFA is registered"
}

func (handOver) plan(posture, memory) string { return "nothing" }
