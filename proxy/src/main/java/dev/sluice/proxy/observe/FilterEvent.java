package dev.sluice.proxy.observe;

import java.util.Locale;

/**
 * Something that an HTTP filter noticed about a request that it did not refuse, for metrics and
 * access logs. Immutable.
 *
 * @param filter name of the filter
 */
public record FilterEvent(String filter, Kind kind) {
    /** What was noticed. */
    public enum Kind {
        /** Shadow rules would let the request pass. */
        SHADOW_ALLOWED,
        /** Shadow rules would refuse the request. */
        SHADOW_DENIED,
        /** The request had no token of a limit that is not enforced for it. */
        LIMIT_NOT_ENFORCED,
        /** The request's token was wrong, which its rule allows. */
        TOKEN_FAILURE_ALLOWED,
        /** The request meets no fault, since as many as may be meet one now. */
        FAULTS_OVERFLOW,
        /** The request is a probe of this proxy's health. */
        HEALTH_CHECK;

        /** Value of the label {@code event}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
