package browser

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"
)

// described is a machine with these files, variables, answers and settings, and nothing else.
type described struct {
	files, env, answers, settings map[string]string
	forbidden                     string
}

func (d described) machine() machine {
	exists := func(p string) bool { _, ok := d.files[p]; return ok }
	return machine{
		getenv: func(name string) string { return d.env[name] },
		look: func(name string) string {
			for _, p := range []string{name, "/usr/bin/" + name} {
				if path.IsAbs(p) && exists(p) {
					return p
				}
			}
			return ""
		},
		exists: exists,
		glob: func(pattern string) (out []string) {
			for p := range d.files {
				if ok, _ := path.Match(pattern, p); ok {
					out = append(out, p)
				}
			}
			return out
		},
		output: func(_ context.Context, name string, _ ...string) string { return d.answers[path.Base(name)] },
		value:  func(key, name string) string { return d.settings[key+"|"+name] },
		number: func(key, _ string) uint64 {
			if key == d.forbidden {
				return 1
			}
			return 0
		},
	}
}

func files(names ...string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		out[name] = ""
	}
	return out
}

func TestFind(t *testing.T) {
	screen := map[string]string{"DISPLAY": ":0", "HOME": "/home/ada"}
	windows := map[string]string{"ProgramFiles": `C:\Program Files`, "ProgramFiles(x86)": `C:\Program Files (x86)`, "LOCALAPPDATA": `C:\Users\ada\AppData\Local`, "SystemRoot": `C:\Windows`}
	windowsFiles := files(`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`, `C:\Users\ada\AppData\Local\Google\Chrome\Application\chrome.exe`, `C:\Program Files\Mozilla Firefox\firefox.exe`)
	wslFiles := files("/mnt/c/Program Files (x86)/Microsoft/Edge/Application/msedge.exe", "/mnt/c/Users/ada/AppData/Local",
		"/mnt/c/Users/ada/AppData/Local/Google/Chrome/Application/chrome.exe", "/mnt/c/Windows/System32/rundll32.exe")
	for _, tt := range []struct {
		name   string
		system System
		on     described
		want   []string // kind and path, the first of which is used
	}{
		{"several", Linux, described{files: files("/usr/bin/firefox", "/usr/bin/google-chrome", "/usr/bin/xdg-open"), env: screen}, []string{"Google Chrome /usr/bin/google-chrome", "Firefox /usr/bin/firefox", "The default browser /usr/bin/xdg-open"}},
		{"the default one", Linux, described{files: files("/usr/bin/firefox", "/usr/bin/google-chrome", "/usr/bin/xdg-open"), env: screen, answers: map[string]string{"xdg-settings": "firefox-esr.desktop"}}, []string{"Firefox /usr/bin/firefox", "Google Chrome /usr/bin/google-chrome", "The default browser /usr/bin/xdg-open"}},
		{"flatpak and snap", Linux, described{files: files("/snap/bin/chromium", "/home/ada/.local/share/flatpak/exports/bin/org.mozilla.firefox"), env: screen, answers: map[string]string{"xdg-settings": "org.mozilla.firefox.desktop"}}, []string{"Firefox /home/ada/.local/share/flatpak/exports/bin/org.mozilla.firefox", "Chromium /snap/bin/chromium"}},
		{"BROWSER", Linux, described{files: files("/usr/bin/firefox", "/usr/bin/google-chrome"), env: map[string]string{"DISPLAY": ":0", "BROWSER": "nothing:firefox %s"}}, []string{"Firefox /usr/bin/firefox", "Firefox /usr/bin/firefox", "Google Chrome /usr/bin/google-chrome"}},
		{"BROWSER in the terminal", Linux, described{files: files("/usr/bin/w3m", "/usr/bin/google-chrome"), env: map[string]string{"DISPLAY": ":0", "BROWSER": "w3m"}}, []string{"Google Chrome /usr/bin/google-chrome"}},
		{"BROWSER is a helper", Linux, described{files: files("/opt/browser.sh", "/usr/bin/google-chrome", "/usr/bin/xdg-open"), env: map[string]string{"BROWSER": "/opt/browser.sh"}}, []string{"The browser that BROWSER names /opt/browser.sh"}},
		{"no display", Linux, described{files: files("/usr/bin/google-chrome", "/usr/bin/xdg-open"), env: map[string]string{"BROWSER": "google-chrome"}}, nil},

		{"several", Windows, described{files: windowsFiles, env: windows}, []string{
			`Microsoft Edge C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`, `Google Chrome C:\Users\ada\AppData\Local\Google\Chrome\Application\chrome.exe`,
			`Firefox C:\Program Files\Mozilla Firefox\firefox.exe`, `The default browser C:\Windows\System32\rundll32.exe`,
		}},
		{"the default one", Windows, described{files: windowsFiles, env: windows, settings: map[string]string{userChoice + "|ProgId": "ChromeHTML"}}, []string{
			`Google Chrome C:\Users\ada\AppData\Local\Google\Chrome\Application\chrome.exe`, `Microsoft Edge C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
			`Firefox C:\Program Files\Mozilla Firefox\firefox.exe`, `The default browser C:\Windows\System32\rundll32.exe`,
		}},
		{"a policy", Windows, described{files: windowsFiles, env: windows, settings: map[string]string{userChoice + "|ProgId": "MSEdgeHTM"}, forbidden: `SOFTWARE\Policies\Microsoft\Edge`}, []string{
			`Microsoft Edge C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe forbidden`, `Google Chrome C:\Users\ada\AppData\Local\Google\Chrome\Application\chrome.exe`,
			`Firefox C:\Program Files\Mozilla Firefox\firefox.exe`, `The default browser C:\Windows\System32\rundll32.exe`,
		}},
		{"over ssh", Windows, described{files: windowsFiles, env: map[string]string{"SSH_CONNECTION": "x", "ProgramFiles": `C:\Program Files`}}, nil},

		{"several", WSL, described{files: wslFiles, env: map[string]string{}, answers: map[string]string{"reg.exe": "\r\nHKEY_CURRENT_USER\\...\\UserChoice\r\n    ProgId    REG_SZ    ChromeHTML\r\n\r\n"}}, []string{
			"Google Chrome /mnt/c/Users/ada/AppData/Local/Google/Chrome/Application/chrome.exe", "Microsoft Edge /mnt/c/Program Files (x86)/Microsoft/Edge/Application/msedge.exe", "The default browser /mnt/c/Windows/System32/rundll32.exe",
		}},
		{"another mount", WSL, described{files: files("/win/c/Program Files/Mozilla Firefox/firefox.exe"), env: map[string]string{"PATH": "/usr/bin:/win/c/WINDOWS/system32"}}, []string{"Firefox /win/c/Program Files/Mozilla Firefox/firefox.exe"}},
		{"without Windows", WSL, described{files: files("/usr/bin/firefox"), env: screen}, []string{"Firefox /usr/bin/firefox"}},

		{"several", Darwin, described{files: files("/Applications/Safari.app", "/Applications/Google Chrome.app", "/Users/ada/Applications/Firefox.app"), env: map[string]string{"HOME": "/Users/ada"}, answers: map[string]string{"osascript": "/Users/ada/Applications/Firefox.app"}}, []string{"Firefox Firefox", "Google Chrome Google Chrome", "Safari Safari", "The default browser"}},
		{"Safari is the default one", Darwin, described{files: files("/Applications/Safari.app", "/Applications/Google Chrome.app"), answers: map[string]string{"osascript": "/Applications/Safari.app"}}, []string{"Google Chrome Google Chrome", "Safari Safari", "The default browser"}},
		{"Safari alone", Darwin, described{files: files("/Applications/Safari.app")}, []string{"Safari Safari", "The default browser"}},
	} {
		t.Run(tt.name+" on "+[]string{"Linux", "Windows", "macOS", "WSL"}[tt.system], func(t *testing.T) {
			var got []string
			for _, b := range tt.on.machine().find(t.Context(), tt.system) {
				name, _ := b.Kind.names()
				line := name + " " + b.Path
				if b.Forbidden {
					line += " forbidden"
				}
				got = append(got, strings.TrimSpace(line))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestFindOwn(t *testing.T) {
	installed := map[string]string{"/usr/bin/firefox": "", "/usr/bin/google-chrome": "", "/usr/bin/xdg-open": ""}
	for _, tt := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"the system's", map[string]string{"DISPLAY": ":0"}, "/usr/bin/xdg-open"},
		{"what BROWSER names", map[string]string{"DISPLAY": ":0", "BROWSER": "google-chrome:firefox"}, "/usr/bin/google-chrome"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := described{files: installed, env: tt.env, answers: map[string]string{"xdg-settings": "firefox.desktop"}}.machine()
			if got := m.findOwn(t.Context(), Linux); len(got) < 3 || got[0].Path != tt.want {
				t.Errorf("got %+v, want %s first", got, tt.want)
			}
		})
	}
}

func TestSystem(t *testing.T) {
	for _, tt := range []struct {
		m    machine
		want System
	}{
		{machine{goos: "windows"}, Windows},
		{machine{goos: "darwin"}, Darwin},
		{machine{goos: "linux"}, Linux},
		{machine{goos: "linux", wsl: true}, WSL},
		{machine{goos: "freebsd"}, Linux},
	} {
		if got := tt.m.system(); got != tt.want {
			t.Errorf("%+v is %d, want %d", tt.m, got, tt.want)
		}
	}
}
