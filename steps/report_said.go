package steps

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

const (
	oneAlarm   = "The report has an alarm: %s"
	moreAlarms = "The report has %s, on its first page: %s"
)

// AlarmSaid says that the report has something to be looked at; empty where it has not.
func (h HandedReport) AlarmSaid() string {
	switch n := len(h.Verdict.Alarms); n {
	case 0:
		return ""
	case 1:
		if h.factorSaid != "" && h.Verdict.Alarms[0] == noFactorSaid(h.factorSaid) {
			return ""
		}
		return phrase.T(oneAlarm, h.Verdict.Alarms[0])
	default:
		return phrase.T(moreAlarms, phrase.Count(n, "alarm", "alarms"), strings.Join(h.Verdict.Named(), " "))
	}
}

// alarmsUnsaid says on the last screen what the report has to be looked at that does not stand there yet.
func (h HandedReport) alarmsUnsaid(text []Sentence) []Sentence {
	there, alarm := finding.Read(text), finding.Computer.Of("report", "alarm")
	if h.Without != nil && strings.Contains(there, phrase.T(needsIt)) {
		there += " " + report.WhyWithout(h.Without) // in other words
	}
	left := slices.DeleteFunc(slices.Clone(h.Verdict.Named()), func(said string) bool { return strings.Contains(there, said) })
	switch n := len(h.Verdict.Named()); {
	case len(left) == 0:
		return nil
	case n == 1:
		return []Sentence{alarm.In(oneAlarm, left[0])}
	case len(left) < n:
		return []Sentence{alarm.In("The report has %s, on its first page, beside the above: %s", phrase.Count(n, "alarm", "alarms"), strings.Join(left, " "))}
	default:
		return []Sentence{alarm.In(moreAlarms, phrase.Count(n, "alarm", "alarms"), strings.Join(left, " "))}
	}
}

// noFactorSaid is the alarm about an account without a second factor.
func noFactorSaid(upn string) string {
	return phrase.T(report.NoFactor, upn) + " " + phrase.T(report.OpenToAll)
}

// ReportSaid are the lines that stay on the terminal.
func (h HandedReport) ReportSaid() []string {
	out := []string{phrase.T("The report says: %s", h.Verdict.Sentence)}
	if h.later != nil {
		row := h.logRow()
		out = append(out, phrase.T("Read once more, Microsoft's log has %s. %s", row.Value, row.Note), h.later.Page)
	}
	if n, _ := h.Made(report.Change.InLog); h.byRun > 0 && n != h.byRun && h.earlier {
		out = append(out, phrase.T("The report has %s: it begins where the %s began, not with this run.", phrase.Count(n, "change", "changes"), phrase.T(h.Work())))
	}
	if alarm := h.AlarmSaid(); alarm != "" {
		out = append(out, alarm)
	}
	switch {
	case h.NotWitnessed != nil:
		out = append(out, phrase.T("The tenant does not name the report: %s", Explain(h.NotWitnessed).What))
	case h.Announced():
		out = append(out, phrase.T("The tenant names the report: its SHA-256 is in an open extension of the account."))
	}
	if h.replaced != "" {
		out = append(out, phrase.T("It replaces the report of this run with the fingerprint %s, which is older.", report.Fingerprint(h.replaced)))
	}
	return append(out,
		phrase.T("The report for the customer:"),
		h.Page,
		phrase.T("Both of you: keep these six groups, its fingerprint:"),
		report.Fingerprint(h.SHA256), // on a line of its own, so that no terminal breaks it
	)
}
