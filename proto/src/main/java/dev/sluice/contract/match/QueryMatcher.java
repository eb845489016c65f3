package dev.sluice.contract.match;

import java.util.Optional;

/**
 * How a query parameter must be: Envoy's {@code QueryParameterMatcher}, over the first parameter of
 * the name, raw. Immutable.
 *
 * @param name its name, case-sensitive, as it stands in the query
 * @param test what is asked of it
 */
public record QueryMatcher(String name, Test test) {
    /** What is asked of a parameter. */
    public sealed interface Test {
        /** Its value is so. */
        record Text(StringMatcher matcher) implements Test {}

        /** It is there. */
        record Present() implements Test {}

        /** It is not there. */
        record Absent() implements Test {}
    }

    /** Whether the parameter of this request is so. */
    public boolean matches(RequestView request) {
        Optional<CharSequence> value = request.queryParameter(name);
        return switch (test) {
            case Test.Text(StringMatcher matcher) -> value.filter(matcher::matches).isPresent();
            case Test.Present() -> value.isPresent();
            case Test.Absent() -> value.isEmpty();
        };
    }
}
