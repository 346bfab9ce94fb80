package wizard

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// factName is what a row is counted as: rows about a time or a policy have their section's name.
func factName(section steps.Section, f steps.Fact) string {
	if section.Title != "" {
		return titled(section)
	}
	return f.Label
}

// titled is a section's title without the zone of its times.
func titled(section steps.Section) string {
	title, _, _ := strings.Cut(section.Title, " (times in ")
	return title
}

var onOff = map[bool]string{true: "on", false: "off"}

// fact holds a row. What is not read, or awaited, says nothing; an ok says that nothing is to be done about it.
func (o *outside) fact(at *screen, section steps.Section, f steps.Fact) string {
	s := o.tenant.Snapshot()
	account := s.Users[o.account()]
	if f.Mark == steps.MarkPending || strings.Contains(f.Value, "not be read") || strings.Contains(f.Value, "not known") {
		return unheld
	}
	title := titled(section)
	if strings.HasPrefix(f.Label, "Without MFA, ") {
		title = "Without MFA in this run"
	}
	switch title {
	case "Done":
		return o.doneRow(at, f)
	case "Without MFA in this run":
		return unless(f.Mark != steps.MarkOK || f.Value == "not turned off by this run" || len(o.writes) > 0 && !strings.Contains(f.Value, "longer") && o.demanded(o.account()), "MFA is off")
	case "Found without MFA":
		return unless(f.Mark != steps.MarkOK, "nobody here knows what was agreed for it")
	case "Left in the tenant":
		return o.leftRow(f)
	case "Plan":
		return o.planRow(f)
	case "What Suspend MFA lifts":
		for name := range o.before.Policies {
			if strings.Contains(f.Value, name) {
				return ""
			}
		}
		return unless(f.Value == "per-user MFA" || f.Value == "security defaults" && o.before.SecurityDefaults || strings.Contains(f.Value, "campaign"), "there is no such policy")
	}
	switch f.Label {
	case "Per-user MFA":
		return mismatch(account.PerUserMFA, f.Value)
	case "Security defaults":
		return mismatch(onOff[s.SecurityDefaults], f.Value)
	case "Conditional Access":
		return o.policies(f)
	case "Global Administrator":
		return unless(o.administrator(o.account()) == saysAssigned(f.Value), "the roles are %v", account.Roles)
	case "Global Admin":
		return unless(o.administrator(o.account()), "the roles are %v", account.Roles)
	case "App-password setting", "App passwords":
		return unless(strings.HasPrefix(f.Value, "allowed") == s.AppPasswords, "allowed: %t", s.AppPasswords)
	case "Delegate365 apps":
		return unless((f.Value == "none") == (o.apps() == 0), "there are %d", o.apps())
	case "Excluded from policies":
		return unless((f.Value == "none") == (len(o.excluded(o.account())) == 0), "excluded by %v", o.excluded(o.account()))
	case "Second factor":
		return unless((len(account.Methods) > 0) != strings.HasPrefix(f.Value, "none"), "the account has %v", account.Methods)
	case "User name":
		_, exists := s.Users[f.Value]
		return unless(exists, "there is none")
	case "Enabled":
		return unless(account.Enabled, "it is not")
	case "App password":
		return unless(f.Mark != steps.MarkOK || !strings.Contains(f.Value, "in memory") || account.AppPasswords > 0, "the account has none")
	case "You":
		return o.operatorRow(f)
	case "Service account":
		_, exists := s.Users[f.Value] // the name in the row, which is a guess where the domains could not be read
		return unless(f.Mark != steps.MarkOK || !strings.Contains(f.Note, "does not exist") || !exists, "it exists")
	}
	return unheld
}

// operatorRow is who is signed in, or which roles they hold.
func (o *outside) operatorRow(f steps.Fact) string {
	operator := o.tenant.Snapshot().Users[o.tenant.Endpoints().Operator.UserPrincipalName]
	if f.Mark == steps.MarkBlocks {
		return unless(!slices.Contains(operator.Roles, "Global Administrator"), "the roles are %v", operator.Roles)
	}
	if strings.Contains(f.Value, "@") {
		return mismatch(o.tenant.Endpoints().Operator.UserPrincipalName, f.Value)
	}
	return unless(slices.ContainsFunc(operator.Roles, func(r string) bool { return strings.Contains(f.Value, r) }), "the roles are %v", operator.Roles)
}

// policies is the row about Conditional Access, of the check and of what demands MFA.
func (o *outside) policies(f steps.Fact) string {
	s := o.tenant.Snapshot()
	switch {
	case strings.Contains(f.Value, "nothing applies"):
		return unless(o.demandedByPolicy() == 0 || s.Users[o.account()].ID == "", "%d policies ask", o.demandedByPolicy())
	case strings.Contains(f.Value, "polic") && strings.Contains(f.Value, " on"):
		return mismatch(strconv.Itoa(len(s.Policies)), number.FindString(f.Value))
	}
	return unheld
}

