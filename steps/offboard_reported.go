package steps

import (
	"context"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// readOffboarded reads what the report of an offboarding needs beside that of an onboarding.
func readOffboarded(ctx context.Context, r *Run, client *graph.Client, outline report.Outlined, f *report.Facts) {
	if outline.Offboards {
		readAcceptedStill(ctx, r, client, f)
		nameRolesGone(ctx, client, f)
	}
}

// readAcceptedStill reads what is accepted for the application that this program signs in with, whoever accepted it.
func readAcceptedStill(ctx context.Context, r *Run, client *graph.Client, f *report.Facts) {
	grants, err := client.Apps.Delegated(ctx, clientID(r))
	if err != nil {
		f.Doubts = append(f.Doubts, report.Doubt{
			About: "what is accepted for the application that you signed in with", Why: "it could not be read: " + problem.Plainly(err), Claim: claimOf(err, report.LayerTenant),
		})
		return
	}
	for _, g := range grants {
		if scopes := g.Scopes(); len(scopes) > 0 {
			f.Around.Accepted = append(f.Around.Accepted, report.Accepted{For: g.PrincipalID, Scopes: scopes})
		}
	}
}

// nameRolesGone names the permissions of applications that were there before and are gone: the reading from before has ids, and the
// application that could be asked for them is deleted. What can't be named keeps its id.
func nameRolesGone(ctx context.Context, client *graph.Client, f *report.Facts) {
	if f.Before == nil || f.After == nil {
		return
	}
	apis := map[string]map[string]string{}
	for i, item := range f.Before.Items {
		parts := strings.Fields(item.ID) // the service principal, the API, the permission
		if _, there := f.After.Of(item.What, item.ID); item.What != report.WhatPermission || there || len(parts) < 3 {
			continue
		}
		names, asked := apis[parts[1]]
		if !asked {
			_, names, _ = client.Apps.AppRoles(ctx, parts[1])
			apis[parts[1]] = names
		}
		if name := names[strings.ToLower(parts[2])]; name != "" {
			f.Before.Items[i].Object = strings.TrimSuffix(item.Object, parts[2]) + name
		}
	}
}
