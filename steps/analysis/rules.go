package analysis

// The pages of Microsoft's documentation that the judgements stand on.
const (
	learn = "https://learn.microsoft.com/"
	entra = learn + "entra/identity/"

	rulePerUser       = entra + "authentication/howto-mfa-userstates"
	ruleAppPasswords  = entra + "authentication/howto-mfa-app-passwords"
	ruleSubmission    = "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission"
	ruleRegistration  = entra + "authentication/concept-registration-mfa-sspr-combined"
	ruleCampaign      = entra + "authentication/how-to-mfa-registration-campaign"
	ruleSSPR          = entra + "authentication/concept-sspr-policy"
	ruleMandatory     = entra + "authentication/concept-mandatory-multifactor-authentication"
	ruleStrengths     = entra + "authentication/concept-authentication-strengths"
	ruleDefaults      = learn + "entra/fundamentals/security-defaults"
	ruleUsers         = entra + "conditional-access/concept-conditional-access-users-groups"
	ruleApplications  = entra + "conditional-access/concept-conditional-access-cloud-apps"
	ruleExclusions    = entra + "conditional-access/concept-enforcement-resource-exclusions"
	ruleAppFilter     = entra + "conditional-access/concept-filter-for-applications"
	ruleConditions    = entra + "conditional-access/concept-conditional-access-conditions"
	ruleLocations     = entra + "conditional-access/concept-assignment-network"
	ruleFlows         = entra + "conditional-access/concept-authentication-flows"
	ruleDeviceFilter  = entra + "conditional-access/concept-condition-filters-for-devices"
	ruleGrant         = entra + "conditional-access/concept-conditional-access-grant"
	ruleWhatIf        = learn + "graph/api/conditionalaccessroot-evaluate"
	ruleManaged       = entra + "conditional-access/managed-policies"
	ruleBlockLegacy   = entra + "conditional-access/policy-block-legacy-authentication"
	ruleRegisterFirst = entra + "conditional-access/policy-all-users-security-info-registration"
)