// demandedByPolicy is how many policies ask the account, where nothing else is looked at.
func (o *outside) demandedByPolicy() int {
	s := o.tenant.Snapshot()
	if s.SecurityDefaults || s.Users[o.account()].PerUserMFA != "disabled" {
		return 0
	}
	if o.demanded(o.account()) {
		return 1
	}
	return 0
}

// doneRow holds how many changes each step made: together as many as arrived and changed something.
func (o *outside) doneRow(at *screen, f steps.Fact) string {
	total := 0
	for _, section := range at.Found.Sections {
		if titled(section) != "Done" {
			continue
		}
		for _, row := range section.Facts {
			if _, counted, yes := strings.Cut(row.Value, "  "); yes {
				n, _ := strconv.Atoi(number.FindString(counted))
				total += n
			}
		}
	}
	if total != o.written() {
		return "the rows count " + strconv.Itoa(total) + " changes, and there were " + strconv.Itoa(o.written())
	}
	return unless(f.Mark != steps.MarkOK || strings.Contains(f.Value, "read back"), "nothing was done, and nothing is ok")
}

func (o *outside) leftRow(f steps.Fact) string {
	if strings.Contains(f.Value, "could not be read") || strings.Contains(f.Value, "not read now") {
		return unless(o.failed.Load() > 0, "every request was answered")
	}
	s := o.tenant.Snapshot()
	account, exists := s.Users[o.account()]
	switch f.Label {
	case "Service account":
		who, administers := strings.CutSuffix(f.Value, ", Global Admin")
		return unless(exists == (who == o.account()) && (!administers || o.administrator(o.account())), "it exists: %t, with the roles %v", exists, account.Roles)
	case "Global Administrator":
		return unless(o.administrator(o.account()) == saysAssigned(f.Value), "the roles are %v", account.Roles)
	case "Delegate365 apps":
		return unless(f.Value == "none seen" && o.apps() == 0 || strings.HasPrefix(f.Value, strconv.Itoa(o.apps())+" app"), "there are %d", o.apps())
	case "App password":
		return unless(account.AppPasswords > 0, "the account has none")
	case "App-password setting":
		return unless(s.AppPasswords == (f.Value == "allowed"), "allowed: %t", s.AppPasswords)
	case "Second factor":
		return unless(strings.Contains(f.Value, "not be read") || (len(account.Methods) > 0) != strings.HasPrefix(f.Value, "none"), "the account has %v", account.Methods)
	case "Password": // which nobody can read
		return unheld
	case "Open extension":
		o.tenant.State.Lock()
		defer o.tenant.State.Unlock()
		u := o.tenant.State.Directory.UserByUPNLocked(o.account())
		return unless(u != nil && len(u.Extensions) > 0, "there is none")
	case "Your consent", "Consents":
		return unless(slices.Contains(s.Applications, f.Value), "there is no such application")
	}
	return "no test knows this row"
}

// saysAssigned reads what is said of a role: assigned for good, or until an end.
func saysAssigned(value string) bool {
	return strings.HasPrefix(value, "assigned") || strings.HasPrefix(value, "until ") || strings.HasPrefix(value, "past its end")
}

// planRow holds that what has to be put back is announced: security defaults that will be off, and no exclusion that nobody makes.
func (o *outside) planRow(f steps.Fact) string {
	if f.Label != "Re-enable MFA" {
		return unheld
	}
	if o.before.SecurityDefaults != strings.Contains(f.Value, "security defaults on again") {
		return "security defaults are " + onOff[o.before.SecurityDefaults]
	}
	return unless(!strings.Contains(f.Value, "exclusions") || len(o.before.Policies) > 0, "there is no policy")
}

// roleEnds holds after how long Entra ends a role, or that it keeps it: of what the tenant's rules allow, and of who else is Global
// Administrator then.
func (o *outside) roleEnds(c finding.Claim) string {
	s := o.tenant.State
	s.Lock()
	defer s.Unlock()
	u := s.Directory.UserByUPNLocked(c.Subject)
	longest, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(s.Directory.Schedules.RolePolicyLocked(graph.GlobalAdministrator).Assign.Longest, "PT")))
	if err != nil {
		return "there is no such rule"
	}
	if most, short := strings.CutPrefix(c.Value, "at most "); short {
		return mismatch(phrase.Roughly(longest), most)
	}
	if u == nil {
		return "there is no such account"
	}
	ours := state.RoleAssignment{PrincipalID: u.ID, RoleID: graph.GlobalAdministrator, Scope: "/", Until: s.Directory.Instant().Add(longest)}
	if last := s.Directory.Schedules.LastAdministratorLocked(ours, ours.Until); last != (c.Value == "kept") {
		return "it is the last one: " + yes(last)
	}
	return unless(c.Value == "kept" || c.Value == phrase.Roughly(longest), "the rules allow %s", longest)
}
