package plain

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/review"
)

// Review reads the tenant that the run has signed in to, without asking anything. What is said while it works goes to progress.
func Review(ctx context.Context, o Options, with steps.ReviewOptions, progress io.Writer) (review.Review, error) {
	o.Out = progress
	s := &session{Options: o}
	return steps.ReviewTenant(ctx, s.Run, with, s.event)
}

// verdicts are what a review says last.
var verdicts = map[string]phrase.Format{
	review.AsItShouldBe: "As it should be.",
	review.Drifted:      "Drifted: see the rows marked drift.",
	review.NotKnown:     "Not known: see the rows marked unread. Nothing that could be read has drifted.",
}

// reviewMarks are the marks as lines have them.
var reviewMarks = map[string]phrase.Format{
	review.OK: "ok", review.Note: "note", review.Drift: "drift", review.NotSeen: "not seen", review.Unread: "unread",
}

// WriteReview writes a review as lines: each row, then the verdict.
func WriteReview(o Options, r review.Review) {
	s := &session{Options: o}
	by := r.By.UserPrincipalName
	if r.By.AppOnly {
		by = phrase.T("the application %s", r.By.ClientID)
	}
	s.sayf(phrase.T("Nothing was written. Reviewed, by %[3]s, the tenant of %[2]s: %[1]s"), r.Tenant.DisplayName, r.Tenant.DefaultDomain, by)
	if r.Against != nil {
		s.sayf(phrase.T("Compared with the report of %s"), phrase.Day(r.Against.MadeAt.UTC()))
	}
	width := len("not seen")
	for _, row := range r.Rows {
		width = max(width, ansi.StringWidth(phrase.T(reviewMarks[row.Mark])))
	}
	for _, row := range r.Rows {
		mark := phrase.T(reviewMarks[row.Mark])
		text := row.Label + ": " + row.Value
		if row.Note != "" {
			text += ". " + row.Note
		}
		hang(o, fmt.Sprintf("%-*s ", width, mark), text)
	}
	s.say(phrase.T(verdicts[r.Verdict]))
}

// ReviewLine is a review as one line.
func ReviewLine(r review.Review) string {
	line := r.Tenant.DefaultDomain + ": "
	switch r.Verdict {
	case review.AsItShouldBe:
		return phrase.T("%sas it should be (%s)", line, phrase.Count(len(r.Rows), "row", "rows"))
	case review.Drifted:
		line += phrase.T("drifted:") + " "
	default:
		line += phrase.T("not known:") + " "
	}
	var said []string
	for _, row := range r.Drifts() {
		said = append(said, row.Label+": "+row.Value)
	}
	return line + strings.Join(said, "; ")
}
