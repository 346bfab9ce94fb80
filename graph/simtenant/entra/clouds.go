package entra

import (
	"net/http"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// entraCloud is how Microsoft Entra ID presents itself in one of its clouds. Its answers are the source: instance discovery
// lists every cloud's aliases, and the OpenID configuration of each has the rest
// (https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud).
type entraCloud struct {
	network  string // the name in addresses and in issuers of version 2.0
	cache    string
	aliases  []string
	instance string
	issuer   string // host of the issuer of version 1.0
	graph    string // host of Azure AD Graph
	msgraph  string
	rbac     string
}

var publicCloud = entraCloud{
	network: "login.microsoftonline.com", cache: "login.windows.net",
	aliases:  []string{"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"},
	instance: "microsoftonline.com", issuer: "sts.windows.net", graph: "graph.windows.net", msgraph: "graph.microsoft.com", rbac: "https://pas.windows.net",
}

// entraClouds are in the order of the service's own answer.
var entraClouds = []entraCloud{
	publicCloud,
	{
		network: "login.partner.microsoftonline.cn", cache: "login.partner.microsoftonline.cn",
		aliases:  []string{"login.partner.microsoftonline.cn", "login.chinacloudapi.cn"},
		instance: "partner.microsoftonline.cn", issuer: "sts.chinacloudapi.cn", graph: "graph.chinacloudapi.cn", msgraph: "microsoftgraph.chinacloudapi.cn", rbac: "https://pas.chinacloudapi.cn",
	},
	{
		network: "login.microsoftonline.us", cache: "login.microsoftonline.us", aliases: []string{"login.microsoftonline.us", "login.usgovcloudapi.net"},
		instance: "microsoftonline.us", issuer: "sts.windows.net", graph: "graph.windows.net", msgraph: "graph.microsoft.us", rbac: "https://pasff.usgovcloudapi.net",
	},
	{
		network: "login-us.microsoftonline.com", cache: "login-us.microsoftonline.com", aliases: []string{"login-us.microsoftonline.com"},
		instance: "microsoftonline.com", issuer: "sts.windows.net", graph: "graph.windows.net", msgraph: "graph.microsoft.com", rbac: "https://pas.windows.net",
	},
}

// cloudOf is the cloud that a request reached by one of its names.
func cloudOf(r *http.Request) (entraCloud, bool) {
	i := slices.IndexFunc(entraClouds, func(c entraCloud) bool { return slices.Contains(c.aliases, request.HostName(r)) })
	if i < 0 {
		return publicCloud, false
	}
	return entraClouds[i], true
}

// accessIssuer is who issues tokens for Microsoft Graph, which are of version 1.0 whatever endpoint they came from
// (https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats).
func (c entraCloud) accessIssuer(tenant string) string {
	return "https://" + c.issuer + "/" + tenant + "/"
}

// idIssuer is who issues tokens of version 2.0: whatever alias was used, the cloud's first name, and at an address of the
// tenant's own that address.
func idIssuer(r *http.Request, tenant string) string {
	if cloud, known := cloudOf(r); known {
		return "https://" + cloud.network + "/" + tenant + "/v2.0"
	}
	return request.BaseURL(r) + "/" + tenant + "/v2.0"
}

// isIssuerOf says whether a token for Microsoft Graph comes from one of the clouds, for this tenant.
func isIssuerOf(issuer, tenant string) bool {
	return slices.ContainsFunc(entraClouds, func(c entraCloud) bool { return c.accessIssuer(tenant) == issuer })
}
