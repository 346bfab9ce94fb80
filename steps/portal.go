package steps

import (
	"errors"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"delegate365-onboard/graph"
)

// portal is a Delegate365 portal: the address without its path. The zero value is no portal.
type portal struct{ base string }

func (p portal) setupURL() string { return p.base + "/setup" }

// usual says whether Delegate365 runs at such an address as a rule: https://<company>.delegate365.com. A rehearsal's
// own address counts as usual in its cloud.
func (p portal) usual(cloud graph.Cloud) bool {
	u, err := url.Parse(p.base)
	if err != nil {
		return false
	}
	if cloud.Delegate365 != "" && p.base == cloud.Delegate365 {
		return true
	}
	label, ok := strings.CutSuffix(u.Host, ".delegate365.com")
	return ok && u.Scheme == "https" && label != "" && !strings.ContainsAny(label, ".:")
}

// parsePortal takes a portal address, or a setup address, as a person pastes it. It refuses what is no web address
// and what could lead somebody elsewhere than it seems to.
func parsePortal(text string) (portal, error) {
	text = strings.Trim(strings.TrimSpace(text), "<>\"'")
	refuse := func(why string) (portal, error) {
		return portal{}, &Error{
			Op:   "use this address as the Delegate365 portal",
			Hint: "Enter the address from the welcome mail, for instance https://contoso.delegate365.com/setup.",
			Err:  errors.New(why),
		}
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return refuse("it is not a web address")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), ".")
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	loopback := net.ParseIP(name) != nil && net.ParseIP(name).IsLoopback()
	switch {
	case name == "" || (!strings.Contains(name, ".") && !loopback):
		return refuse("it has no host name such as contoso.delegate365.com")
	case u.User != nil:
		return refuse("it has a user name before the host, a trick to make it look like another address")
	case u.Scheme == "http" && !loopback:
		return refuse("it starts with http, which anybody on the way can read; it has to be https")
	case u.Scheme != "https" && !loopback:
		return refuse("it does not start with https")
	}
	if ascii, err := idna.Lookup.ToASCII(name); !loopback && (err != nil || ascii != name || strings.Contains(name, "xn--")) {
		return refuse("its host name has letters that only look like others")
	}
	return portal{base: u.Scheme + "://" + host}, nil
}
