// Command install does what a user does with go install PATH@VERSION: it makes the module's zip from what is committed, serves it as a
// proxy would, beside the proxy that is there for everything else, and runs what was installed.
package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const path = "github.com/delegate365-onboard/delegate365-onboard"

func main() {
	if err := install("v" + os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func install(version string) error {
	packed, err := pack(version)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	server := http.Server{Handler: proxy(version, packed), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	folder, err := os.MkdirTemp("", "delegate365-install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	there, err := exec.Command("go", "env", "GOPROXY").Output()
	if err != nil {
		return err
	}
	cmd := exec.Command("go", "install", path+"@"+version)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	// The go command remembers what a version holds, because no published one changes.
	cmd.Env = append(os.Environ(), "GOBIN="+folder, "GOFLAGS=-modcacherw", "GODEBUG=goindex=0", "GONOSUMDB="+path, "GOPROXY=http://"+listener.Addr().String()+","+strings.TrimSpace(string(there)))
	forget(version)
	defer forget(version)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go install: %w", err)
	}
	out, err := exec.Command(filepath.Join(folder, "delegate365-onboard"), "version").Output()
	if err != nil || !strings.Contains(string(out), "version "+version+"\n") {
		return fmt.Errorf("it says %q (%v)", out, err)
	}
	fmt.Printf("go install %s@%s: %d bytes of source, and it says its version\n", path, version, len(packed))
	return nil
}

// forget takes the version out of the module cache again: the next commit has the same number.
func forget(version string) {
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		return
	}
	root := strings.TrimSpace(string(cache))
	_ = os.RemoveAll(filepath.Join(root, path+"@"+version))
	files, _ := filepath.Glob(filepath.Join(root, "cache/download", path, "@v", version+".*"))
	for _, f := range files {
		_ = os.Remove(f)
	}
}

// pack is the module's zip (https://go.dev/ref/mod#zip-files) of what is committed.
func pack(version string) ([]byte, error) {
	tree, err := exec.Command("git", "archive", "--format=zip", "--prefix="+path+"@"+version+"/", "HEAD").Output()
	if err != nil {
		return nil, err
	}
	// Folders that the go command leaves out have no business there either, but they do no harm; only entries for folders do.
	from, err := zip.NewReader(bytes.NewReader(tree), int64(len(tree)))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, f := range from.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if err := to.Copy(f); err != nil {
			return nil, err
		}
	}
	err = to.Close()
	return b.Bytes(), err
}

// proxy serves one version (https://go.dev/ref/mod#goproxy-protocol), and knows nothing else.
func proxy(version string, packed []byte) http.Handler {
	mux := http.NewServeMux()
	base := "/" + path + "/@v/"
	mux.HandleFunc(base+version+".info", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"Version":%q}`, version) })
	mux.HandleFunc(base+"list", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, version) })
	mux.HandleFunc(base+version+".mod", func(w http.ResponseWriter, _ *http.Request) {
		data, err := os.ReadFile("go.mod")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(data)
	})
	mux.HandleFunc(base+version+".zip", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(packed) })
	return mux
}
