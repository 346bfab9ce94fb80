package steps

import "cmp"

// products are the names of the products that small and middle tenants mostly have, by the string id that Graph calls
// skuPartNumber (https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
var products = map[string]string{
	"AAD_PREMIUM":              "Microsoft Entra ID P1",
	"AAD_PREMIUM_P2":           "Microsoft Entra ID P2",
	"DESKLESSPACK":             "Office 365 F3",
	"DEVELOPERPACK_E5":         "Microsoft 365 E5 Developer",
	"EMS":                      "Enterprise Mobility + Security E3",
	"EMSPREMIUM":               "Enterprise Mobility + Security E5",
	"ENTERPRISEPACK":           "Office 365 E3",
	"ENTERPRISEPREMIUM":        "Office 365 E5",
	"EXCHANGEENTERPRISE":       "Exchange Online (Plan 2)",
	"EXCHANGESTANDARD":         "Exchange Online (Plan 1)",
	"FLOW_FREE":                "Microsoft Power Automate Free",
	"O365_BUSINESS":            "Microsoft 365 Apps for business",
	"O365_BUSINESS_ESSENTIALS": "Microsoft 365 Business Basic",
	"O365_BUSINESS_PREMIUM":    "Microsoft 365 Business Standard",
	"OFFICESUBSCRIPTION":       "Microsoft 365 Apps for enterprise",
	"SPB":                      "Microsoft 365 Business Premium",
	"SPE_E3":                   "Microsoft 365 E3",
	"SPE_E5":                   "Microsoft 365 E5",
	"SPE_F1":                   "Microsoft 365 F3",
	"STANDARDPACK":             "Office 365 E1",
}

// product is the name that Microsoft sells a licence under, or its string id where that is not known here.
func product(part string) string { return cmp.Or(products[part], part) }
