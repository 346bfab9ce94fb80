package clipboard

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// powershell is the clipboard of Windows, seen from WSL. clip.exe can neither read it nor keep a value out of its
// history. The script is the same each time and the value comes through standard input, because Windows can be told to
// log every script (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_logging_windows).
type powershell struct {
	path string
	run  program
}

// The scripts hold no double quotes, which would have to survive two command lines.
const (
	powershellRead = `$ErrorActionPreference = 'Stop'; Add-Type -AssemblyName System.Windows.Forms; ` +
		`$text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd())); `
	powershellPut = powershellRead + `$data = New-Object System.Windows.Forms.DataObject; $data.SetText($text); ` +
		`foreach ($format in '` + excludeFromMonitors + `', '` + includeInHistory + `', '` + uploadToCloud + `') ` +
		`{ $data.SetData($format, (New-Object IO.MemoryStream (,[byte[]](0, 0, 0, 0)))) }; ` +
		`[System.Windows.Forms.Clipboard]::SetDataObject($data, $true, 10, 100)`
	powershellHolds = powershellRead + `if ([System.Windows.Forms.Clipboard]::GetText() -ceq $text) { 'held' } else { 'other' }`
	powershellTake  = powershellRead + `if ([System.Windows.Forms.Clipboard]::GetText() -ceq $text) ` +
		`{ [System.Windows.Forms.Clipboard]::Clear(); 'held' } else { 'other' }`
)

// The formats with which Windows leaves a value out of the clipboard's history and of its synchronisation, by being
// there or by holding a DWORD of zero.
// https://learn.microsoft.com/windows/win32/dataxchg/clipboard-formats#cloud-clipboard-and-clipboard-history-formats
const (
	excludeFromMonitors = "ExcludeClipboardContentFromMonitorProcessing"
	includeInHistory    = "CanIncludeInClipboardHistory"
	uploadToCloud       = "CanUploadToCloudClipboard"
)

func (p *powershell) name() string { return phrase.T("the Windows clipboard") }

func (p *powershell) script(ctx context.Context, text []byte, script string) (string, error) {
	input := base64.StdEncoding.AppendEncode(nil, text)
	defer clear(input)
	// The clipboard asks for a single-threaded apartment.
	out, err := p.run(ctx, input, p.path, "-NoProfile", "-NonInteractive", "-Sta", "-Command", script)
	return strings.TrimSpace(string(out)), err
}

func (p *powershell) put(ctx context.Context, text []byte) (placing, error) {
	_, err := p.script(ctx, text, powershellPut)
	return placing{unrecorded: true}, err
}

func (p *powershell) holds(ctx context.Context, text []byte) (bool, error) {
	return p.compared(p.script(ctx, text, powershellHolds))
}

func (p *powershell) take(ctx context.Context, text []byte) (bool, error) {
	return p.compared(p.script(ctx, text, powershellTake))
}

func (p *powershell) compared(said string, err error) (bool, error) {
	if err == nil && said != "held" && said != "other" {
		err = fmt.Errorf("PowerShell answered nothing that is known")
	}
	return said == "held", err
}
