package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What the tenant was like before the first change is kept in a file beside the journal, and the file's hash in the journal,
// so that the report can compare, also when the run that made it was killed.

// standing is an account as it was read for a snapshot; zero where there is none.
type standing struct {
	user   graph.User
	mfa    analysis.Reading[graph.MFAState]
	roles  analysis.Reading[[]graph.RoleAssignment]
	second analysis.Reading[[]graph.AuthMethod]
	held   heldRole                                 // as far as it could be read
	admins analysis.Reading[[]graph.RoleAssignment] // everybody's Global Administrator
}

// readAdmins reads who is Global Administrator.
func (s *standing) readAdmins(ctx context.Context, client *graph.Client) {
	s.admins = analysis.Read(client.Roles.RoleHolders(ctx, graph.GlobalAdministrator))
}

// readAccount reads what a snapshot says of the account.
func readAccount(ctx context.Context, client *graph.Client, idOrName string) (s standing, err error) {
	s.user, err = client.Users.User(ctx, idOrName)
	if err != nil {
		return standing{}, err
	}
	id := s.user.ID
	var g errgroup.Group
	g.Go(recovered(func() error {
		v, err := client.MFA.PerUserMFA(ctx, id)
		s.mfa = analysis.Read(v, err)
		return nil
	}))
	g.Go(recovered(func() error {
		v, err := client.Roles.RoleAssignments(ctx, id)
		if s.roles = analysis.Read(v, err); len(v) > 0 {
			s.held, _ = readRole(ctx, client, s.user)
		}
		return nil
	}))
	g.Go(recovered(func() error {
		v, err := client.MFA.AuthenticationMethods(ctx, id)
		s.second = analysis.Read(v, err)
		return nil
	}))
	_ = g.Wait() // what went wrong stands in each reading
	return s, nil
}

// snapshotOf is the tenant as it was read.
func snapshotOf(at time.Time, p *posture, s standing) report.Snapshot {
	out := report.Snapshot{Schema: report.SnapshotSchema, At: at.UTC().Truncate(time.Second), Items: []report.Item{}, Unread: []report.Doubt{}}
	b := &snapshotBuilder{&out}
	b.account(s)
	b.policies(p, s.user.ID)
	if b.read(s.admins.Done(), s.admins.Err(), report.WhatAdmins) {
		b.add(report.WhatAdmins, graph.GlobalAdministrator, "how many hold it directly", fmt.Sprint(len(s.admins.Content())))
	}
	if b.read(p.audit.Done(), p.audit.Err(), report.WhatLog) {
		b.add(report.WhatLog, "read", "whether it can be read", setOrNot(p.audit.Content()))
	}
	if b.read(p.defaults.Done(), p.defaults.Err(), report.WhatDefaults) {
		b.add(report.WhatDefaults, "tenant", "security defaults", setOrNot(p.defaults.Content()))
	}
	if b.read(p.service.Done(), p.service.Err(), report.WhatService) {
		for name, value := range p.service.Content().Members {
			raw, _ := json.Marshal(value) //nolint:errchkjson // it was JSON a moment ago
			b.add(report.WhatService, name, name, string(raw))
		}
	}
	if b.read(p.methods.Done(), p.methods.Err(), report.WhatCampaign) {
		b.campaign(p.methods.Content().Campaign, s.user.ID)
	}
	if b.read(p.apps.Done(), p.apps.Err(), report.WhatApp, report.WhatPermission) {
		b.apps(p.apps.Content())
	}
	items := out.Items
	sort.SliceStable(items, func(i, j int) bool { return items[i].What+items[i].ID < items[j].What+items[j].ID })
	return out
}

type snapshotBuilder struct{ *report.Snapshot }

func (b *snapshotBuilder) add(what, id, object, value string) {
	b.Items = append(b.Items, report.Item{What: what, ID: id, Object: object, Value: value})
}

// read reports that something was read; what was not is noted with its reason.
func (b *snapshotBuilder) read(done bool, err error, whats ...string) bool {
	if done && err == nil {
		return true
	}
	why := "it was not read"
	if err != nil {
		why = "it could not be read: " + problem.Plainly(err)
	}
	for _, what := range whats {
		b.Unread = append(b.Unread, report.Doubt{About: what, Why: why, Claim: claimOf(err, report.LayerTenant)})
	}
	return false
}

// unreadAccount notes that an account was not read. One that is not found is gone only where that is sure: a server may lag.
func unreadAccount(ctx context.Context, client *graph.Client, out *report.Snapshot, id string, err error) {
	if err == nil || errors.Is(err, graph.ErrNotFound) && (id == "" || !mfa.Exists(ctx, client, graph.User{ID: id})) {
		return
	}
	b := &snapshotBuilder{out}
	b.read(false, err, report.WhatAccount, report.WhatPerUserMFA, report.WhatRole, report.WhatMethods, report.WhatExclusion)
}

