package dev.sluice.proxy.observe;

import dev.sluice.proxy.snapshot.trace.TracingSpec;
import java.util.List;
import java.util.Map;

/**
 * What an exchange's spans tell beyond its record. Immutable.
 *
 * @param spec how it is traced
 * @param context its place in the trace
 * @param scheme {@code http} or {@code https}
 * @param headers values of the request headers that the tags of {@code spec} name, joined by commas
 * @param attempts in the order of their ends; none where attempts are not traced
 */
public record TraceFacts(
        TracingSpec spec,
        TraceContext context,
        String scheme,
        Map<String, String> headers,
        List<AttemptRecord> attempts) {
    public TraceFacts {
        headers = Map.copyOf(headers);
        attempts = List.copyOf(attempts);
    }
}
