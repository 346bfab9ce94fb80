package wizard

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// look holds everything that the frame claims against the tenant.
func (o *outside) look(d *driver) {
	o.t.Helper()
	if d.quit {
		return
	}
	m, s := d.m, d.m.current()
	shown := m.over.top() == nil && s.Found != nil && (m.flow.walk.State == walker.Found || m.flow.walk.State == walker.Answering)
	if shown {
		if left := o.neither(d, d.whole()); len(left) > 0 {
			o.hold(d, "text", strings.Join(left, " "), "it is neither advice nor a claim")
		}
		for _, text := range append(slices.Clone(s.Found.Text), s.Found.Notice) {
			for _, part := range text.Parts() {
				if part.Claim != nil && part.Words != "" {
					o.hold(d, "sentence "+string(part.Claim.Kind), part.Words, o.claim(s, *part.Claim))
				}
			}
		}
		o.passed(d)
		for _, section := range s.Found.Sections {
			for _, fact := range section.Facts {
				o.hold(d, "fact "+factName(section, fact), fact.Label+": "+fact.Value+" ("+fact.Mark.String()+") "+fact.Note, o.fact(s, section, fact))
			}
		}
		for _, c := range s.Found.Changes {
			o.hold(d, "announced change", c.Object+" "+c.From+" to "+c.To, o.announced(c))
		}
		for _, a := range s.Found.Actions {
			if n := applies.FindStringSubmatch(a.Label); n != nil {
				o.hold(d, "action", a.Label, mismatch(strconv.Itoa(len(s.Found.Changes)), n[1]))
			}
		}
	}
	for i := range m.flow.screens {
		if glyph, _ := (drawing{m, m.frame()}).railMark(i); glyph == m.look.glyphs.Done {
			o.hold(d, "rail", m.flow.screens[i].Info.Title+" is done", o.done(d, m.flow.screens[i].Info.ID))
		}
	}
	o.hold(d, "status line", d.statusLine(), o.status(d))
	for _, said := range overlays {
		if found := said.is.FindStringSubmatch(d.whole()); found != nil && m.over.top() != nil && !d.changing() {
			o.hold(d, "dialog "+said.about, found[0], said.holds(o, found[1:]))
		}
	}
}

// passed holds what is told of the steps that were left by themselves.
func (o *outside) passed(d *driver) {
	o.t.Helper()
	for _, stop := range d.m.flow.walk.Passed() {
		for _, c := range stop.Applied {
			o.hold(d, "passed change", c.Object+" "+c.From+" to "+c.To, o.made(finding.Made.Of(c.Object, c.To)))
		}
		for _, part := range stop.Found.Gist().Parts() {
			if part.Claim != nil && len(stop.Applied) == 0 {
				o.hold(d, "passed "+string(part.Claim.Kind), part.Words, o.claim(&screen{Stop: stop}, *part.Claim))
			}
		}
	}
}

// hold counts a claim, and says where it is not true. What can't be held against anything is no claim.
func (o *outside) hold(d *driver, kind, words, wrong string) {
	o.t.Helper()
	if wrong == unheld {
		return
	}
	o.claims++
	if wrong == "" {
		return
	}
	o.wrong = append(o.wrong, kind)
	if o.until == "" {
		o.t.Errorf("%s: %q, but %s\n%s", kind, words, wrong, d.view())
	}
}

const unheld = "-"

var number, applies = regexp.MustCompile(`\d+`), regexp.MustCompile(`^Apply (\d+) `)

func mismatch(is, said string) string {
	if is == said {
		return ""
	}
	return "it is " + is
}

