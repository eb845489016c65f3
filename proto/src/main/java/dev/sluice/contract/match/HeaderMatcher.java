package dev.sluice.contract.match;

import java.util.Optional;

/**
 * How a header of a request must be: Envoy's {@code HeaderMatcher}, with several values of one name
 * joined by a comma. Immutable.
 *
 * @param name header name, lower case
 * @param test what is asked of it
 * @param sense whether the test must hold or fail; a missing header matches neither way, but for
 *     the presence test
 * @param missing whether a missing header counts as one with an empty value
 */
public record HeaderMatcher(String name, Test test, Sense sense, Missing missing) {
    /** What is asked of a header. */
    public sealed interface Test {
        /** Whether this value is so. */
        boolean holds(CharSequence value);

        /** Whether it is so where the header is not there; a question about a value never is. */
        default boolean holdsWithout(Sense sense) {
            return false;
        }

        /** Its value is so. */
        record Text(StringMatcher matcher) implements Test {
            @Override
            public boolean holds(CharSequence value) {
                return matcher.matches(value);
            }
        }

        /**
         * Its value is an integer in [{@code start}, {@code end}): base 10, an optional sign,
         * nothing else.
         */
        record Range(long start, long end) implements Test {
            @Override
            public boolean holds(CharSequence value) {
                return Integers.isIn(value, start, end);
            }
        }

        /** It is there. */
        record Present() implements Test {
            @Override
            public boolean holds(CharSequence value) {
                return true;
            }

            @Override
            public boolean holdsWithout(Sense sense) {
                return sense == Sense.FAILS;
            }
        }

        /** It is not there. */
        record Absent() implements Test {
            @Override
            public boolean holds(CharSequence value) {
                return false;
            }

            @Override
            public boolean holdsWithout(Sense sense) {
                return sense == Sense.HOLDS;
            }
        }
    }

    /** Whether a test must hold. */
    public enum Sense {
        HOLDS,
        FAILS
    }

    /** What a header that is not there counts as. */
    public enum Missing {
        ABSENT,
        EMPTY
    }

    /** Whether the header of this request is so. */
    public boolean matches(RequestView request) {
        return matchesValue(request.joinedHeader(name));
    }

    /**
     * Whether a header is so that need not be a request's.
     *
     * @param value all its values joined by a comma; empty: it is not there
     */
    public boolean matchesValue(Optional<CharSequence> value) {
        if (value.isEmpty() && missing == Missing.ABSENT) {
            return test.holdsWithout(sense);
        }
        return test.holds(value.orElse("")) == (sense == Sense.HOLDS);
    }
}
