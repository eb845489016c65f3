package dev.sluice.proxy.snapshot.listener;

import java.util.Optional;

/**
 * What the header {@code proxy-status} (RFC 9209) of this proxy's own answers says (Envoy {@code
 * ProxyStatusConfig}). Immutable.
 *
 * @param name of this proxy, printable ASCII; empty: the id of its node
 * @param details what stands in {@code details}
 * @param status which status the answer has
 */
public record ProxyStatusSpec(Optional<String> name, Details details, Status status) {
    /** How this proxy calls itself where nobody names it. */
    public static final String NAME = "sluice";

    /** Of a listener that says nothing. */
    public static final ProxyStatusSpec DEFAULT =
            new ProxyStatusSpec(Optional.of(NAME), Details.CODE, Status.OWN);

    /** What stands in {@code details}. */
    public enum Details {
        /** They are left out. */
        NONE,
        /** The code of the refusal. */
        CODE,
        /** The code, and the response flags. */
        CODE_AND_FLAGS
    }

    /** Which status the answer has. */
    public enum Status {
        /** That of the refusal. */
        OWN,
        /** The one that RFC 9209 recommends for the error, where it recommends one. */
        RECOMMENDED
    }
}
