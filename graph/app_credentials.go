package graph

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AppCredential is a client secret or a certificate that an application signs in with. Nobody can read the secret.
type AppCredential struct {
	ID          string
	Name        string // empty where it was given none
	Certificate bool
	Starts      time.Time // what whoever made it says of it; zero where Graph does not
	Ends        time.Time // zero where Graph does not say
}

// Application is the registration of an application of this tenant's own.
type Application struct {
	ID, AppID, Name string
	Created         time.Time // zero where Graph does not say
	Credentials     []AppCredential
}

type credentialsJSON struct {
	Secrets      []credentialJSON `json:"passwordCredentials"`
	Certificates []credentialJSON `json:"keyCredentials"`
}

type credentialJSON struct {
	ID   objectid.ID `json:"keyId"`
	Name string      `json:"displayName"`
	From *time.Time  `json:"startDateTime"`
	Ends *time.Time  `json:"endDateTime"`
}

func (w credentialsJSON) credentials() []AppCredential {
	var all []AppCredential
	for _, c := range w.Secrets {
		all = append(all, AppCredential{string(c.ID), c.Name, false, deref(c.From), deref(c.Ends)})
	}
	for _, c := range w.Certificates {
		all = append(all, AppCredential{string(c.ID), c.Name, true, deref(c.From), deref(c.Ends)})
	}
	return all
}

// Application reads the registration of an application: GET /applications, Application.Read.All. ErrNone where it is registered in
// another tenant, whose administrators alone can read its credentials. https://learn.microsoft.com/graph/api/application-list
func (s Apps) Application(ctx context.Context, appID string) (Application, error) {
	const op = "read the registration of the application"
	all, err := listJSON[struct {
		ID      objectid.ID `json:"id"`
		AppID   objectid.ID `json:"appId"`
		Name    string      `json:"displayName"`
		Created *time.Time  `json:"createdDateTime"`
		credentialsJSON
	}](ctx, s.client, op, s.client.v1("/applications", "$filter", "appId eq "+quoted(appID), "$select", "id,appId,displayName,createdDateTime,passwordCredentials,keyCredentials"))
	if err != nil {
		return Application{}, err
	}
	if len(all) == 0 {
		return Application{}, &Error{Op: op, Message: "no application of this tenant has the id " + appID, kind: ErrNone}
	}
	if !objectid.Same(string(all[0].AppID), appID) {
		return Application{}, another(op)
	}
	return Application{string(all[0].ID), string(all[0].AppID), all[0].Name, deref(all[0].Created), all[0].credentials()}, nil
}

// OwnCredentials reads the credentials that somebody in this tenant gave a service principal, beside those of its registration: GET
// /servicePrincipals/{id}, Application.Read.All. https://learn.microsoft.com/graph/api/serviceprincipal-get
func (s Apps) OwnCredentials(ctx context.Context, servicePrincipalID string) ([]AppCredential, error) {
	const op = "read the credentials of the service principal"
	var w struct {
		ID objectid.ID `json:"id"`
		credentialsJSON
	}
	err := s.client.getJSON(ctx, op, s.client.v1("/servicePrincipals/"+segment(servicePrincipalID), "$select", "id,passwordCredentials,keyCredentials"), &w)
	if err == nil && !objectid.Same(string(w.ID), servicePrincipalID) {
		err = another(op)
	}
	return w.credentials(), err
}
