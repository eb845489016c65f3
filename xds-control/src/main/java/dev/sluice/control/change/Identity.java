package dev.sluice.control.change;

/**
 * A principal, and what the proof of its name said that it may. Immutable.
 *
 * @param vouched by an OpenID provider with the token of this call; {@link Rights#NONE} where the
 *     proof tells a name only, whose rights the control plane knows itself. Not kept in the log
 */
public record Identity(Principal principal, Rights vouched) {
    /** Somebody whose proof tells a name only. */
    public static Identity of(Principal principal) {
        return new Identity(principal, Rights.NONE);
    }
}
