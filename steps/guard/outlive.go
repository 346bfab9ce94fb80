package guard

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A guard outlives its wizard unless something ends both: the first process of a container, a systemd unit, a logind that
// ends whatever a session has started, a job object of Windows. That is found out before the window is opened, and the operator decides.

// Known is what could be found out about something that is on or off.
type Known int

// Unknown is doubt.
const (
	Unknown Known = iota
	Yes
	No
)

// Surroundings are what decides whether a guard outlives its wizard.
type Surroundings struct {
	First     bool   // this process is the first of its PID namespace: https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
	WithFirst bool   // it is in the session of the first one, as what a container was started with
	Container bool   // it is in a container
	Unit      string // the systemd unit that it belongs to; empty where there is none
	Main      bool   // it is that unit's main process
	Ends      Known  // whether systemd-logind ends what a session of this user has started: https://www.freedesktop.org/software/systemd/man/latest/logind.conf.html
	Job       Job    // of Windows that a guard is in
}

// Doubt is why a guard may end together with its wizard.
type Doubt struct {
	Why  string // a sentence
	Way  string // the way out, a sentence
	Sure bool   // it will, and not only may

	While string // of one that may, as long as what the guard is sure to go on: "while ..."
}

// outside is the way out of a container.
const outside = "Start it outside of the container, or in a shell that is opened in a container that goes on (docker exec)."

// OwnScope is the way out of a session or a unit.
const OwnScope = "Allow your processes to go on with \"loginctl enable-linger\", then start it with \"systemd-run --user --scope\" before its name."

// Doubts are why a guard may not outlive its wizard here; none where nothing speaks against it.
func (s Surroundings) Doubts() []Doubt {
	var out []Doubt
	switch {
	case s.First:
		out = append(out, Doubt{phrase.T("This program is the first process of its container: when it ends, the system ends every other process there, the guard too."), phrase.T(outside), true, ""})
	case s.WithFirst:
		out = append(out, Doubt{phrase.T("The container was started with this program or its terminal: when they end, it ends, and the guard too."), phrase.T(outside), true, ""})
	case s.Container:
		out = append(out, Doubt{phrase.T("This program runs in a container: when that ends, so does the guard, the second process that puts MFA back if this program dies."), phrase.T("Leave the container running until MFA is back."), false, phrase.T("while the container runs")})
	}
	session := strings.HasPrefix(s.Unit, "session-") && strings.HasSuffix(s.Unit, ".scope")
	switch {
	case session && s.Ends == Yes:
		out = append(out, Doubt{phrase.T("When you log out or the connection ends, systemd-logind ends whatever the session has started, the guard too (KillUserProcesses)."), phrase.T(OwnScope), true, ""})
	case session && s.Ends == Unknown:
		out = append(out, Doubt{phrase.T("Whether systemd-logind ends the guard when you log out could not be read (KillUserProcesses)."), phrase.T(OwnScope), false, phrase.T("while you stay logged in")})
	case strings.HasSuffix(s.Unit, ".service"):
		out = append(out, Doubt{phrase.T("When %s ends, systemd ends whatever it has started, the guard too (KillMode).", s.Unit), phrase.T(OwnScope), s.Main, phrase.T("while %s runs", s.Unit)})
	}
	return append(out, s.Job.doubts()...)
}
