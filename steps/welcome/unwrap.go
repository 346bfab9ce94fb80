package welcome

import (
	"net/url"
	"strings"
)

// Mail filters put their own address around each link. What is inside is taken out and judged like any other, and the
// filter's address is never opened; so nothing is lost when somebody imitates a filter.

// unwrap takes an address out of the links of mail filters, as often as they are nested, up to a limit.
func unwrap(text string) string {
	const most = 8
	for range most {
		inner, ok := unwrapOnce(text)
		if !ok {
			return text
		}
		text = inner
	}
	return text
}

// unwrapOnce returns what is inside one link of a filter.
func unwrapOnce(text string) (string, bool) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return "", false
	}
	host, path, ok := strings.Cut(rest, "/")
	if !ok || strings.ContainsAny(host, "@\\?#") {
		return "", false
	}
	host = strings.ToLower(host)
	path = strings.ReplaceAll(path, "&amp;", "&")
	var inner string
	switch {
	// Safe Links: https://learn.microsoft.com/defender-office-365/safe-links-about
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com"), strings.HasSuffix(host, ".safelinks.protection.office365.us"):
		inner = parameter(path, "url")
	case host == "urldefense.proofpoint.com", host == "urldefense.com":
		inner = proofpoint(path)
	case host == "linkprotect.cudasvc.com":
		inner = parameter(path, "a")
	case host == "secure-web.cisco.com":
		_, inner, _ = strings.Cut(path, "/")
		if decoded, err := url.PathUnescape(inner); err == nil {
			inner = decoded
		}
	case host == "www.google.com" && strings.HasPrefix(path, "url?"):
		if inner = parameter(path, "q"); inner == "" {
			inner = parameter(path, "url")
		}
	}
	if !strings.Contains(inner, "://") {
		return "", false
	}
	return inner, true
}

// parameter is one value of the query, decoded once. Separators are ampersands alone, as mail filters write them.
func parameter(path, name string) string {
	_, query, _ := strings.Cut(path, "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if !strings.EqualFold(key, name) {
			continue
		}
		if decoded, err := url.QueryUnescape(value); err == nil {
			return decoded
		}
	}
	return ""
}

// proofpoint decodes the three generations of Proofpoint. The asterisks by which version 3 replaces some characters stay:
// in a path they don't matter, and in a host name they are refused.
func proofpoint(path string) string {
	switch version, rest, _ := strings.Cut(path, "/"); version {
	case "v1":
		return parameter(rest, "u")
	case "v2":
		_, query, _ := strings.Cut(rest, "?")
		for pair := range strings.SplitSeq(query, "&") {
			if value, ok := strings.CutPrefix(pair, "u="); ok {
				decoded, err := url.PathUnescape(strings.NewReplacer("-", "%", "_", "/").Replace(value))
				if err == nil {
					return decoded
				}
			}
		}
	case "v3":
		inner, ok := strings.CutPrefix(rest, "__")
		if !ok {
			return ""
		}
		inner, _, ok = strings.Cut(inner, "__;")
		if !ok {
			return ""
		}
		// A filter may write a scheme's second slash away, because servers merge them.
		if scheme, after, ok := strings.Cut(inner, ":/"); ok && !strings.HasPrefix(after, "/") {
			inner = scheme + "://" + after
		}
		return inner
	}
	return ""
}
