package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// lockWait bounds the wait for another process's Append. A process may be stopped in the middle of one, with Ctrl+Z for
// instance, and nobody may have to wait for it in order to close the window.
const lockWait = 5 * time.Second

// lockRetry is how often a lock is tried while somebody else has it.
const lockRetry = 5 * time.Millisecond

// HeldError is a tenant that another wizard works on, on this machine.
type HeldError struct {
	PID   int       // 0 when it has not said so yet
	Host  string    // differs from this machine's name where the home directory is shared
	Since time.Time // UTC
	Path  string    // the lock
}

func (e *HeldError) Error() string {
	if e.PID == 0 {
		return "another wizard works on this tenant; it has only just started"
	}
	return fmt.Sprintf("another wizard works on this tenant: process %d on %q, since %s",
		e.PID, e.Host, e.Since.Format(time.RFC3339))
}

// holder is who has the session, as the others read it.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// holdSession takes the tenant's one session on this machine, or says who has it.
func holdSession(f files, me holder) (*flock.Flock, error) {
	session, err := lockOf(f.session)
	if err != nil {
		return nil, fmt.Errorf("hold the tenant's session: %w", err)
	}
	got, err := session.TryLock()
	if err != nil {
		return nil, fmt.Errorf("hold the tenant's session: %w", err)
	}
	if !got {
		held := &HeldError{Path: f.session}
		var other holder
		if data, err := readHolder(f); err == nil && json.Unmarshal(data, &other) == nil {
			held.PID, held.Host, held.Since = other.PID, other.Host, other.Since
		}
		return nil, held
	}
	me.Since = time.Now().UTC().Truncate(time.Second)
	data, err := json.Marshal(me)
	if err == nil {
		err = writeHolder(f, data)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("hold the tenant's session: %w", err), session.Unlock())
	}
	return session, nil
}

func readHolder(f files) ([]byte, error) {
	file, err := openRegular(f.holder, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(file, maxLine))
}

func writeHolder(f files, data []byte) error {
	file, err := openRegular(f.holder, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

func removeHolder(f files) error {
	if err := os.Remove(f.holder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func lockForAppend(f files) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	lock, err := lockOf(f.lock)
	if err != nil {
		return nil, err
	}
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("another process has held the journal for %s", lockWait)
		}
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

// lockForRead keeps a reader from seeing half of a line that is being written. A lock that can't be had, on a read-only
// disk for instance, does not keep anybody from reading.
func lockForRead(f files) (unlock func()) {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	lock, err := lockOf(f.lock)
	if err != nil {
		return func() {}
	}
	if _, err := lock.TryRLockContext(ctx, lockRetry); err != nil {
		return func() {}
	}
	return func() { _ = lock.Unlock() }
}
