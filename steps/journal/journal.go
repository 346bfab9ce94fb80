// Package journal keeps, for each tenant, one append-only file of what was about to be changed, how to take it back, and
// what became of it. Lines are JSON, each with its number and the SHA-256 of the line before, and a line is on the disk
// before Append returns. The journal is what a window left open is closed by and what the report is made from; it never
// decides whether a step is done, and it has no field that a secret fits into.
package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/adrg/xdg"
	"github.com/gofrs/flock"

	own "github.com/delegate365-onboard/delegate365-onboard/graph/regular"
)

// The files of one tenant, all in one folder that only its owner may enter:
//
//	<tenant>.jsonl                 the journal
//	<tenant>.macs                  a message authentication code of each line
//	<tenant>.jsonl.torn-<time>     a last line that a crash cut short, moved out of the way by the next Append
//	<tenant>.jsonl.broken-<time>   a journal that SetAside put away; .macs.broken-<time> are its codes
//	<tenant>.lock                  held for the length of one Append; shared for the length of one Read
//	<tenant>.session, .holder      held by the one wizard of the tenant on this machine, and who that is
//	<tenant>.window                held by whoever closes the exposure window
//
// Locks are on files of their own because Windows keeps everybody else from reading what is locked. They are the
// operating system's, so that a dead process holds none.

// The largest line and the largest file, in bytes. Append refuses to go beyond them, and reading reports them.
const (
	maxLine = 64 << 10
	maxFile = 64 << 20
)

var errClosed = errors.New("the journal was closed")

// Author is who writes: the same for every entry of one Journal.
type Author struct {
	By       By
	Operator string // user principal name
	Run      string // one start of the program; empty makes a new random one. A guard takes its wizard's.
	// Screen is asked about every line and returns what of it may be written, still one JSON object; nil writes it as it is.
	Screen func(line string) string
	// Prove makes the code that tells a line of this user's from a forged one; nil leaves its lines unproven.
	Prove Prover
}

// Journal appends to the journal of one tenant. It is safe for several goroutines and for several processes at once.
type Journal struct {
	files  files
	tenant string
	who    Author
	pid    int
	host   string
	open   func(path string) (disk, error)

	mu      sync.Mutex
	tip     tip
	session *flock.Flock // nil in one that was attached
	done    error        // why nothing can be appended any more
}

// Folder is where journals are kept when nothing else was asked for: below the XDG state directory
// (https://specifications.freedesktop.org/basedir-spec/latest/).
func Folder() (string, error) {
	if !filepath.IsAbs(xdg.StateHome) {
		return "", errors.New("find a place for the journal: no home directory is set")
	}
	return filepath.Join(xdg.StateHome, "delegate365-onboard"), nil
}

// Open makes this process the tenant's one wizard on this machine until Close or the end of the process. While another
// one lives, the error is a *HeldError that names it.
func Open(folder, tenantID string, who Author) (*Journal, error) {
	j, err := Attach(folder, tenantID, who)
	if err != nil {
		return nil, err
	}
	j.session, err = holdSession(j.files, holder{PID: j.pid, Host: j.host})
	if err != nil {
		return nil, err
	}
	return j, nil
}

// Attach opens the journal beside the wizard that holds it, for its guard.
func Attach(folder, tenantID string, who Author) (*Journal, error) {
	f, err := filesOf(folder, tenantID)
	if err != nil {
		return nil, err
	}
	if !who.By.known() {
		return nil, fmt.Errorf("open the journal: unknown author %q", who.By)
	}
	if err := f.prepare(); err != nil {
		return nil, fmt.Errorf("prepare the journal's folder: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	if who.Run == "" {
		who.Run = rand.Text()
	}
	return &Journal{files: f, tenant: f.tenant, who: who, pid: os.Getpid(), host: host, open: openDisk}, nil
}

// Run is the id of this start of the program, as every entry carries it.
func (j *Journal) Run() string { return j.who.Run }

// Path is the journal's file.
func (j *Journal) Path() string { return j.files.journal }

// Close lets another wizard in. It is safe to call twice; Append fails after it.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.done == nil {
		j.done = errClosed
	}
	if j.session == nil {
		return nil
	}
	session := j.session
	j.session = nil
	return errors.Join(removeHolder(j.files), session.Unlock())
}

// files are the paths of one tenant.
type files struct {
	tenant, folder                               string
	journal, macs, lock, session, holder, window string
}

var tenantID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// filesOf refuses what is no tenant id, so that no name from outside becomes a path.
func filesOf(folder, tenant string) (files, error) {
	tenant = strings.ToLower(tenant)
	if !tenantID.MatchString(tenant) {
		return files{}, fmt.Errorf("find the journal: %q is not a tenant id", tenant)
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return files{}, fmt.Errorf("find the journal: %w", err)
	}
	base := filepath.Join(folder, tenant)
	return files{
		tenant: tenant, folder: folder,
		journal: base + suffix, macs: base + ".macs", lock: base + ".lock", session: base + ".session", holder: base + ".holder", window: base + ".window",
	}, nil
}

const suffix = ".jsonl"

// prepare makes the folder and shuts it to everybody else, also where an earlier hand left it open.
func (f files) prepare() error { return own.Folder(f.folder) }