func unless(ok bool, is string, values ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(is, values...)
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// statusLine is the row above the keys.
func (d *driver) statusLine() string {
	lines := strings.Split(d.view(), "\n")
	return strings.TrimSpace(lines[len(lines)-2])
}

// whole is the frame with nothing of the body out of sight, as one line.
func (d *driver) whole() string {
	size := d.m.size
	d.send(tea.WindowSizeMsg{Width: 90, Height: 400})
	text := strings.Join(strings.Fields(ansi.Strip(d.m.View().Content)), " ")
	d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
	return text
}

// overlays are what lies over a step and claims something.
var overlays = []struct {
	about string
	is    *regexp.Regexp
	holds func(o *outside, found []string) string
}{
	{"nothing done", regexp.MustCompile(`This run has changed nothing in the tenant so far, but for`), func(o *outside, _ []string) string {
		return mismatch(strconv.Itoa(o.written()), "0")
	}},
	{"stays done", regexp.MustCompile(`What this run has done stays in the tenant: (\d+) changes?(?:, and (\d+) others? that no read shows)?\.`), func(o *outside, f []string) string {
		return o.tallied(f[0], f[1])
	}},
	{"MFA is back", regexp.MustCompile(`MFA is back for (\S+)\.`), func(o *outside, f []string) string { return mismatch(yes(o.everywhere(f[0])), "yes") }},
	{"MFA is off", regexp.MustCompile(`(?:^|[^r] )MFA is (?:still )?off for (\S+)`), func(o *outside, f []string) string { return mismatch(yes(o.everywhere(f[0])), "no") }},
	{"defaults are off", regexp.MustCompile(`Security defaults are (?:still )?off for everybody`), func(o *outside, _ []string) string {
		return unless(!o.tenant.Snapshot().SecurityDefaults, "they are on")
	}},
}

// tallied holds how many changes were shown, and how many were sent that nobody knows more of.
func (o *outside) tallied(shown, unshown string) string {
	least, _ := strconv.Atoi(shown)
	more, _ := strconv.Atoi(unshown)
	return unless(least <= o.written() && o.written() <= least+more, "it is %d", o.written())
}

// changing reports that something is being changed at this moment: what was sent may have arrived and not been read.
func (d *driver) changing() bool {
	state := d.m.flow.walk.State
	return state == walker.Applying || state == walker.Stopping || d.m.over.closing() != nil
}

// status holds the status line.
func (o *outside) status(d *driver) string {
	line, s := d.statusLine(), o.tenant.Snapshot()
	admin := o.administrator(o.account())
	off, nothing := admin && !o.everywhere(o.account()), admin && !o.demanded(o.account())
	defaults := o.before.SecurityDefaults && !s.SecurityDefaults
	switch {
	case strings.Contains(line, "MFA STATE AWAITED"):
		return unheld
	case strings.Contains(line, "OFF") && d.changing():
		return unheld // until it was read back, it is not called on
	case defaults && !strings.Contains(line, "SECURITY DEFAULTS OFF"):
		return "security defaults are off for the whole tenant"
	case strings.Contains(line, "SECURITY DEFAULTS OFF"):
		return unless(!s.SecurityDefaults, "they are on")
	case strings.Contains(line, "MFA OFF"):
		return unless(off, "MFA is demanded, or the account is no administrator")
	case strings.Contains(line, "PER-USER MFA IS ON"):
		return mismatch(yes(o.demanded(o.account())), "yes")
	case nothing && !o.settling() && d.m.flow.walk.State == walker.Found && d.m.flow.walk.Working() >= 2:
		return "a Global Administrator is without MFA, and it says nothing"
	}
	return ""
}

// done holds the tick of a step in the rail.
func (o *outside) done(d *driver, id steps.ID) string {
	s := o.tenant.Snapshot()
	account, exists := s.Users[o.account()]
	working := d.m.flow.screens[d.m.flow.walk.Working()].Info.ID
	switch id {
	case steps.CreateAccount:
		return unless(exists && account.Enabled, "there is no such account")
	case steps.AssignAdmin:
		return mismatch(yes(o.administrator(o.account())), "yes")
	case steps.SuspendMFA:
		over := working != steps.AssignAdmin && working != steps.SuspendMFA && working != steps.RunSetup || o.apps() >= 2
		return unless(over || !o.demanded(o.account()), "MFA is demanded, and setup has not run")
	case steps.RunSetup:
		return unless(o.apps() >= 2, "there are %d apps", o.apps())
	case steps.ReenableMFA:
		return unless(account.PerUserMFA != "disabled" && s.SecurityDefaults == o.before.SecurityDefaults && len(o.excluded(o.account())) == 0, "MFA is not all back: %+v, excluded by %v", account, o.excluded(o.account()))
	case steps.EnableAppPasswords:
		return unless(s.AppPasswords, "they are not allowed")
	case steps.CaptureAppPassword:
		return unless(len(account.Methods) > 0 && account.AppPasswords > 0, "there is none")
	}
	return unheld
}

// announced holds what a change begins with.
func (o *outside) announced(c steps.Change) string {
	s := o.tenant.Snapshot()
	switch {
	case strings.HasPrefix(c.Object, "per-user MFA of "):
		return mismatch(s.Users[strings.TrimPrefix(c.Object, "per-user MFA of ")].PerUserMFA, c.From)
	case strings.HasPrefix(c.Object, "excluded users of "):
		return mismatch(strconv.Itoa(len(s.Policies[strings.TrimPrefix(c.Object, "excluded users of ")].Users.ExcludeUsers)), c.From)
	case strings.HasPrefix(c.Object, "security defaults"):
		return mismatch(map[bool]string{true: "on", false: "off"}[s.SecurityDefaults], c.From)
	case strings.HasPrefix(c.Object, "users may create app passwords"):
		return mismatch(yes(s.AppPasswords), c.From)
	case strings.HasPrefix(c.Object, "Global Administrator for "):
		said, _, _ := strings.Cut(c.From, " for ") // how long is a claim of its own
		return mismatch(map[bool]string{true: "assigned", false: "not assigned"}[o.administrator(strings.TrimPrefix(c.Object, "Global Administrator for "))], said)
	case strings.HasPrefix(c.Object, "user "):
		_, exists := s.Users[strings.TrimPrefix(c.Object, "user ")]
		return unless(!exists, "the account exists")
	}
	return unheld
}

// claim holds a sentence.
func (o *outside) claim(at *screen, c finding.Claim) string {
	s := o.tenant.Snapshot()
	account, exists := s.Users[c.Subject]
	switch c.Kind {
	case finding.Written:
		if c.Value == "last" {
			return unless(o.written() > 0, "nothing was written")
		}
		shown, unshown, _ := strings.Cut(c.Value, "+")
		return o.tallied(shown, unshown)
	case finding.Earlier:
		return mismatch(o.earlier, c.Value)
	case finding.Accepted:
		if c.Value != "yes" {
			return unheld
		}
		return unless(o.answered("apply "+string(steps.Check)), "nobody accepted it")
	case finding.Verdict:
		return mismatch(judged(at.Found, c.Value), c.Value)
	case finding.SignedIn:
		return o.signedIn(c)
	case finding.Demanded, finding.Restored:
		return mismatch(yes(o.everywhere(c.Subject)), c.Value)
	case finding.RoleEnds:
		return o.roleEnds(c)
	case finding.Demanding:
		if o.settling() {
			return unheld
		}
		return unless((c.Value != "0") == o.demanded(o.account()), "another factor is demanded: %t", o.demanded(o.account()))
	case finding.Role:
		return mismatch(yes(o.administrator(c.Subject)), c.Value)
	case finding.PerUser:
		return mismatch(account.PerUserMFA, c.Value)
	case finding.Defaults:
		return mismatch(map[bool]string{true: "on", false: "off"}[s.SecurityDefaults], c.Value)
	case finding.Excluded:
		if c.Value == "not by this run" {
			return unless(slices.ContainsFunc(o.excluded(c.Subject), func(name string) bool { return !o.wrote(s.Policies[name].ID) }), "this run made each of them")
		}
		return unless(len(o.excluded(c.Subject)) > 0, "no policy does")
	case finding.AppPasswords:
		if c.Value == "none" {
			return unless(s.SecurityDefaults || len(s.Policies) > 0, "nothing forbids one")
		}
		return mismatch(map[bool]string{true: "allowed", false: "not allowed"}[s.AppPasswords], c.Value)
	case finding.Factor:
		if c.Value == "none" {
			return unless(len(account.Methods) == 0, "one is registered")
		}
		return unless(len(account.Methods) > 0, "none is")
	case finding.Exists:
		switch c.Value {
		case "deleted":
			return unless(slices.ContainsFunc(s.Deleted, func(upn string) bool { return strings.HasSuffix(upn, c.Subject) }), "none was deleted")
		case "somebody's", "synced":
			_, before := o.before.Users[c.Subject]
			return unless(before, "it was not there before this run")
		case "ready":
			return unless(exists && account.Enabled && !account.MustChange, "it is %+v", account)
		}
		return unless(exists, "there is none")
	case finding.Apps:
		if c.Value == "finished" {
			return unless(o.apps() >= 2, "there are %d", o.apps())
		}
		return mismatch(strconv.Itoa(o.apps()), c.Value)
	case finding.Opened:
		return o.opened(c)
	case finding.Sent:
		return unless(len(o.writes) > 0, "nothing was sent")
	case finding.Unread:
		return unless(o.failed.Load() > 0, "every request was answered")
	case finding.Standing:
		return unless(o.demanded(o.account()), "nothing stands in the way")
	case finding.Made:
		return o.made(c)
	case finding.Remaining:
		return o.leftRow(steps.Fact{Label: c.Subject, Value: c.Value})
	case finding.Word:
		return o.word(c)
	case finding.Computer, finding.Outside:
		return unheld
	}
	return "no test knows what " + string(c.Kind) + " is"
}

// judged is what the rows come to, of which what is to be looked at is said beside the rest.
func judged(f *steps.Finding, claimed string) string {
	marks := map[steps.Mark]bool{}
	for _, section := range f.Sections {
		for _, fact := range section.Facts {
			marks[fact.Mark] = true
		}
	}
	switch {
	case marks[steps.MarkLook] && claimed == "to look at":
		return claimed
	case marks[steps.MarkBlocks]:
		return "blocked"
	case marks[steps.MarkDecide]:
		return "to decide"
	}
	return "ready"
}

// made holds what the last change of an object is said to have made of it.
func (o *outside) made(c finding.Claim) string {
	if upn, yes := strings.CutPrefix(c.Subject, "user "); yes {
		_, exists := o.tenant.Snapshot().Users[upn]
		return unless(exists, "there is none")
	}
	return o.announced(steps.Change{Object: c.Subject, From: c.Value})
}

// remains holds what stays on the terminal.
func (o *outside) remains(d *driver) {
	o.t.Helper()
	said := steps.Remains(o.t.Context(), d.m.opts.Run)
	last := map[string]finding.Claim{}
	for _, text := range said {
		for _, p := range text.Parts() {
			if p.Claim != nil && p.Claim.Kind == finding.Made {
				last[p.Claim.Subject] = *p.Claim
			}
		}
	}
	for _, text := range said {
		for _, p := range text.Parts() {
			if p.Claim == nil || p.Claim.Kind == finding.Made && last[p.Claim.Subject] != *p.Claim {
				continue
			}
			o.hold(d, "what remains", p.Words, o.claim(d.m.current(), *p.Claim))
		}
	}
}

// wrote reports that this run changed a policy.
func (o *outside) wrote(id string) bool {
	return slices.ContainsFunc(o.writes, func(w write) bool { return strings.HasSuffix(w.path, "/"+id) && w.changed })
}

func (o *outside) signedIn(c finding.Claim) string {
	o.tenant.State.Lock()
	defer o.tenant.State.Unlock()
	for _, e := range o.tenant.State.Log.SignIns {
		if e.User != nil && (c.Subject == "" || e.User.UPN == c.Subject) && (e.Code == 0) == (c.Value == "yes") {
			return ""
		}
	}
	return unless(c.Value == "no", "the sign-in log has no such entry")
}

// opened holds since when an account is without MFA.
func (o *outside) opened(c finding.Claim) string {
	open := !o.everywhere(c.Subject) && o.administrator(c.Subject)
	switch c.Value {
	case "none":
		return unless(!o.administrator(o.account()) || o.demanded(o.account()), "one is open")
	case "unknown":
		return unless(open, "MFA is demanded")
	}
	since, err := time.Parse(time.RFC3339, c.Value)
	if err != nil {
		return unheld // how long it may be
	}
	return unless(open && !since.After(time.Now()), "MFA is demanded")
}

// word holds what the operator is said to have said.
func (o *outside) word(c finding.Claim) string {
	heard := map[string][]string{
		"app passwords":  {"allowed"},
		"test":           {"test-failed", "test=test-failed", "test=smtp-auth-off"},
		"setup/finished": {"setup-done", "tested", "test=tested", "office=none", "office=skip", "no-such-page", "test=no-such-page"},
		"version":        {"office=none", "no-such-page", "test=no-such-page"},
		"version/older":  {"office=page", "with-office"},
		"code":           {"setup-refused:" + c.Value},
	}
	ids, known := heard[c.Subject+"/"+c.Value]
	if !known {
		ids, known = heard[c.Subject]
	}
	if !known {
		return unheld
	}
	return unless(o.answered(ids...), "they said %q", o.said)
}
