package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// SignInAs signs the application of Options.ClientID in as itself, with a certificate. Nobody is asked, and no journal is kept:
// whoever is signed in like this only reads.
func SignInAs(ctx context.Context, r *Run, certificate *graph.Certificate) error {
	tenant, err := customer(r)
	if err != nil {
		return err
	}
	client, err := graph.New(graph.Options{
		Cloud: r.opts.Cloud, Tenant: tenant, ClientID: r.opts.ClientID, Certificate: certificate, Transport: r.opts.Transport,
		Observe: r.observe, Bodies: r.opts.Bodies, OnWait: r.waited,
	})
	if err != nil {
		return &Error{Op: "sign in", Err: err}
	}
	identity, err := client.SignIn(ctx, graph.ByCertificate, graph.Prompt{})
	if err != nil {
		return &Error{Op: "sign in", Err: err}
	}
	org, err := client.Tenant.Organization(ctx)
	if err != nil {
		return &Error{Op: "read the tenant's name", Hint: phrase.T("Give the application the permissions that the README lists for review, and have an administrator accept them."), Err: err}
	}
	r.use(client, identity, org)
	return nil
}
