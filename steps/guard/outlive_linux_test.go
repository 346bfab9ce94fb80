package guard

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// files are a root with these; what is below ns is a link.
func files(of map[string]string) fstest.MapFS {
	root := fstest.MapFS{}
	for name, text := range of {
		root[name] = &fstest.MapFile{Data: []byte(text)}
		if strings.Contains(name, "/ns/") {
			root[name].Mode = fs.ModeSymlink
		}
	}
	return root
}

const shipped = "[Login]\n#NAutoVTs=6\n#KillUserProcesses=no\n#KillOnlyUsers=\n#KillExcludeUsers=root\n"

func TestLogind(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		user  string
		want  Known
	}{
		"no file":                  {want: Unknown},
		"built with no":            {files: map[string]string{"etc/systemd/logind.conf": shipped}, want: No},
		"built with yes":           {files: map[string]string{"usr/lib/systemd/logind.conf": "[Login]\n#KillUserProcesses=yes\n"}, want: Yes},
		"set":                      {files: map[string]string{"etc/systemd/logind.conf": shipped + "KillUserProcesses=yes\n"}, want: Yes},
		"set before the comment":   {files: map[string]string{"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=1\n#KillUserProcesses=no\n"}, want: Yes},
		"drop-in":                  {files: map[string]string{"etc/systemd/logind.conf": shipped, "usr/lib/systemd/logind.conf.d/50.conf": "[Login]\nKillUserProcesses = true\n"}, want: Yes},
		"later drop-in":            {files: map[string]string{"etc/systemd/logind.conf.d/90.conf": "[Login]\nKillUserProcesses=off\n", "usr/lib/systemd/logind.conf.d/95.conf": "[Login]\nKillUserProcesses=on\n"}, want: Yes},
		"drop-in hidden by /etc":   {files: map[string]string{"etc/systemd/logind.conf.d/90.conf": "[Login]\nKillUserProcesses=off\n", "usr/lib/systemd/logind.conf.d/90.conf": "[Login]\nKillUserProcesses=on\n"}, want: No},
		"comment in a drop-in":     {files: map[string]string{"etc/systemd/logind.conf.d/90.conf": "[Login]\n#KillUserProcesses=no\n"}, want: Unknown},
		"root":                     {files: map[string]string{"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\n"}, user: "root", want: No},
		"excluded":                 {files: map[string]string{"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\nKillExcludeUsers=alex kim\n"}, user: "kim", want: No},
		"not among those meant":    {files: map[string]string{"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\nKillOnlyUsers=guest\n"}, want: No},
		"among those meant":        {files: map[string]string{"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\nKillOnlyUsers=alex\n"}, want: Yes},
		"something else is set so": {files: map[string]string{"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=perhaps\n"}, want: Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			user := c.user
			if user == "" {
				user = "alex"
			}
			if got := logindEnds(files(c.files), user); got != c.want {
				t.Errorf("it is %d, want %d", got, c.want)
			}
		})
	}
}

func TestLook(t *testing.T) {
	const stat = "1 (an (odd) name) S 0 1 1 0 -1 4194560 5"
	for name, c := range map[string]struct {
		files                map[string]string
		pid, parent, session int
		want                 Surroundings
	}{
		"first":                {pid: 1, session: 1, files: map[string]string{"proc/1/stat": stat, ".dockerenv": ""}, want: Surroundings{First: true, WithFirst: true, Container: true}},
		"its session":          {pid: 7, session: 1, files: map[string]string{"proc/1/stat": stat}, want: Surroundings{WithFirst: true}},
		"a session of its own": {pid: 7, session: 7, files: map[string]string{"proc/1/stat": stat, "run/.containerenv": ""}, want: Surroundings{Container: true}},
		"led from outside":     {pid: 7, session: 0, files: map[string]string{"proc/1/stat": "1 (sh) S 0 0 0 0"}, want: Surroundings{WithFirst: true}},
		"led by a machine":     {pid: 7, session: 0, files: map[string]string{"proc/1/stat": "1 (init) S 0 0 0 0", "proc/self/ns/pid": "pid:[4026531836]"}, want: Surroundings{}},
		"a namespace":          {pid: 7, session: 0, files: map[string]string{"proc/1/stat": "1 (sh) S 0 0 0 0", "proc/self/ns/pid": "pid:[4026532123]"}, want: Surroundings{WithFirst: true}},
		"session not known":    {pid: 7, session: -1, want: Surroundings{}},
		"first is not seen":    {pid: 7, session: 0, want: Surroundings{}},
		"a user's session":     {pid: 7, session: 7, files: map[string]string{"proc/self/cgroup": "0::/user.slice/user-1000.slice/session-3.scope\n"}, want: Surroundings{Unit: "session-3.scope"}},
		"below a session":      {pid: 7, session: 7, files: map[string]string{"proc/self/cgroup": "0::/user.slice/user-1000.slice/session-3.scope/tmux\n"}, want: Surroundings{Unit: "session-3.scope"}},
		"the old hierarchy":    {pid: 7, session: 7, files: map[string]string{"proc/self/cgroup": "4:memory:/x.service\n1:name=systemd:/user.slice/session-3.scope\n"}, want: Surroundings{Unit: "session-3.scope"}},
		"a user's manager":     {pid: 7, session: 7, files: map[string]string{"proc/self/cgroup": "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope\n"}, want: Surroundings{Unit: "run-r1.scope"}},
		"the manager itself":   {pid: 7, session: 7, files: map[string]string{"proc/self/cgroup": "0::/user.slice/user-1000.slice/user@1000.service\n"}, want: Surroundings{}},
		"main of a service":    {pid: 7, parent: 3, session: 7, files: map[string]string{"proc/self/cgroup": "0::/system.slice/jobs.service\n", "proc/3/comm": "systemd\n"}, want: Surroundings{Unit: "jobs.service", Main: true}},
		"below a service":      {pid: 7, parent: 3, session: 7, files: map[string]string{"proc/self/cgroup": "0::/system.slice/jobs.service\n", "proc/3/comm": "bash\n"}, want: Surroundings{Unit: "jobs.service"}},
		"nothing to read":      {pid: 7, session: 7, want: Surroundings{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := look(files(c.files), c.pid, c.parent, c.session, "alex"); got != c.want {
				t.Errorf("it sees %+v, want %+v", got, c.want)
			}
		})
	}
}
