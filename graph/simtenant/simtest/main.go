package simtest

import (
	"crypto/rand"
	"crypto/rsa"
	"os"
	"runtime/debug"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
)

// Main is the TestMain of a package that onboards hundreds of small tenants, and returns its exit code. Memory is collected less often,
// every tenant signs its tokens with a key of half the length, which takes a fifth of the time, and what the tests keep in temporary
// folders stands in memory: each line of a journal waits until its disk has it.
func Main(m interface{ Run() int }) int {
	debug.SetGCPercent(1600)
	entra.SigningKey = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			panic(err)
		}
		return key
	})
	folder, err := os.MkdirTemp("/dev/shm", "d365-") // Linux has it; elsewhere the disk does
	if err != nil {
		return m.Run()
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the memory is the machine's until it starts again
	if err := os.Setenv("TMPDIR", folder); err != nil {
		panic(err)
	}
	return m.Run()
}
