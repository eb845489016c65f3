package dev.sluice.control.cli.bundle;

import java.util.Optional;

/**
 * Whose files these are. Immutable.
 *
 * @param name empty when nobody in particular; then nothing is pruned
 */
public record Owner(Optional<String> name, Others others, Unlisted unlisted) {
    /** What becomes of resources that came from files of another owner. */
    public enum Others {
        REFUSED,
        TAKEN_OVER
    }

    /** What becomes of resources that came from files of this owner and are in none any more. */
    public enum Unlisted {
        KEPT,
        PRUNED
    }
}
