// Command apk unpacks a package of Alpine's into a folder, as apk add --allow-untrusted does where there is no apk: the data has to be
// what the control part says by its SHA-256, and each file what its own header says by its SHA-1
// (https://wiki.alpinelinux.org/wiki/Apk_spec).
//
//	apk PACKAGE FOLDER
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha1" //nolint:gosec // what the format has
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := unpack(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "apk:", err)
		os.Exit(1)
	}
}

func unpack(file, folder string) error {
	packed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	parts, err := members(packed)
	if err != nil {
		return err
	}
	if len(parts) != 2 { // control and data; a third would be a signature before them
		return fmt.Errorf("it has %d parts", len(parts))
	}
	control, data := parts[0], parts[1]
	demanded := fmt.Sprintf("\ndatahash = %x\n", sha256.Sum256(data))
	told := false
	if err := each(control, func(h *tar.Header, content []byte) error {
		told = told || h.Name == ".PKGINFO" && strings.Contains("\n"+string(content), demanded)
		return nil
	}); err != nil {
		return err
	}
	if !told {
		return errors.New("the data is not what .PKGINFO says")
	}
	return each(data, func(h *tar.Header, content []byte) error { return lay(folder, h, content) })
}

// members are the parts of a file that holds one gzip stream after the other, packed as they are.
func members(packed []byte) (parts [][]byte, err error) {
	rest := bytes.NewReader(packed)
	for rest.Len() > 0 {
		begin := len(packed) - rest.Len()
		unzipped, err := gzip.NewReader(rest)
		if err != nil {
			return nil, err
		}
		unzipped.Multistream(false)
		if _, err := io.Copy(io.Discard, unzipped); err != nil {
			return nil, err
		}
		parts = append(parts, packed[begin:len(packed)-rest.Len()])
	}
	return parts, nil
}

func each(packed []byte, do func(*tar.Header, []byte) error) error {
	unzipped, err := gzip.NewReader(bufio.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return err
	}
	for files := tar.NewReader(unzipped); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := io.ReadAll(files)
		if err != nil {
			return err
		}
		if err := do(h, content); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
}

func lay(folder string, h *tar.Header, content []byte) error {
	if !filepath.IsLocal(h.Name) {
		return errors.New("it lies outside")
	}
	path := filepath.Join(folder, h.Name)
	switch h.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(path, 0o755)
	case tar.TypeReg:
		if sum := fmt.Sprintf("%x", sha1.Sum(content)); h.PAXRecords["APK-TOOLS.checksum.SHA1"] != sum { //nolint:gosec // see above
			return fmt.Errorf("its SHA-1 is %s, and its header says %q", sum, h.PAXRecords["APK-TOOLS.checksum.SHA1"])
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, content, h.FileInfo().Mode())
	default:
		return fmt.Errorf("it is of kind %q", h.Typeflag)
	}
}
