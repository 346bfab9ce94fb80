// Package totp has the one-time codes of authenticator apps (RFC 6238), as a telephone shows them and as a sign-in takes them.
package totp

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	step   = 30 * time.Second
	digits = 6
)

// Issuer is the name that an authenticator app shows above its codes.
const Issuer = "Simulated tenant"

// Code is the code an authenticator app shows at the moment now (RFC 6238, with RFC 4226's truncation).
func Code(secret []byte, now time.Time) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(now.Unix())/uint64(step/time.Second))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	value := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", digits, value%1_000_000)
}

// Matches accepts the code of this step and of the one before and after, for a telephone whose clock is off
// (RFC 6238, section 5.2).
func Matches(secret []byte, code string, now time.Time) bool {
	matches := 0
	for i := -1; i <= 1; i++ {
		matches |= subtle.ConstantTimeCompare([]byte(Code(secret, now.Add(time.Duration(i)*step))), []byte(code))
	}
	return matches == 1
}

// Text is a secret as people type it into an authenticator app: base32 without padding.
func Text(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// Address is the otpauth address an authenticator app reads from a QR code
// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
func Address(secret []byte, account, issuer string) string {
	query := url.Values{"secret": {Text(secret)}, "issuer": {issuer}}
	raw := strings.ReplaceAll(query.Encode(), "+", "%20") // not every app takes a plus for a space
	return (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account, RawQuery: raw}).String()
}
