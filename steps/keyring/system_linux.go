package keyring

import (
	"github.com/godbus/dbus/v5"
	ss "github.com/zalando/go-keyring/secret_service"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// System is the key ring of this computer's user: the desktop's Secret Service where one runs and is unlocked, or else the
// kernel's. What is kept there goes by name.
func System(name string) Ring { return &system{name: name} }

type system struct {
	name   string
	chosen Ring // at the first use, and kept: what is set is read from where it was looked for
}

func (s *system) ring() Ring {
	if s.chosen == nil {
		s.chosen = kernel(service + ":" + s.name)
		if unlocked() {
			s.chosen = stored(s.name)
		}
	}
	return s.chosen
}

func (s *system) Get() (secret.Secret, error) { return s.ring().Get() }
func (s *system) Set(key secret.Secret) error { return s.ring().Set(key) }

// unlocked reports a Secret Service that answers without asking the user anything. The library would start a bus where there
// is none, and wait for the password of a collection that is locked
// (https://specifications.freedesktop.org/secret-service-spec/latest/).
func unlocked() bool {
	bus, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return false
	}
	_ = bus.Close()
	service, err := ss.NewSecretService()
	if err != nil {
		return false
	}
	locked, err := service.GetLoginCollection().GetProperty("org.freedesktop.Secret.Collection.Locked")
	is, known := locked.Value().(bool)
	return err == nil && known && !is
}
