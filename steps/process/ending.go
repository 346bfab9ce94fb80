package process

import (
	"os"
	"os/signal"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// BeingPutBack is why the end of a session has to wait, as Windows shows it.
const BeingPutBack phrase.Format = "MFA is being put back for the service account"

// Notify sends on got what ends this process from outside: these signals, and on Windows, as SIGTERM, the end of the session
// too, of which a console program that has a window, or no console, hears by a window of its own only. It blocks for nobody:
// got has to have room. What it returns ends it.
func Notify(got chan<- os.Signal, signals ...os.Signal) (stop func()) {
	signal.Notify(got, signals...)
	deaf := hearSession(got)
	return func() { signal.Stop(got); deaf() }
}

// TimeLeft is how long the system lets this process live after such a signal; 0 is as long as it takes.
func TimeLeft(s os.Signal) time.Duration { return timeLeft(s) }
