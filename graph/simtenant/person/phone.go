package person

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// phone is the person's authenticator app: the secret of each account that was registered with it, by user name.
type phone struct {
	secrets map[string][]byte
	file    string // where it is kept; empty keeps it in memory
}

// KeepPhone keeps the person's telephone in a file, so that somebody who plays the person later has the same one. What the
// file holds already is on it. Errors say that the file can't be used.
func (p *Person) KeepPhone(file string) error {
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &p.phone.secrets)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("read the telephone %s: %w", file, err)
	}
	p.phone.file = file
	return nil
}

// register adds an account. A file is replaced whole, because the program may be killed at any moment.
func (p *phone) register(account string, secret []byte) error {
	p.secrets[account] = secret
	if p.file == "" {
		return nil
	}
	data, err := json.Marshal(p.secrets)
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(p.file), filepath.Base(p.file)+".*")
	if err != nil {
		return fmt.Errorf("keep the telephone: %w", err)
	}
	_, err = next.Write(data)
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), p.file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep the telephone: %w", err), os.Remove(next.Name()))
	}
	return nil
}
