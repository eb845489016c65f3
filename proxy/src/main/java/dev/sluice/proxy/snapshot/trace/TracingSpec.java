package dev.sluice.proxy.snapshot.trace;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.util.List;

/**
 * How the requests of a listener are traced (Envoy {@code HttpConnectionManager.Tracing} with the
 * tracer {@code OpenTelemetryConfig}). Immutable.
 *
 * @param target where spans go
 * @param sampling which traces that begin here are kept
 * @param tags attributes of the request's span beside those of every span
 * @param spans how many a request has
 * @param longestPath characters of a path that are kept, 0..; Envoy's default is 256
 */
public record TracingSpec(
        SpanTarget target, Sampling sampling, List<SpanTag> tags, Spans spans, int longestPath) {
    /** Envoy's default of {@code max_path_tag_length}. */
    public static final int LONGEST_PATH = 256;

    public TracingSpec {
        tags = List.copyOf(tags);
    }

    /** Spans of a request that is traced. */
    public enum Spans {
        /** One for the request; the upstream's parent. */
        REQUEST,
        /** One for the request, and one for each attempt: the upstream's parent. */
        REQUEST_AND_ATTEMPTS
    }

    /**
     * Which traces that begin here are kept. A trace that comes with a request is kept as its
     * parent says.
     *
     * @param client of requests with {@code x-client-trace-id}
     * @param random of all requests
     * @param overall of all, whatever the other two say
     */
    public record Sampling(RuntimeShare client, RuntimeShare random, RuntimeShare overall) {
        /** Envoy's default: all. */
        public static final Sampling ALL =
                of(PartsPerMillion.ALL, PartsPerMillion.ALL, PartsPerMillion.ALL);

        /** With the runtime keys that Envoy gives them. */
        public static Sampling of(
                PartsPerMillion client, PartsPerMillion random, PartsPerMillion overall) {
            return new Sampling(
                    new RuntimeShare("tracing.client_enabled", client),
                    new RuntimeShare("tracing.random_sampling", random),
                    new RuntimeShare("tracing.global_enabled", overall));
        }
    }
}
