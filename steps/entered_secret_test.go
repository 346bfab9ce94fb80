package steps

import (
	"strings"
	"testing"
)

// What can be no name is not quoted in the refusal: it may be a line of the welcome mail.
func TestRefusalQuotesNoLine(t *testing.T) {
	t.Parallel()
	const line = "Configuration password: Tn4kQ9wZrLeak"
	_, name := parseAccountName(line)
	for field, err := range map[string]error{
		"user name": name, "tenant": answerTenant(new(Run), line), "user name, a sign": func() error { _, err := parseAccountName("Tn4k=Q9wZrLeak"); return err }(),
	} {
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "q9wzrleak") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := parseAccountName(".service"); err == nil || !strings.Contains(err.Error(), ".service") {
		t.Errorf("a name that is refused is not named: %v", err)
	}
}
