package dev.sluice.chaos.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The spans of a run, made of its journal: {@code chaos experiment} over all; under it {@code chaos
 * fault window}, with one {@code chaos fault} for each time that one was on; and one span for each
 * activity. A look at the steady state that did not find it is an event. Used once, by one thread.
 */
public final class RunSpans {
    private static final InstrumentationScope SCOPE =
            InstrumentationScope.newBuilder().setName("dev.sluice.chaos").build();
    private static final int SAMPLED = 1;

    private final JsonNode journal;
    private final TraceParent parent;
    private final RandomGenerator random;
    private final List<Span> spans = new ArrayList<>();

    private RunSpans(JsonNode journal, TraceParent parent, RandomGenerator random) {
        this.journal = journal;
        this.parent = parent;
        this.random = random;
    }

    /**
     * The spans as a collector takes them.
     *
     * @param journal of the run
     * @param resource attributes of what sends
     * @param random gives ids to spans
     */
    public static ExportTraceServiceRequest of(
            JsonNode journal,
            TraceParent parent,
            Map<String, String> resource,
            RandomGenerator random) {
        List<Span> spans = new RunSpans(journal, parent, random).all();
        Resource.Builder sender = Resource.newBuilder();
        resource.forEach((name, value) -> sender.addAttributes(attribute(name, value)));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder()
                                .setResource(sender)
                                .addScopeSpans(
                                        ScopeSpans.newBuilder().setScope(SCOPE).addAllSpans(spans)))
                .build();
    }

    private List<Span> all() {
        JsonNode own = journal.path("x-sluice");
        Span.Builder run =
                begin("chaos experiment", parent.span(), journal)
                        .addAttributes(
                                attribute("chaos.experiment", text(journal, "experiment", "title")))
                        .addAttributes(attribute("chaos.verdict", text(own, "verdict")))
                        .addAttributes(attribute("chaos.seed", text(own, "seed")));
        if (!text(own, "verdict").equals("PASSED")) {
            run.setStatus(error(own.path("reasons").path(0).asText()));
        }
        events(run);
        spans.add(run.build());
        faults(own, run.getSpanId());
        journal.path("run").forEach(entry -> spans.add(activity(entry, "", run.getSpanId())));
        journal.path("rollbacks")
                .forEach(entry -> spans.add(activity(entry, "rollback ", run.getSpanId())));
        return spans;
    }

    private void faults(JsonNode own, ByteString run) {
        if (!own.path("window").isObject()) {
            return;
        }
        Span window = begin("chaos fault window", run, own.path("window"), "from", "to").build();
        spans.add(window);
        for (JsonNode fault : own.path("faults")) {
            boolean isBack = fault.path("to").isTextual();
            Span.Builder span =
                    begin("chaos fault", window.getSpanId(), fault, "from", "to")
                            .addAttributes(attribute("chaos.fault", text(fault, "name")))
                            .addAttributes(attribute("sluice.gate", text(fault, "gate")))
                            .addAttributes(attribute("sluice.arm", text(fault, "arm")));
            if (!isBack) {
                span.setEndTimeUnixNano(nanos(text(journal, "end")))
                        .setStatus(error("was not taken back"));
            }
            spans.add(span.build());
        }
    }

    private Span activity(JsonNode entry, String kind, ByteString run) {
        String name = kind + text(entry, "activity", "type");
        Span.Builder span =
                begin("chaos " + name, run, entry)
                        .addAttributes(
                                attribute("chaos.activity", text(entry, "activity", "name")));
        if (text(entry, "status").equals("failed")) {
            span.setStatus(error(entry.path("exception").path(0).asText()));
        }
        return span.build();
    }

    private void events(Span.Builder run) {
        JsonNode states = journal.path("steady_states");
        event(run, states.path("before"));
        states.path("during").forEach(look -> event(run, look));
        event(run, states.path("after"));
    }

    private static void event(Span.Builder run, JsonNode look) {
        if (!look.isObject() || look.path("steady_state_met").asBoolean()) {
            return;
        }
        for (JsonNode probe : look.path("probes")) {
            if (!probe.path("tolerance_met").asBoolean()) {
                run.addEvents(
                        Span.Event.newBuilder()
                                .setName("steady state not met")
                                .setTimeUnixNano(nanos(text(probe, "end")))
                                .addAttributes(
                                        attribute(
                                                "chaos.activity",
                                                text(probe, "activity", "name"))));
            }
        }
    }

    private Span.Builder begin(String name, ByteString parentSpan, JsonNode times) {
        return begin(name, parentSpan, times, "start", "end");
    }

    private Span.Builder begin(
            String name, ByteString parentSpan, JsonNode times, String start, String end) {
        Span.Builder span =
                Span.newBuilder()
                        .setTraceId(parent.trace())
                        .setSpanId(TraceParent.bytes(random, Long.BYTES))
                        .setParentSpanId(parentSpan)
                        .setName(name)
                        .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
                        .setFlags(SAMPLED)
                        .setStartTimeUnixNano(nanos(text(times, start)));
        return times.path(end).isTextual()
                ? span.setEndTimeUnixNano(nanos(text(times, end)))
                : span;
    }

    private static Status error(String message) {
        return Status.newBuilder()
                .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                .setMessage(message)
                .build();
    }

    private static String text(JsonNode from, String... path) {
        JsonNode at = from;
        for (String name : path) {
            at = at.path(name);
        }
        return at.asText();
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static long nanos(String instant) {
        Instant at = Instant.parse(instant);
        return at.getEpochSecond() * 1_000_000_000 + at.getNano();
    }
}
