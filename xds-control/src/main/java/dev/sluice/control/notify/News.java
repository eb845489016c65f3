package dev.sluice.control.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import java.time.Instant;

/**
 * One thing to tell a sink. Immutable.
 *
 * @param id the same at every repetition and on every replica, and of nothing else
 * @param kind such as {@code ramp.moved}
 * @param subject full name of the resource that it is about
 * @param text one sentence for people
 * @param data all that is known of it; not to be changed
 */
record News(
        String id,
        long sequence,
        Instant time,
        String kind,
        String subject,
        Severity severity,
        String text,
        JsonNode data) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What is told of an event. */
    static News of(LoggedEvent event) {
        String kind = EventCodec.caseName(event.event());
        String text = NewsText.of(event);
        Severity severity = NewsText.severity(event.event());
        ObjectNode data = MAPPER.createObjectNode();
        data.put("summary", text);
        data.put("severity", severity.name());
        data.put("sequence", event.seq());
        data.put("epoch", event.epoch());
        data.put("actor", event.stamp().principal().name());
        data.put("auth_method", event.stamp().principal().method().name());
        data.put("reason", event.stamp().reason());
        event.stamp().requestId().ifPresent(id -> data.put("request_id", id));
        data.set("event", content(event));
        return new News(
                event.seq() + "-" + event.hash().brief(),
                event.seq(),
                event.stamp().time(),
                kind,
                event.stamp().subject(),
                severity,
                text,
                data);
    }

    /** What a sink is told when a person asks whether it hears. */
    static News test(String sink, String asker, String id, Instant time) {
        String text = "a test of " + sink + ", asked for by " + asker + "; nothing happened";
        ObjectNode data = MAPPER.createObjectNode();
        data.put("summary", text);
        data.put("severity", Severity.INFO.name());
        data.put("actor", asker);
        return new News(id, 0, time, "sink.tested", sink, Severity.INFO, text, data);
    }

    private static JsonNode content(LoggedEvent event) {
        try {
            return MAPPER.readTree(event.payload()).path("event");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every line of the log is a JSON object", e);
        }
    }
}