func (b *snapshotBuilder) account(s standing) {
	if s.user.ID == "" {
		return
	}
	upn := s.user.UserPrincipalName
	state := "disabled"
	if s.user.Enabled {
		state = "enabled"
	}
	b.add(report.WhatAccount, s.user.ID, upn, state)
	if b.read(s.mfa.Done(), s.mfa.Err(), report.WhatPerUserMFA) {
		b.add(report.WhatPerUserMFA, s.user.ID, upn, string(s.mfa.Content()))
	}
	if b.read(s.roles.Done(), s.roles.Err(), report.WhatRole) {
		for _, a := range s.roles.Content() {
			name := "role " + a.RoleID
			if a.RoleID == graph.GlobalAdministrator {
				name = "Global Administrator"
			}
			if a.Scope != "/" {
				name += " over " + a.Scope
			}
			value := "assigned"
			if a.RoleID == graph.GlobalAdministrator && s.held.timed {
				value = report.UntilValue(s.held.end, s.held.last)
			}
			b.add(report.WhatRole, a.RoleID, name, value)
		}
	}
	if b.read(s.second.Done(), s.second.Err(), report.WhatMethods) {
		b.add(report.WhatMethods, s.user.ID, upn, fmt.Sprint(len(s.second.Content())))
	}
}

func (b *snapshotBuilder) policies(p *posture, account string) {
	if errors.Is(p.policies.Err(), graph.ErrUnlicensed) || !b.read(p.policies.Done(), p.policies.Err(), report.WhatPolicy, report.WhatExclusion) {
		return
	}
	for _, policy := range p.policies.Content() {
		b.add(report.WhatPolicy, policy.ID, policy.Name, policy.State)
		if account != "" && policy.Excludes(account) {
			b.add(report.WhatExclusion, policy.ID, policy.Name, "the account is excluded")
		}
	}
}

func (b *snapshotBuilder) campaign(c graph.Campaign, account string) {
	b.add(report.WhatCampaign, "state", "registration campaign", c.State)
	if slices.ContainsFunc(c.Exclude, func(t graph.CampaignTarget) bool { return objectid.Same(t.ID, account) }) {
		b.add(report.WhatCampaign, "excluded", "the account", "excluded")
	}
}

func (b *snapshotBuilder) apps(all []app) {
	for _, a := range all {
		state := "disabled"
		if a.Enabled {
			state = "enabled"
		}
		b.add(report.WhatApp, a.ID, a.DisplayName, state)
		for _, g := range a.grants {
			for scope := range strings.FieldsSeq(g.Scope) {
				b.add(report.WhatPermission, a.ID+" "+g.ResourceID+" "+scope+" "+g.ConsentType, a.DisplayName+": "+scope, "granted")
			}
		}
	}
}

// keepBefore writes down, once in a run, what the tenant was like when the plan was accepted and allowed. It stops nothing: without it, the report says that
// it can't compare.
func keepBefore(ctx context.Context, r *Run) {
	m := r.snapshot()
	if r.opts.Journal == "" || m.posture == nil || m.plan == nil || m.handed.before {
		return
	}
	var account string
	if m.found != nil {
		account = m.found.user.ID
	}
	keepSnapshot(ctx, r, Check, m.posture, account)
}

// keepBeforeOffboarding is the same before the first change of an offboarding.
func keepBeforeOffboarding(ctx context.Context, r *Run, client *graph.Client, report func(Event)) {
	m := r.snapshot()
	if r.opts.Journal == "" || m.handed.before {
		return
	}
	report(Event{Text: phrase.T("Reading what the tenant is like before anything is changed")})
	p := readPosture(ctx, client, m.platform, atOnce, func(*posture) {})
	if ctx.Err() == nil {
		keepSnapshot(ctx, r, finding.OffboardPlan, &p, m.user.ID)
	}
}

// keepSnapshot writes the tenant down as it was read, with the account of this id, where there is one.
func keepSnapshot(ctx context.Context, r *Run, step ID, p *posture, account string) {
	r.update(func(m *memory) { m.handed.before = true })
	var s standing
	client, err := r.tenant()
	if err == nil && account != "" {
		s, err = readAccount(ctx, client, account)
	}
	if err != nil {
		r.log.Info("keep what the tenant was like before", "error", err)
		return
	}
	s.readAdmins(ctx, client)
	data, err := snapshotOf(time.Now(), p, s).Encode()
	if err == nil {
		err = writeOnce(snapshotFile(r, report.Hash(data)), data)
	}
	if err != nil {
		r.log.Error("keep what the tenant was like before", "error", err)
		return
	}
	r.recorder.Note(journal.Entry{Kind: journal.KindSnapshot, Step: string(step), SHA256: report.Hash(data)})
}

// writeOnce writes a file for its owner only. One that is there already holds the same: its hash is in its name.
func writeOnce(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

func snapshotFile(r *Run, hash string) string {
	return filepath.Join(r.opts.Journal, strings.ToLower(r.recorder.Identity().TenantID)+".before-"+hash[:16]+".json")
}

// snapshots are those that these hashes name and whose files still are what they were: the first, with its hash, and those that
// later runs made. The first is nil where there is none.
func snapshots(r *Run, hashes []string) (before *report.Snapshot, hash string, between []*report.Snapshot) {
	for _, h := range hashes {
		data, err := regular.Read(snapshotFile(r, h), 4<<20)
		if err != nil || report.Hash(data) != h {
			continue
		}
		s, err := report.DecodeSnapshot(data)
		switch {
		case err != nil:
		case before == nil:
			before, hash = s, h
		default:
			between = append(between, s)
		}
	}
	return before, hash, between
}

// setOrNot is a setting as a snapshot has it.
func setOrNot(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
