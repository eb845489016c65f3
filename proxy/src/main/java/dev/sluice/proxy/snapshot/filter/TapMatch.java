package dev.sluice.proxy.snapshot.filter;

import dev.sluice.contract.match.HeaderMatcher;
import java.util.List;

/** Which exchanges a tap records (Envoy {@code MatchPredicate}). Immutable. */
public sealed interface TapMatch {
    /** Every exchange. */
    TapMatch ANY = new Any();

    /** No exchange. */
    TapMatch NONE = new Not(ANY);

    /** Every exchange. */
    record Any() implements TapMatch {}

    /** Those that all of these match. */
    record All(List<TapMatch> rules) implements TapMatch {
        public All {
            rules = List.copyOf(rules);
        }
    }

    /** Those that one of these matches. */
    record Either(List<TapMatch> rules) implements TapMatch {
        public Either {
            rules = List.copyOf(rules);
        }
    }

    /** Those that this does not match. */
    record Not(TapMatch rule) implements TapMatch {}

    /** Those that have this part, with fields that are all so. */
    record Fields(Part part, List<HeaderMatcher> headers) implements TapMatch {
        public Fields {
            headers = List.copyOf(headers);
        }
    }

    /** Where fields stand in an exchange. */
    enum Part {
        /** With the pseudo headers. */
        REQUEST_HEADERS,
        REQUEST_TRAILERS,
        /** With {@code :status}. */
        RESPONSE_HEADERS,
        RESPONSE_TRAILERS
    }
}
