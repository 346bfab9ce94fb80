package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

const page = "https://contoso.delegate365.com/setup?a=1&b=%20x#top"

func TestCommand(t *testing.T) {
	const (
		edgeExe   = `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`
		wslEdge   = "/mnt/c/Program Files (x86)/Microsoft/Edge/Application/msedge.exe"
		rundll    = `C:\Windows\System32\rundll32.exe`
		wslRundll = "/mnt/c/Windows/System32/rundll32.exe"
		flatpak   = "/var/lib/flatpak/exports/bin/org.mozilla.firefox"
	)
	for _, tt := range []struct {
		name    string
		system  System
		found   []Browser
		private bool
		want    []string
	}{
		{"Edge", Windows, []Browser{{Kind: Edge, Path: edgeExe}}, true, []string{edgeExe, "--inprivate", "--new-window", page}},
		{"Chrome", Windows, []Browser{{Kind: Chrome, Path: `C:\chrome.exe`}}, true, []string{`C:\chrome.exe`, "--incognito", "--new-window", page}},
		{"Brave", Windows, []Browser{{Kind: Brave, Path: `C:\brave.exe`}}, true, []string{`C:\brave.exe`, "--incognito", "--new-window", page}},
		{"Firefox", Windows, []Browser{{Kind: Firefox, Path: `C:\firefox.exe`}}, true, []string{`C:\firefox.exe`, "--private-window", page}},
		{"default", Windows, []Browser{{Kind: Default, Path: rundll}}, false, []string{rundll, "url.dll,FileProtocolHandler", page}},
		{"a policy forbids it", Windows, []Browser{{Kind: Edge, Path: edgeExe, Forbidden: true}}, false, []string{edgeExe, page}},
		{
			"a policy forbids it in one", Windows,
			[]Browser{{Kind: Edge, Path: edgeExe, Forbidden: true}, {Kind: Firefox, Path: `C:\firefox.exe`}},
			true,
			[]string{`C:\firefox.exe`, "--private-window", page},
		},

		{"Edge", Darwin, []Browser{{Kind: Edge, Path: "Microsoft Edge"}}, true, []string{"open", "-na", "Microsoft Edge", "--args", "--inprivate", "--new-window", page}},
		{"Chrome", Darwin, []Browser{{Kind: Chrome, Path: "Google Chrome"}}, true, []string{"open", "-na", "Google Chrome", "--args", "--incognito", "--new-window", page}},
		{"Brave", Darwin, []Browser{{Kind: Brave, Path: "Brave Browser"}}, true, []string{"open", "-na", "Brave Browser", "--args", "--incognito", "--new-window", page}},
		{"Chromium", Darwin, []Browser{{Kind: Chromium, Path: "Chromium"}}, true, []string{"open", "-na", "Chromium", "--args", "--incognito", "--new-window", page}},
		{"Firefox", Darwin, []Browser{{Kind: Firefox, Path: "Firefox"}}, true, []string{"open", "-na", "Firefox", "--args", "--private-window", page}},
		{"Safari", Darwin, []Browser{{Kind: Safari, Path: "Safari"}, {Kind: Default}}, false, []string{"open", "-a", "Safari", page}},
		{"default", Darwin, []Browser{{Kind: Default}}, false, []string{"open", page}},

		{"Edge", Linux, []Browser{{Kind: Edge, Path: "/usr/bin/microsoft-edge"}}, true, []string{"/usr/bin/microsoft-edge", "--inprivate", "--new-window", page}},
		{"Chrome", Linux, []Browser{{Kind: Chrome, Path: "/usr/bin/google-chrome"}}, true, []string{"/usr/bin/google-chrome", "--incognito", "--new-window", page}},
		{"Brave", Linux, []Browser{{Kind: Brave, Path: "/usr/bin/brave-browser"}}, true, []string{"/usr/bin/brave-browser", "--incognito", "--new-window", page}},
		{"Chromium", Linux, []Browser{{Kind: Chromium, Path: "/snap/bin/chromium"}}, true, []string{"/snap/bin/chromium", "--incognito", "--new-window", page}},
		{"Firefox", Linux, []Browser{{Kind: Firefox, Path: flatpak}}, true, []string{flatpak, "--private-window", page}},
		{"BROWSER", Linux, []Browser{{Kind: Other, Path: "/usr/bin/helper"}}, false, []string{"/usr/bin/helper", page}},
		{"default", Linux, []Browser{{Kind: Default, Path: "/usr/bin/xdg-open"}}, false, []string{"/usr/bin/xdg-open", page}},

		{"Edge", WSL, []Browser{{Kind: Edge, Path: wslEdge}}, true, []string{wslEdge, "--inprivate", "--new-window", page}},
		{"Chrome", WSL, []Browser{{Kind: Chrome, Path: "/mnt/c/chrome.exe"}}, true, []string{"/mnt/c/chrome.exe", "--incognito", "--new-window", page}},
		{"Firefox", WSL, []Browser{{Kind: Firefox, Path: "/mnt/c/firefox.exe"}}, true, []string{"/mnt/c/firefox.exe", "--private-window", page}},
		{"default", WSL, []Browser{{Kind: Default, Path: wslRundll}}, false, []string{wslRundll, "url.dll,FileProtocolHandler", page}},
	} {
		t.Run(tt.name+" on "+[]string{"Linux", "Windows", "macOS", "WSL"}[tt.system], func(t *testing.T) {
			got, ok := Command(tt.system, tt.found, page)
			if !ok || got.Private != tt.private || !slices.Equal(got.Argv, tt.want) {
				t.Errorf("got %q, private %v, %v; want %q, private %v", got.Argv, got.Private, ok, tt.want, tt.private)
			}
		})
	}
	if got, ok := Command(Linux, nil, page); ok {
		t.Errorf("without a browser: %q", got.Argv)
	}
}

