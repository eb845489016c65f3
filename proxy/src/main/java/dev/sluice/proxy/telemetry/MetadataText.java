package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.operator.LogValue;
import dev.sluice.proxy.operator.LogValues;
import dev.sluice.proxy.snapshot.log.LogPart;
import java.util.Optional;

/** What {@code DYNAMIC_METADATA} of access logs shows, for others who show it. Stateless. */
public final class MetadataText {
    private MetadataText() {}

    /**
     * The value as text; empty when there is none.
     *
     * @param namespace of {@code LogMetadata}
     * @param key in it
     */
    public static Optional<String> of(String namespace, String key, ExchangeRecord exchange) {
        LogPart part = new LogPart.Metadata(namespace, Optional.of(key), Integer.MAX_VALUE);
        return switch (LogValues.of(part, exchange)) {
            case LogValue.Text(String text) -> Optional.of(text);
            case LogValue.Count(long count) -> Optional.of(Long.toString(count));
            case LogValue.None _, LogValue.Tree _ -> Optional.empty();
        };
    }
}
