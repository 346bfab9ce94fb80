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

// A file of addresses is written anew for each tenant, and every simulated tenant has the same id: what a rehearsal on the one before has
// left beside the file is not this one's.
func TestVisitForgetsAnotherTenant(t *testing.T) {
	_, server, err := Serve(simtenant.Options{Profile: "fresh"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	file := filepath.Join(t.TempDir(), "tenant.json")
	visit := func(note string) *Stage {
		t.Helper()
		data, err := json.MarshalIndent(server.Endpoints(), note, " ")
		if err == nil {
			err = os.WriteFile(file, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		stage, err := Visit(file)
		if err != nil {
			t.Fatal(err)
		}
		return stage
	}
	line := filepath.Join(visit("").Journal, "of-the-first.jsonl")
	if err := os.MkdirAll(filepath.Dir(line), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(line, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	visit("")
	if _, err := os.Stat(line); err != nil {
		t.Errorf("its own journal is gone: %v", err)
	}
	visit(" ") // another tenant's addresses
	if _, err := os.Stat(line); err == nil {
		t.Error("the other tenant's journal is there")
	}
}
