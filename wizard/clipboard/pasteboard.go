package clipboard

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// pasteboard is the clipboard of macOS, through AppKit in osascript's JavaScript: pbcopy can't mark a value as concealed.
// Later on only the pasteboard's change count is compared, because reading what another application copied makes macOS
// ask the person at the screen (https://developer.apple.com/documentation/appkit/nspasteboard/changecount). The value
// carries http://nspasteboard.org's marks, which clipboard managers honour, and stays on this machine: Universal
// Clipboard leaves out NSPasteboardContentsCurrentHostOnly.
type pasteboard struct {
	run    program
	change int64 // the pasteboard's change count right after put
}

const pasteboardScript = `ObjC.import('AppKit');
function run(argv) {
	const pb = $.NSPasteboard.generalPasteboard;
	const ours = String(pb.changeCount) === argv[1];
	switch (argv[0]) {
	case 'put': {
		const data = $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile;
		const text = $.NSString.alloc.initWithDataEncoding(data, $.NSUTF8StringEncoding);
		const currentHostOnly = 1;
		pb.prepareForNewContentsWithOptions(currentHostOnly);
		pb.setStringForType(text, 'public.utf8-plain-text');
		pb.setStringForType($(''), 'org.nspasteboard.ConcealedType');
		pb.setStringForType($(''), 'org.nspasteboard.TransientType');
		const back = pb.stringForType('public.utf8-plain-text');
		return text.isEqualToString(back) ? 'held ' + pb.changeCount : 'other';
	}
	case 'holds':
		return ours ? 'held' : 'other';
	case 'take':
		if (ours) pb.clearContents;
		return ours ? 'held' : 'other';
	}
}`

func (p *pasteboard) name() string { return phrase.T("the Mac's clipboard") }

func (p *pasteboard) script(ctx context.Context, input []byte, args ...string) (string, error) {
	out, err := p.run(ctx, input, "osascript", append([]string{"-l", "JavaScript", "-e", pasteboardScript}, args...)...)
	return strings.TrimSpace(string(out)), err
}

func (p *pasteboard) put(ctx context.Context, text []byte) (placing, error) {
	p.change = 0
	out, err := p.script(ctx, text, "put", "0")
	if err != nil {
		return placing{}, err
	}
	count, held := strings.CutPrefix(out, "held ")
	if !held {
		return placing{}, errors.New("the value did not read back")
	}
	if p.change, err = strconv.ParseInt(count, 10, 64); err != nil {
		return placing{}, fmt.Errorf("read the pasteboard's change count: %w", err)
	}
	return placing{unrecorded: true}, nil
}

func (p *pasteboard) holds(ctx context.Context, _ []byte) (bool, error) {
	return p.unchanged(ctx, "holds")
}

func (p *pasteboard) take(ctx context.Context, _ []byte) (bool, error) {
	return p.unchanged(ctx, "take")
}

func (p *pasteboard) unchanged(ctx context.Context, verb string) (bool, error) {
	if p.change == 0 {
		return false, nil
	}
	out, err := p.script(ctx, nil, verb, strconv.FormatInt(p.change, 10))
	return out == "held", err
}
