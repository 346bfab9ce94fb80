package browser

import (
	"context"
	"path"
	"slices"
	"sort"
	"strings"
	"time"
)

// machine is what is asked when browsers are looked for.
type machine struct {
	goos   string
	getenv func(string) string
	look   func(name string) string                                      // the path of a program, or empty
	exists func(path string) bool                                        // a file or folder
	glob   func(pattern string) []string                                 // files
	output func(ctx context.Context, name string, args ...string) string // what a program prints, or empty
	value  func(key, name string) string                                 // of the Windows registry, or empty
	number func(key, name string) uint64                                 // of the Windows registry, or 0
	wsl    bool                                                          // Linux inside Windows
}

func (m machine) system() System {
	switch {
	case m.goos == "windows":
		return Windows
	case m.goos == "darwin":
		return Darwin
	case m.wsl:
		return WSL
	}
	return Linux
}

// askWithin bounds each question to the system.
const askWithin = 2 * time.Second

// preferred is the order of those that are not the default browser.
var preferred = []Kind{Edge, Chrome, Brave, Chromium, Firefox, Safari, Other, Default}

// Find looks for browsers, the best first: the person's own choice, if it knows private windows, then those that do, and
// the ways that only open an ordinary window last.
func (o *Opener) Find(ctx context.Context) []Browser { return o.machine.find(ctx, o.system) }

func (m machine) find(ctx context.Context, system System) []Browser {
	if system != Linux && m.getenv("SSH_CONNECTION") != "" {
		return nil // it would open at the other machine; Linux has no display then, or shows it here
	}
	var found []Browser
	var chosen Kind
	switch system {
	case Windows:
		found, chosen = m.onWindows()
	case Darwin:
		found, chosen = m.onDarwin(ctx)
	case WSL:
		found, chosen = m.onWSL(ctx)
	case Linux:
		found, chosen = m.onLinux(ctx)
	}
	rank := func(b Browser) int {
		if b.Kind == chosen && b.private() {
			return -1
		}
		return slices.Index(preferred, b.Kind)
	}
	sort.SliceStable(found, func(i, j int) bool { return rank(found[i]) < rank(found[j]) })
	return found
}

// FindOwn looks for browsers too, but for an ordinary window: what BROWSER names, then what the system opens pages with.
func (o *Opener) FindOwn(ctx context.Context) []Browser { return o.machine.findOwn(ctx, o.system) }

func (m machine) findOwn(ctx context.Context, system System) []Browser {
	found := m.find(ctx, system)
	var named []Browser
	if system == Linux {
		named, _ = m.named()
	}
	rank := func(b Browser) int {
		if i := slices.Index(named, b); i >= 0 {
			return i - len(named)
		}
		if b.Kind == Default {
			return 0
		}
		return 1
	}
	sort.SliceStable(found, func(i, j int) bool { return rank(found[i]) < rank(found[j]) })
	return found
}

// kindOf is the kind that a program, application, desktop file or ProgID belongs to by its name, or Other.
func kindOf(name string) Kind {
	name = strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for _, known := range []struct {
		part string
		kind Kind
	}{
		{"edge", Edge}, {"chromium", Chromium}, {"chrome", Chrome}, {"brave", Brave}, {"firefox", Firefox}, {"safari", Safari},
	} {
		if strings.Contains(name, known.part) {
			return known.kind
		}
	}
	return Other
}

// programs are the names of browsers on Linux, and packaged those of their flatpaks.
var (
	programs = []string{
		"microsoft-edge", "microsoft-edge-stable", "google-chrome", "google-chrome-stable", "brave-browser",
		"brave-browser-stable", "brave", "chromium", "chromium-browser", "firefox", "firefox-esr",
		"/snap/bin/brave", "/snap/bin/chromium", "/snap/bin/firefox",
	}
	packaged = []string{"com.microsoft.Edge", "com.google.Chrome", "com.brave.Browser", "org.chromium.Chromium", "org.mozilla.firefox"}
)

func (m machine) onLinux(ctx context.Context) ([]Browser, Kind) {
	found, chosen := m.named()
	if m.getenv("DISPLAY") == "" && m.getenv("WAYLAND_DISPLAY") == "" {
		// A program that hands the page on to another machine needs no display; a browser does.
		return slices.DeleteFunc(found, Browser.private), Other
	}
	for _, name := range programs {
		if p := m.look(name); p != "" {
			found = append(found, Browser{Kind: kindOf(name), Path: p})
		}
	}
	for _, id := range packaged {
		for _, folder := range []string{"/var/lib/flatpak/exports/bin/", m.getenv("HOME") + "/.local/share/flatpak/exports/bin/"} {
			if m.exists(folder + id) {
				found = append(found, Browser{Kind: kindOf(id), Path: folder + id})
			}
		}
	}
	for _, name := range []string{"xdg-open", "x-www-browser"} {
		if p := m.look(name); p != "" {
			found = append(found, Browser{Kind: Default, Path: p})
		}
	}
	if chosen == Default {
		chosen = kindOf(m.output(ctx, "xdg-settings", "get", "default-web-browser"))
	}
	return found, chosen
}

// textual are browsers that need the terminal, which is in use.
var textual = []string{"w3m", "lynx", "links", "links2", "elinks", "www-browser", "browsh"}

// named are the browsers that $BROWSER names: commands between colons, of which those with arguments of their own are
// left out. https://www.catb.org/~esr/BROWSER
func (m machine) named() (found []Browser, chosen Kind) {
	for name := range strings.SplitSeq(m.getenv("BROWSER"), ":") {
		p := m.look(strings.TrimSuffix(strings.TrimSuffix(name, "%s"), " "))
		if name == "" || p == "" || slices.Contains(textual, path.Base(p)) {
			continue
		}
		b := Browser{Kind: kindOf(p), Path: p}
		if len(found) == 0 {
			chosen = b.Kind
		}
		found = append(found, b)
	}
	return found, chosen
}
