package simtenant

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: a crowd's members follow from their number alone, so that a hundred thousand of them cost nothing.
// Only a member that somebody has asked for by name is kept, because from then on it can be changed.

// crowd is very many ordinary accounts. Nil is an empty one.
type crowd struct {
	size    int
	key     uint64
	created time.Time
	licence string // SKU id that every member has
	met     map[int]*user
	gone    map[int]bool
}

var (
	crowdGiven  = []string{"anna", "bernd", "carla", "david", "elif", "franz", "greta", "hannes", "ines", "jakob", "katrin", "leo", "mila", "noah", "olga", "paul"}
	crowdFamily = []string{"gruber", "huber", "bauer", "wagner", "mueller", "pichler", "steiner", "moser", "mayer", "hofer", "leitner", "berger", "fuchs", "eder", "fischer"}
)

func (c *crowd) count() int {
	if c == nil {
		return 0
	}
	return c.size - len(c.gone)
}

// numbers are those of the members that are left.
func (c *crowd) numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		if c == nil {
			return
		}
		for i := range c.size {
			if !c.gone[i] && !yield(i) {
				return
			}
		}
	}
}

// id ends with the member's number, disguised, so that the number can be told from it.
func (c *crowd) id(i int) string {
	r := rand.New(rand.NewPCG(c.key, uint64(i)))
	return formatGUID(r.Uint64(), r.Uint64()&^crowdNumber|c.disguise(uint64(i)))
}

// crowdNumber are the bits of an id that tell the number.
const crowdNumber = 1<<48 - 1

func (c *crowd) disguise(number uint64) uint64 { return (number ^ c.key) & crowdNumber }

func (c *crowd) upn(i int) string {
	given, family := crowdGiven[i%len(crowdGiven)], crowdFamily[i/len(crowdGiven)%len(crowdFamily)]
	return given + "." + family + "." + strconv.Itoa(i) + "@" + defaultDomain
}

func (c *crowd) displayName(i int) string {
	given, family := crowdGiven[i%len(crowdGiven)], crowdFamily[i/len(crowdGiven)%len(crowdFamily)]
	return strings.ToTitle(given[:1]) + given[1:] + " " + strings.ToTitle(family[:1]) + family[1:]
}

// look is the member with this number as it is now, or nil. One that nobody has met is made anew.
func (c *crowd) look(i int) *user {
	switch u, met := c.met[i]; {
	case c.gone[i]:
		return nil
	case met:
		return u
	}
	return c.fresh(i)
}

// fresh is the member as it was at first. It has no password: nobody signs in as one of the crowd.
func (c *crowd) fresh(i int) *user {
	upn := c.upn(i)
	return &user{
		id: c.id(i), upn: upn, displayName: c.displayName(i), mailNickname: nickname(upn), userType: "Member", accountEnabled: true,
		created: c.created, lastPasswordChange: c.created, sessionsValidFrom: c.created, mfaState: mfaDisabled,
		licences: []string{c.licence}, attributes: map[string]any{"usageLocation": "AT", "mail": upn},
	}
}

// meet is the member with this number, kept from now on, or nil.
func (c *crowd) meet(i int) *user {
	u := c.look(i)
	if u != nil {
		c.met[i] = u
	}
	return u
}

// byID and byUPN find a member and keep it; nil is none.
func (c *crowd) byID(id string) *user {
	if c == nil || !odata.IsGUID(id) {
		return nil
	}
	tail, err := strconv.ParseUint(id[len(id)-12:], 16, 64)
	i := int(c.disguise(tail))
	if err != nil || i >= c.size || !strings.EqualFold(c.id(i), id) {
		return nil
	}
	return c.meet(i)
}

func (c *crowd) byUPN(upn string) *user {
	local, _, _ := strings.Cut(upn, "@")
	number := local[strings.LastIndex(local, ".")+1:]
	i, err := strconv.Atoi(number)
	if c == nil || err != nil || i < 0 || i >= c.size {
		return nil
	}
	if u := c.look(i); u == nil || !strings.EqualFold(u.upn, upn) {
		return nil
	}
	return c.meet(i)
}

// all are the members that somebody has met, by number.
func (c *crowd) all() map[int]*user {
	if c == nil {
		return nil
	}
	return c.met
}

// drop forgets a member for good and says whether it was one.
func (c *crowd) drop(u *user) bool {
	if c == nil {
		return false
	}
	for i, met := range c.met {
		if met == u {
			c.gone[i] = true
			delete(c.met, i)
			return true
		}
	}
	return false
}

// matches holds a member against a filter without making it, as long as nobody has met it.
func (c *crowd) matches(i int, filter []odata.Condition) bool {
	if u, met := c.met[i]; met {
		return odata.MatchesAll(u.object(), filter)
	}
	return !slices.ContainsFunc(filter, func(f odata.Condition) bool { return !f.Holds(c.property(i, f.Path)) })
}

// property is what Graph's filters can ask of an account.
func (c *crowd) property(i int, name string) any {
	switch name {
	case "id":
		return c.id(i)
	case "userPrincipalName", "mail":
		return c.upn(i)
	case "mailNickname":
		return nickname(c.upn(i))
	case "displayName":
		return c.displayName(i)
	case "accountEnabled":
		return true
	case "userType":
		return "Member"
	}
	return nil
}

// formatGUID writes 16 bytes as a version 4 UUID.
func formatGUID(a, b uint64) string {
	a = a&^uint64(0xf000) | 0x4000
	b = b&^(uint64(3)<<62) | 1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}
