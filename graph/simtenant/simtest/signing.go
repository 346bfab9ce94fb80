package simtest

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
)

// SignQuickly has every tenant of this process sign its tokens with a key of half the length, which takes a fifth of the time: a tenth of
// all that hundreds of onboardings compute. It is for a TestMain, before there is a tenant.
func SignQuickly() {
	entra.SigningKey = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			panic(err)
		}
		return key
	})
}
