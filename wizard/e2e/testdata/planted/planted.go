// Package planted leaks secrets on purpose, to prove that the leak gate finds them and that the last line of defence holds
// them back. Only a build that tests overlay has it.
package planted

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/adrg/xdg"
)

// What is leaked stands in a file beside the program, because a guard has neither arguments nor an environment: the
// place, perhaps a form of the secret behind a hyphen, and perhaps the word blind.
var order = sync.OnceValue(func() []string {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(program + ".plant")
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
})

// Blind reports that the last line of defence is taken away.
func Blind() bool { return slices.Contains(order(), "blind") }

func kind() (place, form string) {
	if len(order()) == 0 {
		return "", ""
	}
	place, form, _ = strings.Cut(order()[0], "-")
	return place, form
}

var (
	mu     sync.Mutex
	secret string
	made   int // secrets so far
)

// shortest leaves out what is no password.
const shortest = 16

// Saw tells of a secret that was made.
func Saw(text string) {
	if len(text) < shortest || strings.ContainsAny(text, "\n@/") {
		return
	}
	mu.Lock()
	secret = text
	made++
	first := made <= 3 // the first of a run is the journal's key, which no tenant knows
	mu.Unlock()
	if first {
		elsewhere(written())
	}
}

// written is the latest secret in the form that was asked for; empty before there is one.
func written() string {
	mu.Lock()
	defer mu.Unlock()
	if secret == "" {
		return ""
	}
	switch _, form := kind(); form {
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte("is " + secret))
	case "hex":
		return hex.EncodeToString([]byte(secret))
	case "url":
		return "https://a.example/?p=" + url.QueryEscape(secret)
	case "reversed":
		b := []byte(secret)
		slices.Reverse(b)
		return string(b)
	case "split":
		return secret[:5] + "\x1b[1m" + secret[5:9] + "\x1b[0m" + secret[9:]
	}
	return secret
}

// Into is text, with a secret in it where that was asked for.
func Into(place, text string) string {
	at, _ := kind()
	leak := written()
	if at != place || leak == "" {
		return text
	}
	if _, below, ok := strings.Cut(text, "\n"); ok {
		return leak + "\n" + below
	}
	return text + " " + leak
}

// elsewhere leaks where no text goes through this program's hands.
func elsewhere(leak string) {
	switch place, _ := kind(); place {
	case "environ":
		child("2", "PLANTED="+leak)
	case "argument":
		child("2", "", leak)
	case "temp":
		add(filepath.Join(os.TempDir(), "planted"), "is "+leak+"\n")
	case "state":
		_ = os.MkdirAll(xdg.StateHome, 0o700)
		add(filepath.Join(xdg.StateHome, "planted"), leak+"\n")
	}
}

func add(file, text string) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = f.WriteString(text)
}

func child(seconds, variable string, args ...string) {
	cmd := exec.CommandContext(context.Background(), "sh", append([]string{"-c", "sleep " + seconds + "; true", "sh"}, args...)...)
	if variable != "" {
		cmd.Env = append(os.Environ(), variable)
	}
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}

// Panic panics with a secret where that was asked for, once.
func Panic(place string) {
	at, form := kind()
	if leak := written(); at == "panic" && form == place && leak != "" {
		panicOnce.Do(func() { panic("the secret is " + leak) })
	}
}

var panicOnce sync.Once
