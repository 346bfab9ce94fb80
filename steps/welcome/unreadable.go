package welcome

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Parts that can't be read are named, with what to do instead, so that nobody searches a mail that has nothing to find.

const (
	unreadTNEF      = "winmail.dat"
	unreadEncrypted = "encrypted"
	unreadSigned    = "signed"
	unreadRights    = "rights"
	unreadPDF       = "pdf"
	unreadPiece     = "piece"
)

// unreadable names the kind of a part whose content is out of reach.
func unreadable(kind string, parameters map[string]string) (string, bool) {
	name := strings.ToLower(parameters["name"])
	switch {
	case kind == "application/ms-tnef", kind == "application/vnd.ms-tnef", name == "winmail.dat":
		return unreadTNEF, true
	case strings.HasSuffix(kind, "/x-microsoft-rpmsg-message"), strings.HasSuffix(name, ".rpmsg"):
		return unreadRights, true
	case strings.HasSuffix(kind, "pkcs7-mime") && strings.HasPrefix(strings.ToLower(parameters["smime-type"]), "signed"):
		return unreadSigned, true
	case strings.HasSuffix(kind, "pkcs7-mime"), kind == "multipart/encrypted", kind == "application/pgp-encrypted", name == "smime.p7m":
		return unreadEncrypted, true
	case kind == "application/pdf":
		return unreadPDF, true
	case kind == "message/partial", kind == "message/external-body":
		return unreadPiece, true
	}
	return "", false
}

// unreadErrors say what to do, by kind, the most telling first.
var unreadErrors = []struct {
	kind         string
	reason, hint phrase.Format
}{
	{
		unreadTNEF,
		"its text is in a winmail.dat, Outlook's own format, which this program does not read",
		"Open the mail in Outlook and paste its text, or ask Delegate365 to send it as plain text or HTML.",
	},
	{
		unreadRights,
		"it is protected by Microsoft Purview Message Encryption, so its text is not in the file",
		"Open the mail in Outlook, or by the link in it, and paste its text.",
	},
	{
		unreadEncrypted,
		"it is encrypted (S/MIME or PGP), and only your mail program has the key",
		"Open the mail in your mail program and paste its text.",
	},
	{
		unreadSigned,
		"its text is inside of an S/MIME signature, which this program does not open",
		"Open the mail in your mail program and paste its text.",
	},
	{
		unreadPiece,
		"it is only a piece of a mail; the rest is elsewhere",
		"Open the whole mail in your mail program and paste its text.",
	},
	{
		unreadPDF,
		"what it says may be in the attached PDF, which this program does not read",
		"Open the PDF and paste its text.",
	},
}

// unreadError is what to say of a mail that has nothing readable to find, or nil.
func (r *reading) unreadError() error {
	for _, u := range unreadErrors {
		for _, kind := range r.unread {
			if kind == u.kind {
				return &Error{Reason: phrase.T(u.reason), Hint: phrase.T(u.hint)}
			}
		}
	}
	return nil
}
