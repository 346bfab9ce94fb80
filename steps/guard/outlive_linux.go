package guard

import (
	"io/fs"
	"os"
	"os/user"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Look reads what surrounds this process.
func Look() Surroundings {
	session, err := unix.Getsid(0)
	if err != nil {
		session = unread
	}
	name := ""
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return look(os.DirFS("/"), os.Getpid(), os.Getppid(), session, name)
}

// unread is the session of a process that can't be read. 0 is one whose leader is outside the namespace.
const unread = -1

// look reads it below a root.
func look(root fs.FS, pid, parent, session int, userName string) Surroundings {
	s := Surroundings{
		First:     pid == 1,
		Container: inContainer(root),
		Unit:      unitOf(root),
		Ends:      logindEnds(root, userName),
	}
	s.WithFirst = session != unread && sessionOf(root, 1) == session && !machine(root)
	s.Main = text(root, "proc/"+strconv.Itoa(parent)+"/comm") == "systemd"
	return s
}

func text(root fs.FS, name string) string {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// sessionOf is the session of a process, or unread (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
func sessionOf(root fs.FS, pid int) int {
	stat := text(root, "proc/"+strconv.Itoa(pid)+"/stat")
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 4 {
		return unread
	}
	session, err := strconv.Atoi(fields[3])
	if err != nil {
		return unread
	}
	return session
}

// machine tells that this process is in the machine's own PID namespace, whose first process no terminal has started: there
// session 0 is only that nobody asked for another (PID_NS_INIT_INO in https://github.com/torvalds/linux/blob/master/include/uapi/linux/nsfs.h).
func machine(root fs.FS) bool {
	name, err := fs.ReadLink(root, "proc/self/ns/pid")
	return err == nil && name == "pid:[4026531836]"
}

// inContainer knows the marks of Docker, Podman and systemd (https://systemd.io/CONTAINER_INTERFACE).
func inContainer(root fs.FS) bool {
	for _, mark := range []string{".dockerenv", "run/.containerenv", "run/systemd/container"} {
		if _, err := fs.Stat(root, mark); err == nil {
			return true
		}
	}
	return false
}

// unitOf is the innermost systemd unit of this process: in the unified hierarchy, or in systemd's own
// (https://man7.org/linux/man-pages/man7/cgroups.7.html).
func unitOf(root fs.FS) string {
	for line := range strings.Lines(text(root, "proc/self/cgroup")) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 || parts[0] != "0" && parts[1] != "name=systemd" {
			continue
		}
		for dir := parts[2]; dir != "/" && dir != "."; dir = path.Dir(dir) {
			switch unit := path.Base(dir); {
			case strings.HasPrefix(unit, "user@"):
				return ""
			case strings.HasSuffix(unit, ".scope"), strings.HasSuffix(unit, ".service"):
				return unit
			}
		}
	}
	return ""
}
