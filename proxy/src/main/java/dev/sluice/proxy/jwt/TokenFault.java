package dev.sluice.proxy.jwt;

/** Why a request has no valid token. */
public enum TokenFault {
    MISSING("Jwt_is_missing"),
    MALFORMED("Jwt_is_not_in_the_form_of_Header.Payload.Signature"),
    UNKNOWN_ISSUER("Jwt_issuer_is_not_configured"),
    UNKNOWN_KEY("Jwks_doesn't_have_key_to_match_kid_or_alg_from_Jwt"),
    KEYS_UNREACHABLE("Jwks_remote_fetch_is_failed"),
    WRONG_SIGNATURE("Jwt_verification_fails"),
    EXPIRED("Jwt_is_expired"),
    EXPIRATION_MISSING("Jwt_expiration_is_missing"),
    LIVES_TOO_LONG("Jwt_lifetime_exceeds_maximum"),
    NOT_YET_VALID("Jwt_not_yet_valid"),
    WRONG_SUBJECT("Jwt_subject_is_not_allowed"),
    WRONG_AUDIENCE("Audiences_in_Jwt_are_not_allowed"),
    UNKNOWN_REQUIREMENT("Wrong_requirement_name");

    private final String words;

    TokenFault(String words) {
        this.words = words;
    }

    /** As in Envoy's response code details. */
    public String words() {
        return words;
    }

    /** Whether the token says who the client is, who may not do this (403), or not (401). */
    public boolean isForbidden() {
        return this == WRONG_AUDIENCE || this == UNKNOWN_REQUIREMENT;
    }

    /** Whether the request holds no token that this provider could judge. */
    public boolean isAbsence() {
        return this == MISSING || this == UNKNOWN_ISSUER;
    }
}
