package dev.sluice.proxy.telemetry.trace;

import com.google.protobuf.ByteString;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.util.List;
import java.util.Map;

/**
 * Spans on their way to a collector.
 *
 * @param request an {@code ExportTraceServiceRequest} in its own bytes
 * @param spans how many are in it
 */
record SpanBatch(ByteString request, int spans) {
    private static final InstrumentationScope SCOPE =
            InstrumentationScope.newBuilder().setName("dev.sluice.proxy").build();

    static SpanBatch of(SpanTarget target, List<ExchangeRecord> exchanges) {
        ScopeSpans.Builder spans = ScopeSpans.newBuilder().setScope(SCOPE);
        exchanges.forEach(exchange -> spans.addAllSpans(OtlpSpans.of(exchange)));
        ExportTraceServiceRequest request =
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(
                                ResourceSpans.newBuilder()
                                        .setResource(resource(target))
                                        .addScopeSpans(spans))
                        .build();
        return new SpanBatch(request.toByteString(), spans.getSpansCount());
    }

    private static Resource resource(SpanTarget target) {
        Resource.Builder resource = Resource.newBuilder();
        target.resource().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry ->
                        resource.addAttributes(
                                KeyValue.newBuilder()
                                        .setKey(entry.getKey())
                                        .setValue(
                                                AnyValue.newBuilder()
                                                        .setStringValue(entry.getValue()))));
        return resource.build();
    }
}
