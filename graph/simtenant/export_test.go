package simtenant

import (
	"crypto/tls"
	"crypto/x509"
)

func (a *authority) Issue(host string) (*tls.Certificate, error) { return a.issue(host) }

func (a *authority) Pool() *x509.CertPool { return a.pool() }

const BigServicePrincipals = bigServicePrincipals

const BigUsers = bigUsers

const ManagedNotice = managedNotice

var CertifiedHosts = certifiedHosts

const Hostile = hostile

const OnboardedTitle = onboardedTitle

const OnboardedUPN = onboardedUPN

var WeatherOf = weatherOf

const Interrupted = interrupted

var NewAuthority = newAuthority
