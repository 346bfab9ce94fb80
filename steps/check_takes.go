package steps

import "errors"

// What frees a row that blocks.
const (
	TakesMend    = "mend"    // something in the tenant, as the row says
	TakesReading = "reading" // it could not be read
	TakesChoice  = "choice"  // the program asks for it on its own screen
	TakesRestore = "restore" // an earlier run left it; the program puts it back
)

// takes is what frees a row; nothing of one that does not block.
func takes(row Fact, m *memory) string {
	if row.Mark != MarkBlocks {
		return ""
	}
	p := m.posture
	err := map[string]error{
		rowYou: p.roles.Err(), rowDomain: p.domains.Err(), rowDefaults: p.defaults.Err(), rowPolicy: p.policies.Err(), rowApp: p.apps.Err(),
		rowAccount: m.found.err,
	}[row.ID]
	if _, chosen := errors.AsType[*Error](err); err != nil && !chosen {
		return TakesReading
	}
	if _, free := waysOut(p, m, []string{row.Label}); free {
		return TakesChoice
	}
	return TakesMend
}
