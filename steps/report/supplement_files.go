package report

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// supplementPath is where a supplement of the report with this data is.
func supplementPath(reportPath string, number int) (string, bool) {
	base, ok := strings.CutSuffix(reportPath, ".json")
	return fmt.Sprintf("%s.supplement-%d.json", base, number), ok
}

var supplementEnd = regexp.MustCompile(`\.supplement-[1-9][0-9]*\.(json|html)$`)

// reportOf is the report that a supplement lies beside, nil where it is not there.
func reportOf(path string) ([]byte, error) {
	at := supplementEnd.FindStringIndex(path)
	if at == nil {
		return nil, nil
	}
	data, err := readFile(path[:at[0]] + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// Find looks for the report with this hash in a folder, and for its supplements: how many there are, and the last one's hash.
func Find(folder, hash string) (path string, r Report, supplements int, last string, found bool) {
	paths, _ := filepath.Glob(filepath.Join(folder, "*.json")) // the pattern is a good one
	for _, p := range paths {
		data, err := readFile(p)
		if err != nil || Hash(data) != hash {
			continue
		}
		if r, _, err = Decode(data); err != nil {
			continue
		}
		for {
			next, _ := supplementPath(p, supplements+1)
			data, err := readFile(next)
			if err != nil {
				return p, r, supplements, last, true
			}
			supplements, last = supplements+1, Hash(data)
		}
	}
	return "", r, 0, "", false
}

// VerifySupplement checks a supplement, with the report beside it.
func VerifySupplement(f Files, typed string) (Verification, Supplement, error) {
	hash := Hash(f.JSON)
	v := Verification{Schema: VerificationSchema, SHA256: hash, Fingerprint: Fingerprint(hash), Checks: []Check{}, Against: []string{}}
	s, err := DecodeSupplement(f.JSON)
	if s.Schema != SupplementSchema {
		return v, s, ErrNoReport
	}
	v.fingerprint(&Report{MadeAt: s.MadeAt}, hash, typed)
	if err != nil {
		v.say("data", Fails, phrase.T("The data is not spelt as this program writes it: it was changed after it was sealed. Do not rely on it."))
	}
	v.seals(f, &Report{ID: s.ID, Seal: s.Seal}, hash)
	v.supplements(s, f.Report)
	v.say("maker", Remark, phrase.T("A seal does not say who made it."))
	return v, s, nil
}

// supplements holds a supplement against its report.
func (v *Verification) supplements(s Supplement, of []byte) {
	if of == nil {
		v.say("report", Unchecked, phrase.T("The report that it is a supplement of is not beside it. Its fingerprint is %s.", Fingerprint(s.Of)))
		return
	}
	r, _, err := Decode(of)
	if err != nil || Hash(of) != s.Of {
		v.say("report", Fails, phrase.T("The report beside it is not the one that it is a supplement of: that has the fingerprint %s.", Fingerprint(s.Of)))
		return
	}
	if len(r.Changes) != len(s.Changes) {
		v.say("evidence", Fails, phrase.T("It does not speak of the changes of its report."))
		return
	}
	found := 0
	for i, e := range s.Changes {
		was := r.Changes[i]
		if e.N != was.N || was.Audit == nil {
			v.say("evidence", Fails, phrase.T("It does not speak of the changes of its report."))
			return
		}
		same, _ := encode(e.Audit)
		before, _ := encode(was.Audit)
		if string(same) != string(before) && !moves(*was.Audit, e.Audit) {
			v.say("evidence", Fails, phrase.T("Of change %d it says what no supplement may: %s became %s.", e.N, bare(was.Audit.State), bare(e.Audit.State)))
			return
		}
		if e.Audit.State == Found {
			found++
		}
	}
	if n := len(s.Journal.Lines); n > 0 && len(r.Journal.Lines) > 0 {
		if _, err := chain(append(slices.Clone(r.Journal.Lines[len(r.Journal.Lines)-1:]), s.Journal.Lines...)); err != nil {
			v.say("journal", Fails, phrase.T("The journal's lines since the report do not follow those in it: %s.", Retold(phrase.Spoken(), err.Error())))
			return
		}
		v.say("journal", Holds, phrase.T("The journal's %s since follow those in the report without a gap.", phrase.Count(n, "line", "lines")))
	}
	v.say("report", Holds, phrase.T("It is supplement %s of the report beside it, whose fingerprint is %s.", fmt.Sprint(s.Number), Fingerprint(s.Of)))
	v.say("evidence", Holds, phrase.T("By then Microsoft's log had an entry for %d of %s, it says, and it changes nothing else of the report.", found, phrase.Count(len(s.Changes), "change", "changes")))
}
