package cli

func ownSession() {}
