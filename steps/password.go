package steps

import (
	"crypto/rand"
	"math/big"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Characters that can't be mistaken for one another when they are read aloud or seen in compressed video, by the
// classes of which Entra wants three (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy).
var passwordClasses = []string{
	"abcdefghijkmnpqrstuvwxyz",
	"ABCDEFGHJKLMNPQRSTUVWXYZ",
	"23456789",
	"-_!#+=%*",
}

// passwordLength is in characters. At 6 bits each it is far beyond guessing.
const passwordLength = 28

// newPassword makes a password that Entra's rules accept by construction: one of each class first, then any, then
// shuffled. One that contains a word of the account's name is thrown away.
func newPassword(name accountName) graph.Secret {
	for {
		if p := randomPassword(); !containsWord(p, name.local) {
			return graph.NewSecret(p)
		}
	}
}

func randomPassword() string {
	all := strings.Join(passwordClasses, "")
	out := make([]byte, 0, passwordLength)
	for _, class := range passwordClasses {
		out = append(out, class[below(len(class))])
	}
	for len(out) < passwordLength {
		out = append(out, all[below(len(all))])
	}
	for i := len(out) - 1; i > 0; i-- {
		j := below(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}

// below is a random number from 0 to n-1. The system's source of randomness never fails (crypto/rand).
func below(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err)
	}
	return int(i.Int64())
}

// containsWord reports whether a word of three letters or more of the account's name is in the password.
func containsWord(password, name string) bool {
	password = strings.ToLower(password)
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("'.-_!#^~", r) })
	for _, w := range words {
		if len(w) >= 3 && strings.Contains(password, w) {
			return true
		}
	}
	return false
}
