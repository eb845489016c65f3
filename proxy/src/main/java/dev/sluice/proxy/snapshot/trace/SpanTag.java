package dev.sluice.proxy.snapshot.trace;

import java.util.Optional;

/** An attribute that a configuration asks for (Envoy {@code CustomTag}). Immutable. */
public sealed interface SpanTag {
    /** Name of the attribute. */
    String name();

    /** Always the same: written so, or taken from the environment when it was read. */
    record Literal(String name, String value) implements SpanTag {}

    /**
     * A header of the request as it came; several values are joined by commas.
     *
     * @param header lower-case
     * @param otherwise value without the header; absent: no attribute then
     */
    record Header(String name, String header, Optional<String> otherwise) implements SpanTag {}

    /**
     * What this proxy knows of the exchange, as {@code DYNAMIC_METADATA} of access logs.
     *
     * @param namespace of {@code LogMetadata}
     * @param key in it
     * @param otherwise value when there is none; absent: no attribute then
     */
    record Metadata(String name, String namespace, String key, Optional<String> otherwise)
            implements SpanTag {}
}
