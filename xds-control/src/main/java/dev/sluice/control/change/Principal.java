package dev.sluice.control.change;

/**
 * Who gives a command. Immutable.
 *
 * @param name such as {@code admin} or {@code sluice/orchestrator}, kept in the log
 * @param method how the name was proved
 */
public record Principal(String name, AuthMethod method) {
    /** The ramp runner of this control plane. */
    public static final Principal ORCHESTRATOR =
            new Principal("sluice/orchestrator", AuthMethod.INTERNAL);

    /** The xDS side of this control plane, which speaks for nodes. */
    public static final Principal NODES = new Principal("sluice/nodes", AuthMethod.INTERNAL);

    /** What tells sinks of events. */
    public static final Principal NOTIFIER = new Principal("sluice/notifier", AuthMethod.INTERNAL);

    /** How a principal's name was proved. */
    public enum AuthMethod {
        /** Not at all. */
        NONE,
        /** By a token: the one that the control plane generated, or a user's own. */
        TOKEN,
        /** By a client certificate with a SPIFFE ID that a user has. */
        CERTIFICATE,
        /** By a token that an OpenID provider signed. */
        OIDC,
        /** A part of this process. */
        INTERNAL
    }
}
