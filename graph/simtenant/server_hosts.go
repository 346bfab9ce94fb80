package simtenant

import (
	"net"
	"net/http"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// isServedHost says whether a server of the tenant answers to a name: loopback's, and those its certificates are for.
func isServedHost(host string) bool {
	address := net.ParseIP(host)
	return address != nil && address.IsLoopback() || slices.Contains(certifiedHosts, host)
}

// onlyServedHosts refuses every other name, so that a page from elsewhere whose name was made to lead to this machine
// can't read what is here (https://owasp.org/www-community/attacks/DNS_Rebinding).
func onlyServedHosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isServedHost(request.HostName(r)) {
			http.Error(w, "The simulated tenant does not answer to this name.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