func TestOwnCommand(t *testing.T) {
	for _, tt := range []struct {
		name   string
		system System
		first  Browser
		want   []string
	}{
		{"default on Linux", Linux, Browser{Kind: Default, Path: "/usr/bin/xdg-open"}, []string{"/usr/bin/xdg-open", page}},
		{"Edge on Linux", Linux, Browser{Kind: Edge, Path: "/usr/bin/microsoft-edge"}, []string{"/usr/bin/microsoft-edge", page}},
		{"default on Windows", Windows, Browser{Kind: Default, Path: `C:\Windows\System32\rundll32.exe`}, []string{`C:\Windows\System32\rundll32.exe`, "url.dll,FileProtocolHandler", page}},
		{"default on macOS", Darwin, Browser{Kind: Default}, []string{"open", page}},
		{"Chrome on macOS", Darwin, Browser{Kind: Chrome, Path: "Google Chrome"}, []string{"open", "-a", "Google Chrome", page}},
		{"xdg-open on WSL", WSL, Browser{Kind: Default, Path: "/usr/bin/xdg-open"}, []string{"/usr/bin/xdg-open", page}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := OwnCommand(tt.system, []Browser{tt.first, {Kind: Firefox, Path: "firefox"}}, page)
			if !ok || got.Private || !slices.Equal(got.Argv, tt.want) {
				t.Errorf("got %q, private %v, %v; want %q", got.Argv, got.Private, ok, tt.want)
			}
		})
	}
}

func TestRefusedAddresses(t *testing.T) {
	found := []Browser{{Kind: Chrome, Path: "/usr/bin/google-chrome"}}
	for _, address := range []string{
		"", "--version", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@contoso.com", "//contoso.com", "contoso.com",
		"https://", "https:///setup", "https://:443", "https://admin@contoso.com", "https://contoso.com:pw@evil.example/",
		"https://contoso.com/ --no-sandbox", "https://contoso.com/\"&calc", "https://contoso.com/?a=^b", "https://contoso.com/?a=`id`",
		"https://contoso.com/\n", "https://contoso.com/\x00", "https://contösö.com/", "https://contoso.com/%zz",
	} {
		if plan, ok := Command(Linux, found, address); ok {
			t.Errorf("%q is opened: %q", address, plan.Argv)
		}
		if _, err := (&Opener{}).Open(t.Context(), address); err == nil {
			t.Errorf("%q is opened", address)
		}
		if _, err := (&Opener{}).OpenOwn(t.Context(), address); err == nil {
			t.Errorf("%q is opened in an ordinary window", address)
		}
	}
	for _, address := range []string{"http://127.0.0.1:8080/", "https://[::1]/", "https://a.example/x'y(z)*!,;=:@/?q=a+b&c=%26~"} {
		if _, ok := Command(Linux, found, address); !ok {
			t.Errorf("%q is refused", address)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		opened Opened
		want   string
	}{
		{Opened{Browser: "Microsoft Edge", Private: true, Window: "InPrivate"}, "Microsoft Edge was asked for a private window. Check that it says InPrivate before anybody signs in."},
		{Opened{Browser: "The default browser", Own: true}, "The default browser was asked to open the page, in an ordinary window."},
		{Opened{Browser: "Safari"}, "Safari opened an ordinary window, which may be signed in with another account. Copy the address into a private window instead."},
	} {
		if got := tt.opened.Sentence(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// In German a browser without a name of its own is told in German too, in the case that every sentence about it has.
func TestBrowsersInGerman(t *testing.T) {
	phrase.Speak(phrase.German)
	defer phrase.Speak(phrase.English)
	for kind := range makers {
		name, window := kind.names()
		o := Opened{Browser: name, Private: window != "", Window: window}
		for _, said := range []string{o.Sentence(), Opened{Browser: name, Own: true}.Sentence()} {
			if strings.Contains(said, "The ") || strings.Contains(said, "Incognito") || strings.Contains(said, "dort Private") {
				t.Errorf("%d: %q", kind, said)
			}
		}
	}
	if name, _ := Default.names(); name != "Der Standardbrowser" {
		t.Errorf("it is %q", name)
	}
}

// A page of HTML on this computer opens in the person's own browser, and nowhere else; no other file does.
func TestOwnPages(t *testing.T) {
	for address, own := range map[string]bool{
		"file:///home/eva/Documents/delegate365-onboard/contoso.com-2026-11-27.html": true, "file:///C:/Users/eva/report.html": true, "https://contoso.com": true,
		"file:///etc/passwd": false, "file://server/share/a.html": false, "file:///a b.html": false, "file:///a.html\"": false, "file:a.html": false,
	} {
		if err := checkOwn(address); (err == nil) != own {
			t.Errorf("%s: %v", address, err)
		}
		if err := check(address); (err == nil) != strings.HasPrefix(address, "https:") {
			t.Errorf("%s in a private window: %v", address, err)
		}
	}
}
