package dev.sluice.control.change.spec;

import dev.sluice.contract.BaselineName;
import java.time.Duration;

/**
 * What a baseline is of, and for how long it is good. Immutable; ranges are checked by {@code
 * lifecycle}.
 *
 * @param target gate or gate set
 * @param maxAge age up to which a share may go to 100 % by it, 1 h..90 d
 */
public record BaselineSpec(
        BaselineName name, Description description, ShareTarget target, Duration maxAge) {
    /** Default of {@link #maxAge}. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(14);
}
