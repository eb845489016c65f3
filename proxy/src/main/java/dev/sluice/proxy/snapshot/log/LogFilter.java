package dev.sluice.proxy.snapshot.log;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.snapshot.runtime.RuntimeNumber;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.List;
import java.util.Set;

/** Which exchanges get a line (Envoy's {@code AccessLogFilter}). Immutable. */
public sealed interface LogFilter {
    /** The answer's status compares so. */
    record Status(Comparison comparison) implements LogFilter {}

    /** The whole duration, in milliseconds, compares so. */
    record Duration(Comparison comparison) implements LogFilter {}

    /** It is no health check that a filter of this listener knows. */
    record NotHealthCheck() implements LogFilter {}

    /**
     * A share of all: {@code share} of {@code of}.
     *
     * @param of 100, 10,000 or 1,000,000, as it is written, so that Envoy draws the same
     * @param draw what decides
     */
    record Sampled(RuntimeNumber share, long of, Draw draw) implements LogFilter {}

    /** All hold. */
    record All(List<LogFilter> filters) implements LogFilter {
        public All {
            filters = List.copyOf(filters);
        }
    }

    /** One holds. */
    record Any(List<LogFilter> filters) implements LogFilter {
        public Any {
            filters = List.copyOf(filters);
        }
    }

    /** A header of the request is so. */
    record Header(HeaderMatcher matcher) implements LogFilter {}

    /** One of these response flags is set; none named: any is. */
    record Flags(Set<String> words) implements LogFilter {
        public Flags {
            words = Set.copyOf(words);
        }
    }

    /**
     * The gRPC status, or what the HTTP status means for gRPC, is one of these.
     *
     * @param codes 0..16
     */
    record GrpcStatus(Set<Integer> codes, Sense sense) implements LogFilter {
        public GrpcStatus {
            codes = Set.copyOf(codes);
        }
    }

    /** Whether those that match pass, or all others. */
    enum Sense {
        PASS,
        EXCLUDE
    }

    /** What decides a sample. */
    enum Draw {
        /** The request's id, so that all proxies on its way agree; chance for one without. */
        REQUEST_ID,
        /** Chance. */
        CHANCE
    }

    /**
     * A comparison with a number.
     *
     * @param number 0..4,294,967,295
     */
    record Comparison(Op op, RuntimeNumber number) {
        /** Whether {@code actual} compares so. */
        public boolean holds(long actual, RuntimeValues runtime) {
            long value = runtime.number(number);
            return switch (op) {
                case EQ -> actual == value;
                case GE -> actual >= value;
                case LE -> actual <= value;
            };
        }
    }

    /** How numbers compare. */
    enum Op {
        EQ,
        GE,
        LE
    }
}
