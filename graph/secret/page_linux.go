package secret

import "golang.org/x/sys/unix"

func outOfDumps(page []byte) { _ = unix.Madvise(page, unix.MADV_DONTDUMP) }
