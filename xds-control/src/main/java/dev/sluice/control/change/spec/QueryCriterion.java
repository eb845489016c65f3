package dev.sluice.control.change.spec;

import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import java.time.Duration;
import java.util.Optional;

/**
 * Something that a step is judged by, as a metrics server knows it. Immutable; ranges are checked
 * by {@code lifecycle}.
 *
 * @param name of its own among the criteria of a policy: a-z, 0-9 and -, 1..63
 * @param query PromQL of one value, 1..4,096 characters; {@code {{arm}}}, {@code {{version}}},
 *     {@code {{cluster}}}, {@code {{gate}}} and {@code {{window}}} are filled in
 */
public record QueryCriterion(String name, Source source, String query, Limit limit) {
    /** Stands for {@code legacy} or {@code new}. */
    public static final String ARM = "{{arm}}";

    /** Stands for the name of the arm's version, or of its cluster where it is none. */
    public static final String VERSION = "{{version}}";

    /** Stands for the name of the arm's cluster. */
    public static final String CLUSTER = "{{cluster}}";

    /** Stands for the name of the gate, without {@code gates/}. */
    public static final String GATE = "{{gate}}";

    /** Stands for how far to look back, in whole seconds such as {@code 90s}. */
    public static final String WINDOW = "{{window}}";

    /** Whether the query asks something else of each arm. */
    public boolean tellsArms() {
        return query.contains(ARM) || query.contains(VERSION) || query.contains(CLUSTER);
    }

    /**
     * Who is asked, and how often.
     *
     * @param url of the server, without {@code /api/v1/query}; http or https
     * @param bearerSecret name of the token that is shown
     * @param interval from one round to the next, 5 s..1 h
     * @param timeout of one query, 1 s..30 s
     * @param window longest way to look back, 10 s..1 d; never beyond the beginning of the step
     */
    public record Source(
            String url,
            Optional<String> bearerSecret,
            Duration interval,
            Duration timeout,
            Duration window) {}

    /**
     * What its values must keep to.
     *
     * @param against what the limit is relative to
     * @param bound on which side of the limit values must be
     * @param value the limit, finite, in the unit of the query
     * @param onBreach what a breach does
     * @param inARow how many looks in a row must break it for a rollback, 1..10
     * @param maxAge oldest answer that counts, interval..1 d
     */
    public record Limit(
            Against against,
            Bound bound,
            double value,
            OnBreach onBreach,
            int inARow,
            Duration maxAge) {}

    /** On which side of a limit a value must be. */
    public enum Bound {
        /** Not above it. */
        AT_MOST,
        /** Not below it. */
        AT_LEAST
    }
}
