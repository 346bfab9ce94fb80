package steps_test

import (
	"runtime/debug"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/fastset"
)

// TestMain leaves out of the fast set what another test of it shows in the same way on another tenant, at another moment or by another
// answer.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // hundreds of small tenants are made and dropped
	fastset.Without(
		// The sweeps: fresh is swept, and where there are more kinds of runs, one of them.
		"TestFaultSweep/^(business|half-done|migrated|no-licence|privileged)$",
		"TestReportSweep/^(business|half-done|migrated|no-licence)$",
		"TestNoOptionalReadCarriesTheRun/^fresh$",
		"TestNoOptionalReadCarriesTheRun/^business$/[a-f].*,",
		"TestOffboardKilled/^0[5-9]",
		"TestWorstDays/seed/^[23]_",

		// One tenant of several.
		"TestProfiles/^(big|branch|eligible|lapsed|migrated|no-licence|privileged)",
		"TestReportSaysWhatTheTenantSays/^(half-done|migrated|no-licence|privileged)$",
		"TestReportSaysWhatTheTenantSays/^fresh$/^(assign|capture|create|enable|reenable)",
		"TestReportSaysWhatTheTenantSays/^business$/^(assign|capture|create|enable|reenable)",
		"TestWhatIfStopsNothing/^(400|404|429|nonsense)_",
		"TestWhatIfStopsNothing/branch",
		"TestNamesForgeNoSentence/^(migrated|phishing|branch)",
		"Test(OneConsentForThePlan|SecondRunDoublesNothing|CloseExposure|OffboardLeavesNothing|Onboarding)/^(migrated|no-licence)",

		// One moment, or one place, of several.
		"TestNetworkComesBack/_(1s|15s|29s|1m1s)$",
		"TestClosingWaitsForNoDisk/(.lock|.jsonl|.holder)$",
		"Test(Resume|OffboardGoesOn)/^(assign|capture|create|enable|forbid|take|remove)",
		"TestGuardLeavesTheRoleToItsEnd/(/0s|10s|4m0s|19m0s)$",
		"TestRevokedWithOnlyTheGuardLeft", // TestGuardGivesUp waits as long

		// One answer, or one damage, of several.
		"TestUnusableJournalClosesFirst/^(altered|holder|lock|session)",
		"TestFaultsWhileClosing/^(answers|forbidden|throttled|policy)",
		"TestReportSaysWhatItDidNotRead/^(service|conditional|directory|sign|mfa|role)",
		"TestAnswerLost/^(assign|capture|enable)",
		"TestHostileJournal/^whole$",
		"TestForgedReportFailsOnline/^(by|an)_",
		"TestMisuseIsNotExplained/^a_user",
		"TestRoleIsNeverCalledRemoved/^(a_rule|broken|lost)$",
		"TestSetupNamesWhatStands/^(device|joined|password|per-user|strength)",
		"TestTenantNamesTheReport/^(place|removed|written)",
	)
	m.Run()
}
