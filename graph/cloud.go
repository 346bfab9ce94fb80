package graph

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
)

// Cloud is where a tenant lives: the hosts to sign in at, to call and to open in a browser.
// https://learn.microsoft.com/graph/deployments
type Cloud struct {
	Name         string // global, usgov, dod, china; of one from a file the host that is signed in at, and the name that the file has for it
	Authority    string // https://login.microsoftonline.com
	Graph        string // https://graph.microsoft.com
	Portal       string // https://entra.microsoft.com; empty where a file names none
	Account      string // legacy portal with the service settings and AppPasswords.aspx; empty where its host is not confirmed
	SecurityInfo string // https://mysignins.microsoft.com/security-info; empty where its host is not confirmed
	Delegate365  string // a portal on this computer that counts as Delegate365's own besides *.delegate365.com; empty in Microsoft's clouds
	Custom       bool   // from a file: instance discovery is off
}

// builtInClouds are the clouds of Microsoft's list. Hosts that no source confirms stay empty.
func builtInClouds() []Cloud {
	return []Cloud{
		{
			Name:         "global",
			Authority:    "https://login.microsoftonline.com",
			Graph:        "https://graph.microsoft.com",
			Portal:       "https://entra.microsoft.com",
			Account:      "https://account.activedirectory.windowsazure.com",
			SecurityInfo: "https://mysignins.microsoft.com/security-info",
		},
		{
			Name:      "usgov",
			Authority: "https://login.microsoftonline.us",
			Graph:     "https://graph.microsoft.us",
			Portal:    "https://entra.microsoft.us",
		},
		{
			Name:      "dod",
			Authority: "https://login.microsoftonline.us",
			Graph:     "https://dod-graph.microsoft.us",
			Portal:    "https://entra.microsoft.us",
		},
		{
			Name:      "china",
			Authority: "https://login.chinacloudapi.cn",
			Graph:     "https://microsoftgraph.chinacloudapi.cn",
			Portal:    "https://entra.microsoftonline.cn",
		},
	}
}

// HasSecureScore reports a cloud that offers the Secure Score. Where it is not offered its permission does not exist, and
// asking for it fails a whole sign-in (https://learn.microsoft.com/graph/api/security-list-securescorecontrolprofiles).
func (c Cloud) HasSecureScore() bool { return c.Name != "china" }

// HasDefaultClient reports a cloud in which DefaultClientID is known to exist. An application has to be registered in its
// own national cloud (https://learn.microsoft.com/graph/sdks/national-clouds).
func (c Cloud) HasDefaultClient() bool { return c.Name != "china" }

// LookupCloud finds a cloud by name, or reads it from a JSON file with the members name, authority, graph, portal,
// account, securityInfo and delegate365. Authority and graph are required; account and securityInfo are on the portal's
// host unless they are named. Other members are left alone, so that what demo --serve prints is such a file. An empty
// name means the global cloud.
func LookupCloud(nameOrFile string) (Cloud, error) {
	if nameOrFile == "" {
		nameOrFile = "global"
	}
	if c, ok := builtInCloud(nameOrFile); ok {
		return c, nil
	}
	c, err := readCloud(nameOrFile)
	if errors.Is(err, os.ErrNotExist) && filepath.Ext(nameOrFile) == "" {
		return Cloud{}, because("no cloud is called %q: use global, usgov, dod, china or the path of a JSON file", nameOrFile)
	}
	if err != nil {
		return Cloud{}, because("the cloud file %s can't be used: %v", nameOrFile, err)
	}
	return c, nil
}

// CloudNames are the names of the clouds that need no file.
func CloudNames() (names []string) {
	for _, c := range builtInClouds() {
		names = append(names, c.Name)
	}
	return names
}

func builtInCloud(name string) (Cloud, bool) {
	for _, c := range builtInClouds() {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Cloud{}, false
}

func readCloud(path string) (Cloud, error) {
	f, err := regular.Open(path)
	if err != nil {
		// The path is in the message already.
		if pe, ok := errors.AsType[*os.PathError](err); ok {
			return Cloud{}, pe.Err
		}
		return Cloud{}, err
	}
	defer func() { _ = f.Close() }()
	var file struct {
		Name         string `json:"name"`
		Authority    string `json:"authority"`
		Graph        string `json:"graph"`
		Portal       string `json:"portal"`
		Account      string `json:"account"`
		SecurityInfo string `json:"securityInfo"`
		Delegate365  string `json:"delegate365"`
	}
	const most = 1 << 16
	d := json.NewDecoder(io.LimitReader(f, most))
	if err := d.Decode(&file); err != nil {
		return Cloud{}, because("it is not the JSON object that it should be")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Cloud{}, because("something follows the JSON object")
	}
	c := Cloud{
		Name:         strings.TrimSpace(file.Name),
		Authority:    strings.TrimSuffix(file.Authority, "/"),
		Graph:        strings.TrimSuffix(file.Graph, "/"),
		Portal:       strings.TrimSuffix(file.Portal, "/"),
		Account:      strings.TrimSuffix(file.Account, "/"),
		SecurityInfo: file.SecurityInfo,
		Delegate365:  strings.TrimSuffix(file.Delegate365, "/"),
		Custom:       true,
	}
	if c.Account == "" {
		c.Account = c.Portal
	}
	if c.SecurityInfo == "" && c.Portal != "" {
		c.SecurityInfo = c.Portal + "/security-info"
	}
	if c.Name == "" {
		c.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if _, taken := builtInCloud(c.Name); taken {
		return Cloud{}, because("the name %q belongs to a cloud of Microsoft's own: choose another", c.Name)
	}
	if strings.ContainsFunc(c.Name, unprinted) {
		return Cloud{}, because("its name may have letters, digits and signs of ASCII alone: others can look like those")
	}
	c.Name = strings.TrimPrefix(c.Authority, "https://") + " (" + c.Name + ")" // whoever wrote the file chose the name alone
	return c, c.validate()
}

// unprinted is what is neither a printable character of ASCII nor the space.
func unprinted(r rune) bool { return r < ' ' || r > '~' }

// validate says which member cannot be used and why.
func (c Cloud) validate() error {
	for _, m := range []struct {
		name, value    string
		required, path bool
		page           bool // a person opens it: on this machine itself, without https as well
	}{
		{name: "authority", value: c.Authority, required: true},
		{name: "graph", value: c.Graph, required: true},
		{name: "portal", value: c.Portal, page: true},
		{name: "account", value: c.Account, page: true},
		{name: "securityInfo", value: c.SecurityInfo, path: true, page: true},
		{name: "delegate365", value: c.Delegate365, page: true},
	} {
		if m.value == "" {
			if m.required {
				return because("%s is missing: name its https address", m.name)
			}
			continue
		}
		u, err := url.Parse(m.value)
		switch {
		case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsFunc(m.value, unprinted):
			return because("%s must be a plain https address such as https://host.example", m.name)
		case m.page && u.Scheme == "http" && net.ParseIP(u.Hostname()).IsLoopback():
		case u.Scheme != "https":
			return because("%s must begin with https://, not %s://", m.name, u.Scheme)
		case !m.path && u.Path != "":
			return because("%s must be a host without a path", m.name)
		}
	}
	return nil
}
