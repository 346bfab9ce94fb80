package finding

import "time"

// Task is what a person does outside this program.
type Task struct {
	Part    string // names the part for a rehearsal's Person; constant
	Where   string // in which window and as whom, as a sentence fragment: In a private browser window, as service@contoso.com
	Again   int    // how often it went wrong before: each time is another task
	URL     string // what o opens
	Private bool   // the page belongs in a private window, as the service account; else in the operator's own browser
	Opened  string // how it was opened already, one sentence; empty when it was not
	Code    string // a device code to type there; not secret beyond its 15 minutes
	Items   []Item // numbered instructions, in order
	Watched string // what is awaited and how it will be noticed, one sentence
	Since   time.Time
}

// TaskKey tells the tasks of a step apart.
type TaskKey struct {
	Part, URL string
	Again     int
}

// Key is what tells this task from the others of its step.
func (t *Task) Key() TaskKey { return TaskKey{t.Part, t.URL, t.Again} }
