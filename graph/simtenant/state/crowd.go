package state

import (
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Rules of this file: a crowd's members follow from their number alone, so that a hundred thousand of them cost nothing.
// Only a member that somebody has asked for by name is kept, because from then on it can be changed.

// Crowd is very many ordinary accounts. Nil is an empty one.
type Crowd struct {
	Size    int
	Key     uint64
	Created time.Time
	Licence string // SKU id that every member has
	Met     map[int]*User
	Gone    map[int]bool
}

var (
	crowdGiven  = []string{"anna", "bernd", "carla", "david", "elif", "franz", "greta", "hannes", "ines", "jakob", "katrin", "leo", "mila", "noah", "olga", "paul"}
	crowdFamily = []string{"gruber", "huber", "bauer", "wagner", "mueller", "pichler", "steiner", "moser", "mayer", "hofer", "leitner", "berger", "fuchs", "eder", "fischer"}
)

// Count is how many members are left.
func (c *Crowd) Count() int {
	if c == nil {
		return 0
	}
	return c.Size - len(c.Gone)
}

// Numbers are those of the members that are left.
func (c *Crowd) Numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		if c == nil {
			return
		}
		for i := range c.Size {
			if !c.Gone[i] && !yield(i) {
				return
			}
		}
	}
}

// ID ends with the member's number, disguised, so that the number can be told from it.
func (c *Crowd) ID(i int) string {
	r := rand.New(rand.NewPCG(c.Key, uint64(i)))
	return formatGUID(r.Uint64(), r.Uint64()&^crowdNumber|c.disguise(uint64(i)))
}

// crowdNumber are the bits of an id that tell the number.
const crowdNumber = 1<<48 - 1

func (c *Crowd) disguise(number uint64) uint64 { return (number ^ c.Key) & crowdNumber }

// UPN is a member's user principal name.
func (c *Crowd) UPN(i int) string {
	given, family := crowdGiven[i%len(crowdGiven)], crowdFamily[i/len(crowdGiven)%len(crowdFamily)]
	return given + "." + family + "." + strconv.Itoa(i) + "@" + DefaultDomain
}

// DisplayName is a member's name.
func (c *Crowd) DisplayName(i int) string {
	given, family := crowdGiven[i%len(crowdGiven)], crowdFamily[i/len(crowdGiven)%len(crowdFamily)]
	return strings.ToTitle(given[:1]) + given[1:] + " " + strings.ToTitle(family[:1]) + family[1:]
}

// Look is the member with this number as it is now, or nil. One that nobody has met is made anew.
func (c *Crowd) Look(i int) *User {
	switch u, met := c.Met[i]; {
	case c.Gone[i]:
		return nil
	case met:
		return u
	}
	return c.Fresh(i)
}

// Fresh is the member as it was at first. It has no password: nobody signs in as one of the crowd.
func (c *Crowd) Fresh(i int) *User {
	upn := c.UPN(i)
	return &User{
		ID: c.ID(i), UPN: upn, DisplayName: c.DisplayName(i), MailNickname: Nickname(upn), UserType: "Member", AccountEnabled: true,
		Created: c.Created, Credentials: Credentials{LastChange: c.Created}, Sessions: Sessions{ValidFrom: c.Created}, Factors: Factors{PerUserMFA: MFADisabled},
		Licences: []string{c.Licence}, Attributes: map[string]any{"usageLocation": "AT", "mail": upn},
	}
}

// meet is the member with this number, kept from now on, or nil.
func (c *Crowd) meet(i int) *User {
	u := c.Look(i)
	if u != nil {
		c.Met[i] = u
	}
	return u
}

// byID and byUPN find a member and keep it; nil is none.
func (c *Crowd) byID(id string) *User {
	if c == nil || len(id) != 36 {
		return nil
	}
	tail, err := strconv.ParseUint(id[len(id)-12:], 16, 64)
	i := int(c.disguise(tail))
	if err != nil || i >= c.Size || !strings.EqualFold(c.ID(i), id) {
		return nil
	}
	return c.meet(i)
}

func (c *Crowd) byUPN(upn string) *User {
	local, _, _ := strings.Cut(upn, "@")
	number := local[strings.LastIndex(local, ".")+1:]
	i, err := strconv.Atoi(number)
	if c == nil || err != nil || i < 0 || i >= c.Size {
		return nil
	}
	if u := c.Look(i); u == nil || !strings.EqualFold(u.UPN, upn) {
		return nil
	}
	return c.meet(i)
}

// All are the members that somebody has met, by number.
func (c *Crowd) All() map[int]*User {
	if c == nil {
		return nil
	}
	return c.Met
}

// drop forgets a member for good and says whether it was one.
func (c *Crowd) drop(u *User) bool {
	if c == nil {
		return false
	}
	for i, met := range c.Met {
		if met == u {
			c.Gone[i] = true
			delete(c.Met, i)
			return true
		}
	}
	return false
}
