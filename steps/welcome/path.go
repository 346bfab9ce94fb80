package welcome

import (
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A path is typed, or comes from dragging a file into the terminal, which quotes it in the way of some shell. Which way
// can't be told, so what exists decides.

// maxPath is the longest line that is taken for a path, in bytes.
const maxPath = 4 << 10

var drive = pattern(`^[A-Za-z]:[\\/]`)

// savedMail reports a single line that names a file.
func savedMail(text []byte) (string, bool) {
	if len(text) == 0 || len(text) > maxPath || strings.ContainsAny(string(text), "\n\r\x00") {
		return "", false
	}
	line := strings.TrimPrefix(string(text), "& ") // PowerShell, before a quoted path
	bare := strings.ToLower(strings.Trim(line, "\"'"))
	switch {
	case strings.HasPrefix(bare, "file:"):
		return line, true
	case strings.Contains(bare, "://"):
		return "", false
	case drive().MatchString(bare) || strings.HasPrefix(bare, `\\`) || strings.HasPrefix(bare, "/") || strings.HasPrefix(bare, "~/") || strings.HasPrefix(bare, "./") || strings.HasPrefix(bare, "../"):
		return line, bare != "/setup"
	}
	for _, ext := range []string{".eml", ".msg", ".mht", ".mhtml", ".html", ".htm", ".txt"} {
		if strings.HasSuffix(bare, ext) {
			return line, true
		}
	}
	return "", false
}

// ReadFile takes the path of a saved mail, as Read takes a pasted one.
func ReadFile(path, own string) (Mail, error) { return readFile(path, own) }

// readFile reads a saved mail. Nothing is read of what is no ordinary file or too large.
func readFile(line, own string) (Mail, error) {
	const hint = "Check the path, or paste the mail itself."
	path := existing(line)
	info, err := os.Stat(path)
	if err != nil {
		return Mail{}, &Error{Reason: phrase.T("the file can't be opened"), Hint: phrase.T(hint), Err: err}
	}
	switch {
	case info.IsDir():
		return Mail{}, &Error{Reason: phrase.T("the path is a folder's"), Hint: phrase.T("Add the name of the saved mail to the path.")}
	case !info.Mode().IsRegular():
		return Mail{}, &Error{Reason: phrase.T("the path is not a file's"), Hint: phrase.T(hint)}
	case info.Size() > MaxMail:
		return Mail{}, tooLarge()
	}
	f, err := os.Open(path)
	if err != nil {
		return Mail{}, &Error{Reason: phrase.T("the file can't be opened"), Hint: phrase.T(hint), Err: err}
	}
	defer f.Close()
	var s scratch
	defer s.wipe()
	s.room(int(info.Size()) + 1) // so that the end is found without growing
	if _, err := s.ReadFrom(io.LimitReader(f, MaxMail+1)); err != nil {
		return Mail{}, &Error{Reason: phrase.T("the file can't be read"), Hint: phrase.T("Paste the mail itself instead."), Err: err}
	}
	return parse(s.b, own)
}

// existing is the first reading of a typed path under which there is something, or else the likeliest.
func existing(line string) string {
	ways := readings(line)
	for _, p := range ways {
		if _, err := os.Stat(p); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return p
		}
	}
	return ways[len(ways)-1]
}

// readings are the paths that a line can mean, each once, the literal one first.
func readings(line string) []string {
	ways := []string{line}
	if plain, ok := unquote(line); ok {
		ways = append(ways, plain)
	}
	if s := strings.Trim(line, "\"'"); drive().MatchString(s) || strings.HasPrefix(s, `\\`) {
		ways = append(ways, s)
	}
	for i, w := range ways {
		if p, ok := fromFileURL(w); ok {
			ways[i] = p
			continue
		}
		if rest, ok := strings.CutPrefix(w, "~/"); ok {
			if home, err := os.UserHomeDir(); err == nil {
				ways[i] = filepath.Join(home, rest)
			}
		}
	}
	if runtime.GOOS == "linux" {
		for _, w := range slices.Clone(ways) {
			if drive().MatchString(w) { // Windows' path, in WSL
				ways = append(ways, "/mnt/"+strings.ToLower(w[:1])+"/"+strings.ReplaceAll(w[3:], `\`, "/"))
			}
		}
	}
	return slices.Compact(ways)
}

// unquote undoes a shell's quoting of one word (POSIX.1-2024, section 2.2). It reports false for quotes that don't end.
func unquote(s string) (string, bool) {
	var out strings.Builder
	var open rune
	escaped := false
	for _, c := range s {
		switch {
		case escaped:
			if open == '"' && !strings.ContainsRune("$`\"\\", c) {
				out.WriteRune('\\')
			}
			out.WriteRune(c)
			escaped = false
		case c == '\\' && open != '\'':
			escaped = true
		case c == open:
			open = 0
		case open == 0 && (c == '\'' || c == '"'):
			open = c
		default:
			out.WriteRune(c)
		}
	}
	return out.String(), open == 0 && !escaped
}

// fromFileURL is the path in a file URL (RFC 8089). A drive's is Windows', another host's a share.
func fromFileURL(text string) (string, bool) {
	if len(text) < 5 || !strings.EqualFold(text[:5], "file:") {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.Path == "" {
		return "", false
	}
	path := u.Path
	if rest := strings.TrimPrefix(path, "/"); drive().MatchString(rest) {
		return rest, true
	}
	if u.Host != "" && !strings.EqualFold(u.Host, "localhost") {
		return `\\` + u.Host + strings.ReplaceAll(path, "/", `\`), true
	}
	return path, true
}
