package dev.sluice.control.evidence;

/**
 * Requests by how they ended; each is in exactly one of the six after {@code requests}. Immutable.
 *
 * @param underFault of all, those under an injected fault
 */
public record Outcomes(
        long requests,
        long successes,
        long clientErrors,
        long serverErrors,
        long resets,
        long timeouts,
        long cancelled,
        long underFault) {
    public static final Outcomes NONE = new Outcomes(0, 0, 0, 0, 0, 0, 0, 0);

    public Outcomes plus(Outcomes other) {
        return new Outcomes(
                requests + other.requests,
                successes + other.successes,
                clientErrors + other.clientErrors,
                serverErrors + other.serverErrors,
                resets + other.resets,
                timeouts + other.timeouts,
                cancelled + other.cancelled,
                underFault + other.underFault);
    }

    /** Errors of the arm; a caller's own fault counts where the policy says so. */
    public long errors(boolean clientErrorsCount) {
        return serverErrors + resets + timeouts + (clientErrorsCount ? clientErrors : 0);
    }
}
