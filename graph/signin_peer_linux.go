package graph

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The kernel's table of connections has the owner of each socket (https://docs.kernel.org/networking/proc_net_tcp.html).
// The row of the listener itself is what shows that it is this network's table. A sender without a row, or with one that
// no process holds any more, has hung up to be nobody: a browser waits for the answer.

const (
	listening   = "0A"
	tableFields = 10
)

// peersAreKnown reports that the table can be read, and has the sockets of this port. Under WSL the browser is Windows',
// whose sockets it lacks.
func peersAreKnown(own string) bool {
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return !strings.Contains(strings.ToLower(string(release)), "microsoft") && listensIn(sockets(), own)
}

// fromOwnUser reports that the other end of a connection is this user's or root's; also where nobody can tell.
func fromOwnUser(peer, own string) bool {
	rows := sockets()
	if !listensIn(rows, own) {
		return true
	}
	owner := ownerIn(rows, peer, own)
	me := strconv.Itoa(os.Geteuid())
	return owner == "0" || owner == me || me == "0" && owner != "" && owner == os.Getenv("SUDO_UID")
}

// sockets are the rows of both tables, in their columns.
func sockets() (rows [][]string) {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, _ := os.ReadFile(table) // a machine may have either alone
		for line := range strings.Lines(string(content)) {
			if columns := strings.Fields(line); len(columns) >= tableFields {
				rows = append(rows, columns)
			}
		}
	}
	return rows
}

func listensIn(rows [][]string, own string) bool {
	at := inTable(own)
	return slices.ContainsFunc(rows, func(row []string) bool { return row[3] == listening && slices.Contains(at, row[1]) })
}

// ownerIn is the id of the user whose socket is at peer and connected to own; empty where there is none.
func ownerIn(rows [][]string, peer, own string) string {
	from, to := inTable(peer), inTable(own)
	for _, row := range rows {
		if slices.Contains(from, row[1]) && slices.Contains(to, row[2]) && row[9] != "0" {
			return row[7]
		}
	}
	return ""
}

// inTable is an address as the tables may have it: words of 32 bits in the machine's order. That of IPv4 may stand in either.
func inTable(address string) []string {
	host, port, _ := net.SplitHostPort(address)
	number, _ := strconv.Atoi(port)
	ip := net.ParseIP(host)
	whole := ""
	for word := ip.To16(); len(word) > 0; word = word[4:] {
		whole += fmt.Sprintf("%08X", binary.NativeEndian.Uint32(word))
	}
	end := fmt.Sprintf(":%04X", number)
	if ip.To4() == nil {
		return []string{whole + end}
	}
	return []string{whole + end, whole[24:] + end}
}
