package cli

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/steps/review"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// reviewFlags are those of review.
type reviewFlags struct {
	runFlags
	against, certificate string // files
	json, quiet          bool
}

func reviewCommand(where place) *cobra.Command {
	var f reviewFlags
	command := &cobra.Command{
		Use:   "review",
		Short: helpText("Say, weeks later, whether the onboarding still stands"),
		Long:  helpText("Read one tenant some time after its onboarding, and say what is no longer as it should be: MFA of the account, what it is excluded from, its role, Delegate365's apps and their credentials, consents, policies. Nothing is written. With --certificate an application signs in as itself, and nobody is asked. Exit code 0 means as it should be, 1 drifted, 2 a command line that can't be used, 3 that something could not be read."),
		Example: "delegate365-onboard review --tenant contoso.com\n" +
			"# " + helpText("one line") + "\ndelegate365-onboard review --tenant contoso.com --quiet",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.review(cmd.Context(), w) })
		},
	}
	p := command.Flags()
	where.define(p)
	f.define(p)
	speaks(p)
	p.StringVar(&f.against, "against", "", helpText("compare with the report in this `FILE`: its page or its data"))
	p.StringVar(&f.certificate, "certificate", "", helpText("sign in as the application of --client-id, with the certificate and key in this `FILE`"))
	p.BoolVar(&f.json, "json", false, helpText("print what was found as JSON"))
	p.BoolVar(&f.quiet, "quiet", false, helpText("print one line"))
	unlisted(p, "portal", "window")
	annotate(p, once, "against", "json", "quiet")
	_ = cobra.MarkFlagFilename(p, "against", "html", "json")
	_ = cobra.MarkFlagFilename(p, "certificate", "pem")
	return command
}

// review says how the tenant stands. What was found goes to the standard output, everything else to the standard error.
func (f *reviewFlags) review(parent context.Context, w world) (err error) {
	certificate, err := f.readCertificate()
	if err != nil {
		return err
	}
	o, err := f.compared()
	if err != nil {
		return err
	}
	s, err := f.begin(w, "")
	if err != nil {
		return err
	}
	defer func() { s.end(err) }()
	ctx, stop := signal.NotifyContext(parent, signals...)
	defer stop()
	found, err := f.read(ctx, s, certificate, o)
	switch {
	case steps.NeedsTenant(err) || steps.OtherTenant(err):
		return usage(err)
	case err != nil && f.quiet && certificate != nil:
		say(f.tenant + ": not read: " + steps.Explain(err).What)
		return errNotChecked
	case err != nil:
		return err
	}
	if err := f.print(found); err != nil {
		return err
	}
	switch found.Verdict {
	case review.Drifted:
		return errDoesNotHold
	case review.NotKnown:
		return errNotChecked
	}
	return nil
}

// read signs in, as a person or as an application, and reads the tenant.
func (f *reviewFlags) read(ctx context.Context, s *session, certificate *graph.Certificate, o steps.ReviewOptions) (review.Review, error) {
	said, progress := plain.Options{Run: s.run, Out: stderr, Columns: columns(os.Stderr)}, stderr
	if f.quiet {
		progress = io.Discard
	}
	if certificate == nil {
		if err := plain.SignIn(ctx, said, steps.All()[0], stderr); err != nil {
			return review.Review{}, err
		}
	} else {
		said.Out = progress
		plain.SaySetBeforehand(said)
		if err := steps.SignInAs(ctx, s.run, certificate); err != nil {
			return review.Review{}, err
		}
	}
	return plain.Review(ctx, said, o, progress)
}

// mostOfCertificate is how much of a file is read for a certificate.
const mostOfCertificate = 1 << 20

// readCertificate reads the file of --certificate; nil where a person signs in.
func (f *reviewFlags) readCertificate() (*graph.Certificate, error) {
	switch {
	case f.json && f.quiet:
		return nil, usage(&misuse{phrase.T("--json and --quiet exclude each other"), ""})
	case f.certificate == "":
		return nil, nil
	case f.clientID == "" || f.tenant == "":
		return nil, usage(&steps.Error{Op: "use --certificate alone", Hint: phrase.T("Name the customer's tenant with --tenant, and with --client-id the application that the certificate is for: it is registered in that tenant, or known there.")})
	case f.deviceCode:
		return nil, usage(&misuse{phrase.T("--certificate and --device-code exclude each other"), ""})
	}
	data, err := regular.Read(f.certificate, mostOfCertificate)
	var certificate *graph.Certificate
	if err == nil {
		certificate, err = graph.ReadCertificate(data)
	}
	if err != nil {
		return nil, usage(&steps.Error{
			Op: "use the certificate in %s", Of: []any{f.certificate},
			Hint: phrase.T("It has to hold the certificate and its private key, as PEM without a password. To make that of a .pfx: openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem"),
			Err:  err,
		})
	}
	return certificate, nil
}

// compared reads the report of --against. One that was changed since it was sealed is none to compare with.
func (f *reviewFlags) compared() (steps.ReviewOptions, error) {
	if f.against == "" {
		return steps.ReviewOptions{}, nil
	}
	const op = "compare with %s"
	files, err := report.Open(f.against)
	if err != nil {
		return steps.ReviewOptions{}, usage(&steps.Error{Op: op, Of: []any{f.against}, Hint: phrase.T("Name the page or the data of a report."), Err: err})
	}
	v, said, err := report.Verify(files, "", thisProgram())
	switch {
	case err != nil:
		return steps.ReviewOptions{}, usage(&steps.Error{Op: op, Of: []any{f.against}, Hint: phrase.T("Name the page or the data of a report; a supplement is none."), Err: err})
	case v.Failed():
		return steps.ReviewOptions{}, usage(&steps.Error{Op: op, Of: []any{f.against}, Hint: phrase.T("It does not hold: report verify says why. Get the file again.")})
	}
	return steps.ReviewOptions{Report: &said, SHA256: v.SHA256}, nil
}

func (f *reviewFlags) print(r review.Review) error {
	switch {
	case f.json:
		out := json.NewEncoder(stdoutJSON)
		out.SetIndent("", "  ")
		return out.Encode(r)
	case f.quiet:
		say(plain.ReviewLine(r))
		return nil
	}
	plain.WriteReview(plain.Options{Out: stdout, Columns: columns(os.Stdout)}, r)
	return nil
}
