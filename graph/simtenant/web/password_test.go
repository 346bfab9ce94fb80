package web

import (
	"testing"
)

func TestConfigurationPasswordFollowsTheSeed(t *testing.T) {
	first, again, other := configurationPassword(1), configurationPassword(1), configurationPassword(2)
	if first != again || first == other {
		t.Error("the configuration password does not follow the seed")
	}
}
