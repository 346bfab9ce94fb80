package rehearsal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
)

// The guard works in another folder than its wizard, so no path of the rehearsal may be relative.
func TestVisitByRelativePath(t *testing.T) {
	_, server, err := Serve(simtenant.Options{Profile: "fresh"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	data, err := json.Marshal(server.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tenant.json", data, 0o600); err != nil {
		t.Fatal(err)
	}
	stage, err := Visit("tenant.json")
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(stage.Journal) {
		t.Errorf("the journal is in %s", stage.Journal)
	}
}
