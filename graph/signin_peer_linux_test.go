package graph

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// The rows are the kernel's own, of a machine whose words are little-endian.
func TestOwnerOfASocket(t *testing.T) {
	const (
		listener = "0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 4711 1 x"
		peer     = "1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 1000 0 4712 1 x"
		ours     = "2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000 0 0 4713 1 x"
		mapped   = "3: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1F90 01 0:0 00:0 0 65534 0 4714 1 x"
		six      = "4: 00000000000000000000000001000000:C352 00000000000000000000000001000000:1F90 01 0:0 00:0 0 1001 0 4715 1 x"
		gone     = "5: 0100007F:C353 0100007F:1F90 05 00000000:00000000 00:00000000 00000000 0 0 0 1 x"
		other    = "6: 0200007F:C354 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 1000 0 4716 1 x"
	)
	var rows [][]string
	for _, row := range []string{listener, peer, ours, mapped, six, gone, other} {
		rows = append(rows, strings.Fields(row))
	}
	for from, want := range map[string]string{
		"127.0.0.1:50000": "1000", "127.0.0.1:50001": "65534", "[::1]:50002": "1001",
		"127.0.0.1:50003": "", "127.0.0.1:50004": "", "127.0.0.1:50005": "", "": "",
	} {
		own := "127.0.0.1:8080"
		if strings.HasPrefix(from, "[") {
			own = "[::1]:8080"
		}
		if uid := ownerIn(rows, from, own); uid != want {
			t.Errorf("%s is %q's, want %q", from, uid, want)
		}
	}
	if !listensIn(rows, "127.0.0.1:8080") || listensIn(rows, "127.0.0.1:50000") {
		t.Error("a listener is told by its state")
	}
}

// as carries out one request over a socket of this user's; it has to be dropped before the answer is read where it is gone.
func as(t *testing.T, uid int, port, request string) (status int, location string) {
	t.Helper()
	runtime.LockOSThread()
	if uid != os.Getuid() {
		if _, _, err := syscall.RawSyscall(syscall.SYS_SETFSUID, uintptr(uid), 0, 0); err != 0 {
			t.Fatal(err)
		}
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	syscall.RawSyscall(syscall.SYS_SETFSUID, uintptr(os.Getuid()), 0, 0)
	runtime.UnlockOSThread()
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "socket")
	defer file.Close()
	var at syscall.SockaddrInet4
	at.Addr = [4]byte{127, 0, 0, 1}
	fmt.Sscan(port, &at.Port)
	if err := syscall.Connect(fd, &at); err != nil {
		t.Fatal(err)
	}
	conn, err := net.FileConn(file)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	client := &http.Client{
		Transport:     &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	method, address, _ := strings.Cut(request, " ")
	body := ""
	if method == http.MethodPost {
		address, body, _ = strings.Cut(address, " ")
	}
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Location")
}

// A link leads on for the user who signs in and for nobody else, and once that user's browser has followed it, the answer is
// theirs to bring.
func TestOnlyTheOwnUserIsLedOn(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	const stranger, address = 65534, "https://login.test/authorize?state=secret"
	l, err := listenForRedirect(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	u, _ := url.Parse(l.address)
	if status, _ := as(t, os.Getuid(), u.Port(), "GET "+l.link); status != http.StatusNotFound {
		t.Errorf("a link that leads nowhere is answered %d", status)
	}
	if !l.leadsTo(address) {
		peersUnknown(t)
	}
	answer := "POST " + l.address + " state=" + l.state + "&code="
	for _, c := range []struct {
		uid    int
		asks   string
		status int
		to     string
	}{
		{stranger, "GET " + l.link, http.StatusForbidden, ""},
		{0, "GET " + l.link + "x", http.StatusNotFound, ""},
		{0, "POST " + l.link + " ", http.StatusNotFound, ""},
		{0, "GET " + l.link, http.StatusSeeOther, address},
		{0, "GET " + l.link, http.StatusSeeOther, address},
		{stranger, "GET " + l.link, http.StatusForbidden, ""},
		{stranger, answer + "theirs", http.StatusForbidden, ""},
		{0, answer + "own", http.StatusOK, ""},
	} {
		if status, to := as(t, c.uid, u.Port(), c.asks); status != c.status || to != c.to {
			t.Errorf("user %d, %s: %d to %q, want %d to %q", c.uid, c.asks, status, to, c.status, c.to)
		}
	}
	if got, err := l.wait(t.Context()); err != nil || got.code != "own" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Who sends and hangs up at once has no socket any more that would say whose it was, and is nobody.
func TestWhoHasHungUpIsNobody(t *testing.T) {
	l, err := listenForRedirect(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	at := strings.Replace(l.address, "http://localhost", "127.0.0.1", 1)
	if !peersAreKnown(at) {
		peersUnknown(t)
	}
	conn, err := net.Dial("tcp4", at)
	if err != nil {
		t.Fatal(err)
	}
	peer := conn.LocalAddr().String()
	if !fromOwnUser(peer, at) {
		t.Error("an open connection is not known as this user's")
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
	if fromOwnUser(peer, at) {
		t.Error("one that was reset counts as this user's")
	}
}

// Where the address has been copied and the link was never followed, another user's browser may bring the answer: as under sudo.
func TestACopiedAddressIsAnybodys(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	l, err := listenForRedirect(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	l.leadsTo("https://login.test/authorize")
	u, _ := url.Parse(l.address)
	if status, _ := as(t, 65534, u.Port(), "POST "+l.address+" state="+l.state+"&code=x"); status != http.StatusOK {
		t.Errorf("it is answered %d", status)
	}
}
