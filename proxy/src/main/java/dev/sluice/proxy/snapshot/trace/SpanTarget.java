package dev.sluice.proxy.snapshot.trace;

import java.time.Duration;
import java.util.Map;

/**
 * A collector of spans, and who this proxy is to it. Immutable.
 *
 * @param cluster of the collectors
 * @param protocol how spans are sent
 * @param authority of the requests; never empty
 * @param path of the requests, with a slash in front
 * @param headers of the requests, lower-case
 * @param timeout of one request; default 10 s
 * @param resource attributes of this proxy, {@code service.name} among them
 */
public record SpanTarget(
        String cluster,
        Protocol protocol,
        String authority,
        String path,
        Map<String, String> headers,
        Duration timeout,
        Map<String, String> resource) {
    /** OTLP's default. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public SpanTarget {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /** The two forms of OTLP that this proxy speaks, both with protobuf. */
    public enum Protocol {
        GRPC,
        HTTP
    }
}
