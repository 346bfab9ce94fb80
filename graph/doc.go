// Package graph is the tenant as this program sees it: one Client that signs in, reads and writes Microsoft Graph, and
// turns what comes back into small types and a few sentinel errors. It is the only importer of the Graph SDK and of
// azidentity. Every call, /beta included, is a RequestInformation sent through the SDK's request adapter (request.go),
// whose authentication, middleware, error model and serialisation it uses; the request builders are left out, because
// those for these calls (users, security, rolemanagement, identity, …) hold more than 2,500 source files. The SDK's
// models carry what they can carry lightly and truly. User, domain, directory role, role assignment, service principal
// and authentication method are read as JSON instead: through their relationships each of these models links every
// other type of Graph, 21 MB of program. So is Conditional Access, whose enumerations the models misread. Nothing here
// prints, writes a file or keeps package-level state.
package graph
