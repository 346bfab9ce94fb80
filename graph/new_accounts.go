package graph

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// expectFor is how long parts of the directory may not know a new account
	// (https://learn.microsoft.com/entra/architecture/architecture#data-consistency).
	expectFor = 2 * time.Minute
	// newFor is how long ago an account may have been created to be new. It allows for clocks that disagree.
	newFor = 15 * time.Minute
)

// newAccounts are the accounts that exist although parts of the directory may answer that they don't.
type newAccounts struct {
	mu    sync.Mutex
	until map[string]time.Time // by object id
}

// Expect says that the account with this object id exists, as somebody else has seen. For two minutes, what is answered
// as unknown is asked again, writes included: such a refusal is surely not carried out. Accounts that this client
// created, or read as new, are expected already.
func (c *Client) Expect(id string) { c.expected.add(id) }

// Expected reports whether the account is expected now.
func (c *Client) Expected(id string) bool {
	c.expected.mu.Lock()
	defer c.expected.mu.Unlock()
	return time.Now().Before(c.expected.until[id])
}

func (e *newAccounts) add(id string) {
	if id == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.until == nil {
		e.until = map[string]time.Time{}
	}
	if e.until[id].IsZero() {
		e.until[id] = time.Now().Add(expectFor)
	}
}

// drop ends the expectation: the account was deleted.
func (e *newAccounts) drop(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.until, id)
}

// read expects an account that was read, if it is new.
func (e *newAccounts) read(u User) {
	if time.Since(u.Created) < newFor {
		e.add(u.ID)
	}
}

// about reports a request about an account that is expected.
func (e *newAccounts) about(r *http.Request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, path, _ := strings.Cut(r.URL.Path, "/users/")
	id, part, _ := strings.Cut(path, "/")
	if strings.HasPrefix(part, "extensions/") { // that one is missing says nothing of the account
		return false
	}
	return time.Now().Before(e.until[id])
}
