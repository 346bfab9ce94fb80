package browser

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// System is what decides how a browser is started.
type System int

// The systems. WSL is Linux inside Windows, where the browser is the one of Windows.
const (
	Linux System = iota
	Windows
	Darwin
	WSL
)

// Kind is a make of browser.
type Kind int

// The kinds. Default is whatever the system opens pages with, and Other is what $BROWSER names.
const (
	Default Kind = iota
	Other
	Edge
	Chrome
	Brave
	Chromium
	Firefox
	Safari
)

// Browser is one that was found.
type Browser struct {
	Kind Kind
	Path string // of the program; on Darwin the application's name
	// Forbidden says that a policy of the organisation turns private windows off.
	Forbidden bool
}

// Plan is a command that opens a page.
type Plan struct {
	Argv    []string
	Private bool // it asks for a private window
	Browser Browser
}

// maker is what has to be known about a kind.
type maker struct {
	name, window string
	flags        []string // ask for a private window
}

// The flags are those of https://peter.sh/experiments/chromium-command-line-switches, where Edge has a name of its own for
// one, and of https://wiki.mozilla.org/Firefox/CommandLineOptions. Safari has none.
var makers = map[Kind]maker{
	Default:  {},
	Other:    {},
	Edge:     {"Microsoft Edge", "InPrivate", []string{"--inprivate", "--new-window"}},
	Chrome:   {name: "Google Chrome", flags: []string{"--incognito", "--new-window"}},
	Brave:    {name: "Brave", flags: []string{"--incognito", "--new-window"}},
	Chromium: {name: "Chromium", flags: []string{"--incognito", "--new-window"}},
	Firefox:  {name: "Firefox", flags: []string{"--private-window"}},
	Safari:   {name: "Safari"},
}

// names are what a sentence calls it, and what its private windows say of themselves, in the reader's language.
func (k Kind) names() (name, window string) {
	name, window = makers[k].name, makers[k].window
	switch k {
	case Default:
		name = phrase.T("The default browser")
	case Other:
		name = phrase.T("The browser that BROWSER names")
	case Chrome, Chromium:
		window = phrase.T("Incognito")
	case Brave, Firefox:
		window = phrase.T("Private")
	case Edge, Safari: // alike in each
	}
	return name, window
}

// private reports that it can be asked for a private window.
func (b Browser) private() bool { return len(makers[b.Kind].flags) > 0 && !b.Forbidden }

// Command is how the page is opened: by the first browser that knows private windows, or else by the first. It is false
// when nothing was found or the address is refused.
func Command(system System, found []Browser, address string) (Plan, bool) {
	if len(found) == 0 || check(address) != nil {
		return Plan{}, false
	}
	b := found[max(0, slices.IndexFunc(found, Browser.private))]
	return plan(system, b, b.private(), address), true
}

// OwnCommand is how the page is opened in an ordinary window of the first browser. It is false as Command is.
func OwnCommand(system System, found []Browser, address string) (Plan, bool) {
	if len(found) == 0 || checkOwn(address) != nil {
		return Plan{}, false
	}
	return plan(system, found[0], false, address), true
}

func plan(system System, b Browser, private bool, address string) Plan {
	p := Plan{Private: private, Browser: b}
	var flags []string
	if private {
		flags = makers[b.Kind].flags
	}
	switch {
	case system == Darwin && b.Kind == Default:
		p.Argv = []string{"open", address}
	case system == Darwin && private:
		// -n, because a running application is not given the arguments otherwise.
		p.Argv = slices.Concat([]string{"open", "-na", b.Path, "--args"}, flags, []string{address})
	case system == Darwin:
		p.Argv = []string{"open", "-a", b.Path, address}
	case b.Kind == Default && strings.HasSuffix(b.Path, "rundll32.exe"):
		p.Argv = []string{b.Path, "url.dll,FileProtocolHandler", address}
	default:
		p.Argv = slices.Concat([]string{b.Path}, flags, []string{address})
	}
	return p
}
