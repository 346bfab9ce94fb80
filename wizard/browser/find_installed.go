package browser

import (
	"context"
	"path"
	"strings"
)

// userChoice is where Windows keeps what https pages are opened with, as a ProgID.
const userChoice = `Software\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice`

// installed are the browsers' programs below the folders in which Windows installs programs, and the policies that turn
// private windows off: https://learn.microsoft.com/deployedge/microsoft-edge-policies/inprivatemodeavailability,
// https://chromeenterprise.google/policies/#IncognitoModeAvailability and
// https://mozilla.github.io/policy-templates/#disableprivatebrowsing.
var installed = []struct {
	kind           Kind
	folder, exe    string
	policy, forbid string // the policy's key and value; 1 turns them off
}{
	{Edge, `Microsoft\Edge\Application`, "msedge.exe", `SOFTWARE\Policies\Microsoft\Edge`, "InPrivateModeAvailability"},
	{Chrome, `Google\Chrome\Application`, "chrome.exe", `SOFTWARE\Policies\Google\Chrome`, "IncognitoModeAvailability"},
	{Brave, `BraveSoftware\Brave-Browser\Application`, "brave.exe", `SOFTWARE\Policies\BraveSoftware\Brave`, "IncognitoModeAvailability"},
	{Chromium, `Chromium\Application`, "chrome.exe", `SOFTWARE\Policies\Chromium`, "IncognitoModeAvailability"},
	{Firefox, `Mozilla Firefox`, "firefox.exe", `SOFTWARE\Policies\Mozilla\Firefox`, "DisablePrivateBrowsing"},
}

func (m machine) onWindows() ([]Browser, Kind) {
	var found []Browser
	for _, b := range installed {
		for _, base := range []string{"ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "LOCALAPPDATA"} {
			file := m.getenv(base) + `\` + b.folder + `\` + b.exe
			if m.getenv(base) != "" && m.exists(file) {
				found = append(found, Browser{b.kind, file, m.number(b.policy, b.forbid) == 1})
				break
			}
		}
	}
	if root := m.getenv("SystemRoot"); root != "" {
		found = append(found, Browser{Kind: Default, Path: root + `\System32\rundll32.exe`})
	}
	return found, kindOf(m.value(userChoice, "ProgId"))
}

// onWSL looks at the disk of the Windows around it, whose programs can be started like any other.
func (m machine) onWSL(ctx context.Context) ([]Browser, Kind) {
	root := m.drive()
	bases := append([]string{root + "/Program Files", root + "/Program Files (x86)"}, m.glob(root+"/Users/*/AppData/Local")...)
	var found []Browser
	for _, b := range installed {
		for _, base := range bases {
			file := path.Join(base, strings.ReplaceAll(b.folder, `\`, "/"), b.exe)
			if m.exists(file) {
				found = append(found, Browser{Kind: b.kind, Path: file})
				break
			}
		}
	}
	system32 := root + "/Windows/System32/"
	if m.exists(system32 + "rundll32.exe") {
		found = append(found, Browser{Kind: Default, Path: system32 + "rundll32.exe"})
	}
	if len(found) == 0 {
		return m.onLinux(ctx)
	}
	return found, kindOf(progID(m.output(ctx, system32+"reg.exe", "query", `HKCU\`+userChoice, "/v", "ProgId")))
}

// drive is where WSL shows the disk of Windows: /mnt/c, unless wsl.conf says otherwise, which the search path shows.
func (m machine) drive() string {
	for folder := range strings.SplitSeq(m.getenv("PATH"), ":") {
		if i := strings.Index(strings.ToLower(folder), "/windows/system32"); i > 0 {
			return folder[:i]
		}
	}
	return "/mnt/c"
}

// progID is the last word of what reg.exe prints.
func progID(printed string) string {
	words := strings.Fields(printed)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// defaultApplication asks macOS for the application that opens https pages.
const defaultApplication = `ObjC.import('AppKit'); ` +
	`$.NSWorkspace.sharedWorkspace.URLForApplicationToOpenURL($.NSURL.URLWithString('https://localhost')).path.js`

func (m machine) onDarwin(ctx context.Context) ([]Browser, Kind) {
	var found []Browser
	for _, name := range []string{"Microsoft Edge", "Google Chrome", "Brave Browser", "Chromium", "Firefox", "Safari"} {
		if m.exists("/Applications/"+name+".app") || m.exists(m.getenv("HOME")+"/Applications/"+name+".app") {
			found = append(found, Browser{Kind: kindOf(name), Path: name})
		}
	}
	found = append(found, Browser{Kind: Default})
	return found, kindOf(m.output(ctx, "osascript", "-l", "JavaScript", "-e", defaultApplication))
}
