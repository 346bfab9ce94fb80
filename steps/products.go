package steps

import "cmp"

// The names of the products that small and middle tenants mostly have, by the string id that Graph calls skuPartNumber
// (https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
var products = map[string]string{
	"AAD_PREMIUM":              "Microsoft Entra ID P1",
	"AAD_PREMIUM_P2":           "Microsoft Entra ID P2",
	"ENTERPRISEPACK":           "Office 365 E3",
	"FLOW_FREE":                "Microsoft Power Automate Free",
	"O365_BUSINESS_ESSENTIALS": "Microsoft 365 Business Basic",
	"O365_BUSINESS_PREMIUM":    "Microsoft 365 Business Standard",
	"SPB":                      "Microsoft 365 Business Premium",
	"SPE_E3":                   "Microsoft 365 E3",
	"SPE_E5":                   "Microsoft 365 E5",
	"SPE_F1":                   "Microsoft 365 F3",
}

// likelyProducts are names that were not held against that list word by word: the string id stands beside them.
var likelyProducts = map[string]string{
	"DESKLESSPACK":       "Office 365 F3",
	"DEVELOPERPACK_E5":   "Microsoft 365 E5 Developer",
	"EMS":                "Enterprise Mobility + Security E3",
	"EMSPREMIUM":         "Enterprise Mobility + Security E5",
	"ENTERPRISEPREMIUM":  "Office 365 E5",
	"EXCHANGEENTERPRISE": "Exchange Online (Plan 2)",
	"EXCHANGESTANDARD":   "Exchange Online (Plan 1)",
	"O365_BUSINESS":      "Microsoft 365 Apps for business",
	"OFFICESUBSCRIPTION": "Microsoft 365 Apps for enterprise",
	"STANDARDPACK":       "Office 365 E1",
}

// product is the name that Microsoft sells a licence under, with its string id where the name is not certain, or the id alone where
// there is no name here.
func product(part string) string {
	if name := likelyProducts[part]; name != "" {
		return name + " (" + part + ")"
	}
	return cmp.Or(products[part], part)
}
