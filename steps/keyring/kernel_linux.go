package keyring

import (
	"errors"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// kernel is a key of the user keyring of the kernel, by its description. It lives until the computer is restarted, and on
// kernels before 5.3 only for as long as some process of the user does
// (https://man7.org/linux/man-pages/man7/user-keyring.7.html). Containers mostly forbid these calls.
type kernel string

// keyType is that of keys that programs read; possessor are all rights of whoever possesses the key, and none of anybody
// else's, the user's other sessions included.
const (
	keyType   = "user"
	possessor = 0x3f000000
)

func (k kernel) Get() (key secret.Secret, err error) {
	err = possessing(func() error {
		id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, keyType, string(k), 0)
		if errors.Is(err, unix.ENOKEY) {
			return ErrNone
		}
		if err != nil {
			return errors.Join(ErrUnusable, err)
		}
		text := make([]byte, 1<<10)
		n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, text, 0)
		if err != nil || n > len(text) {
			return errors.Join(ErrUnusable, err)
		}
		key = secret.Take(text[:n])
		return nil
	})
	return key, err
}

func (k kernel) Set(key secret.Secret) error {
	return possessing(func() (err error) {
		key.Use(func(b []byte) {
			var id int
			if id, err = unix.AddKey(keyType, string(k), b, unix.KEY_SPEC_USER_KEYRING); err == nil {
				err = unix.KeyctlSetperm(id, possessor)
			}
		})
		return err
	})
}

// possessing calls f where the user keyring is possessed: a session that was not begun by a login, as under su or in a
// service, need not have a link to it. The thread that has one ends with f.
func possessing(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer func() {
			if recover() != nil {
				done <- ErrUnusable
			}
		}()
		if _, err := unix.KeyctlInt(unix.KEYCTL_LINK, unix.KEY_SPEC_USER_KEYRING, unix.KEY_SPEC_THREAD_KEYRING, 0, 0); err != nil {
			done <- errors.Join(ErrUnusable, err)
			return
		}
		done <- f()
	}()
	return <-done
}
