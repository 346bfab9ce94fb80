package report

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"aead.dev/minisign"
)

// The seal is a signature in minisign's format, by a key that is made for one report and dropped with it: nothing to keep,
// nothing to lose. It ties data and page together, and lets anybody's minisign check that not a byte was changed. It says
// nothing about who made it; what counts is where the fingerprint of the file was seen.

// Sealed are the files of a report.
type Sealed struct {
	Report Report
	JSON   []byte // the original
	Seal   []byte // detached, in minisign's format
	Page   []byte // HTML; JSON and Seal are in it
	SHA256 string // of JSON
}

// Close seals a report: from now on it is never written again.
func Close(r Report) (Sealed, error) {
	var s Sealed
	err := withKey(func(public minisign.PublicKey, private minisign.PrivateKey) (err error) {
		r.Seal.PublicKey = public.String()
		s.Report = r
		if s.JSON, err = r.Encode(); err != nil {
			return fmt.Errorf("write the report as JSON: %w", err)
		}
		s.SHA256 = Hash(s.JSON)
		if s.Seal, err = sign(private, s.JSON, trusted(r.ID, s.SHA256)); err != nil {
			return err
		}
		s.Page, err = sealPage(private, func() ([]byte, error) { return draw(&r, s.JSON, s.Seal) }, trusted(r.ID, s.SHA256))
		return err
	})
	return s, err
}

// sealPage draws a page and seals it with the same key.
func sealPage(key minisign.PrivateKey, draw func() ([]byte, error), comment string) ([]byte, error) {
	page, err := draw()
	if err != nil {
		return nil, fmt.Errorf("draw the report: %w", err)
	}
	seal, err := sign(key, page, comment+" page")
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(page, "%s%s%s", sealBegin, base64.StdEncoding.EncodeToString(seal), sealEnd), nil
}

// withKey makes a key for one use and drops it.
func withKey(use func(minisign.PublicKey, minisign.PrivateKey) error) error {
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make the report's key: %w", err)
	}
	return use(public, private)
}

// The last line of a page.
const (
	sealBegin = "<!-- seal "
	sealEnd   = " -->\n"
)

func trusted(id, hash string) string {
	return "delegate365-onboard report " + id + " sha256:" + hash
}

// untrusted is minisign's first comment, which no signature covers. Only this one is accepted.
const untrusted = "verify with the public key in the report's seal"

// sign signs in hashed mode, which minisign's -H asks for.
func sign(key minisign.PrivateKey, data []byte, comment string) ([]byte, error) {
	r := minisign.NewReader(bytes.NewReader(data))
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, fmt.Errorf("seal the report: %w", err)
	}
	return r.SignWithComments(key, comment, untrusted), nil
}

// Why a seal does not hold.
var (
	errNoKey   = errors.New("the report names no key of its seal")
	errSeal    = errors.New("the seal does not fit what it seals")
	errSpelled = errors.New("the seal is not spelt as this program writes it")
	errComment = errors.New("the seal is about another report")
)

// sealed says whether data carries the seal of the key, with the comment.
func sealed(publicKey string, data, seal []byte, comment string) error {
	var key minisign.PublicKey
	if err := key.UnmarshalText([]byte(publicKey)); err != nil || key.String() != publicKey {
		return errNoKey
	}
	var s minisign.Signature
	if err := s.UnmarshalText(seal); err != nil {
		return errSpelled
	}
	again, err := s.MarshalText()
	if err != nil || !bytes.Equal(again, seal) || s.Algorithm != minisign.HashEdDSA || s.UntrustedComment != untrusted {
		return errSpelled
	}
	r := minisign.NewReader(bytes.NewReader(data))
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	if !r.Verify(key, seal) {
		return errSeal
	}
	if s.TrustedComment != comment {
		return errComment
	}
	return nil
}
