//go:build !linux

package guard

// Look knows of nothing here that ends a guard together with its wizard.
func Look() Surroundings { return Surroundings{} }
