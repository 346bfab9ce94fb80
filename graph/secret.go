package graph

import "github.com/delegate365-onboard/delegate365-onboard/graph/secret"

// Secret is a password or token that no way of printing shows.
type Secret = secret.Secret

// NewSecret copies s into a secret.
func NewSecret(s string) Secret { return secret.New(s) }

// NewText is a value that may be copied like a secret and is none.
func NewText(s string) Secret { return secret.NewText(s) }
