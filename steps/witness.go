package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// The tenant itself can name the report: with the whole hash, in an open extension of the service account. It is written when
// everything is over, never in the window, announced on the last screen, and left out on one word. Where it can't be written,
// the report is as good as without it, and that is said.

// WitnessName is the extension's name.
const WitnessName = "com.delegate365.onboard.report"

// witnesses reports that this run will have the tenant name its report. It takes no permission that was not granted already: an
// account that was taken over got a new password by the same one.
func witnesses(r *Run) bool {
	m := r.snapshot()
	client, err := r.tenant()
	return err == nil && !m.handed.noWitness && m.window.Open == nil && r.opts.Reports.Folder != "" && r.opts.Journal != "" &&
		slices.Contains(client.Granted(), writeUsers.Name)
}

// witness has the tenant name the report.
func writeWitness(ctx context.Context, r *Run, made report.Report, hash string) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	id := made.Account.ID
	members := map[string]any{"v": "1", "report": hash, "key": made.Seal.PublicKey, "journal": made.Journal.Tip, "made": made.MadeAt.Format("2006-01-02T15:04:05Z")}
	before, err := client.Users.UserExtension(ctx, id, WitnessName)
	none := errors.Is(err, graph.ErrNotFound)
	if err != nil && !none {
		return &Error{Op: "read which report the tenant names", Err: err}
	}
	inverse := &journal.Inverse{Kind: journal.InverseUserExtension, TargetID: id, Value: WitnessName}
	op, from := Add, phrase.Both("none")
	send := func(ctx context.Context) error {
		return client.Users.CreateUserExtension(ctx, id, WitnessName, members)
	}
	if !none {
		raw, err := json.Marshal(before)
		if err != nil {
			return err
		}
		inverse.Before, op, from = string(raw), Modify, phrase.Same(report.Fingerprint(fmt.Sprint(before["report"])))
		send = func(ctx context.Context) error { return client.Users.SetUserExtension(ctx, id, WitnessName, members) }
	}
	return r.window.Writer().Apply(ctx, func(Event) {}, change.Write{
		Step: HandOver, Inverse: inverse, Send: send, Until: change.Once,
		Change: finding.Changed(op, phrase.Both("report named by the account %s", made.Account.UserPrincipalName), from, phrase.Same(report.Fingerprint(hash))),
		Shows: func(ctx context.Context) (bool, error) {
			now, err := client.Users.UserExtension(ctx, id, WitnessName)
			return err == nil && now["report"] == hash, err
		},
	})
}

// witnessed is what the tenant says of a report now.
func witnessed(ctx context.Context, client *graph.Client, accountID string) report.Witness {
	members, err := client.Users.UserExtension(ctx, accountID, WitnessName)
	switch {
	case errors.Is(err, graph.ErrNotFound):
		return report.Witness{Read: true}
	case err != nil:
		return report.Witness{Err: Explain(err).What}
	}
	text := func(name string) string { s, _ := members[name].(string); return s }
	return report.Witness{Read: true, SHA256: text("report"), Made: text("made")}
}
