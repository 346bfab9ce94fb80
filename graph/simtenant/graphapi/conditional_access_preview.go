package graphapi

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// A policy with a feature in preview is not listed by v1.0, which does not change one either
// (https://github.com/AzureAD/AzureADAssessment/issues/79, https://github.com/microsoftgraph/msgraph-metadata/issues/647).

func previewPolicy() *odata.Error {
	return BadPolicy("1038: The policy you are trying to create or update contains preview features. Use the Beta/Canary endpoint.")
}

func (c *Call) isBeta() bool { return strings.HasSuffix(c.base, "/beta") }

// visiblePolicies are the policies that the called version of Graph shows.
func (c *Call) visiblePolicies() []*conditionalaccess.Policy {
	all := c.t.Policies.ConditionalAccess.Seen(c.now, c.t.Lag)
	if c.isBeta() {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), (*conditionalaccess.Policy).Preview)
}
