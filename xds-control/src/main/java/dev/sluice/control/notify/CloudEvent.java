package dev.sluice.control.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.change.spec.SinkSpec.Mode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * News as a CloudEvent 1.0 over HTTP (CloudEvents specification, HTTP protocol binding §3). Beside
 * the attributes of the core it has two extensions: {@code sequence}, 20 digits so that texts sort
 * as numbers do, and {@code severity}. Immutable.
 *
 * @param headers with {@code Content-Type}
 */
record CloudEvent(Map<String, String> headers, String body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TYPE_PREFIX = "dev.sluice.";
    private static final int FIRST_PRINTABLE = 0x21;
    private static final int LAST_PRINTABLE = 0x7E;

    CloudEvent {
        headers = Map.copyOf(headers);
    }

    /**
     * @param source of the event: this control plane, as the operator calls it
     */
    static CloudEvent of(News news, String source, Mode mode) {
        Map<String, String> attributes = attributes(news, source);
        return switch (mode) {
            case STRUCTURED -> structured(attributes, news);
            case BINARY -> binary(attributes, news);
        };
    }

    private static Map<String, String> attributes(News news, String source) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", "1.0");
        attributes.put("id", news.id());
        attributes.put("source", source);
        attributes.put("type", TYPE_PREFIX + news.kind());
        attributes.put("subject", news.subject());
        attributes.put("time", news.time().toString());
        attributes.put("severity", news.severity().name().toLowerCase(Locale.ROOT));
        attributes.put("sequence", "%020d".formatted(news.sequence()));
        return attributes;
    }

    private static CloudEvent structured(Map<String, String> attributes, News news) {
        ObjectNode document = MAPPER.createObjectNode();
        attributes.forEach(document::put);
        document.put("datacontenttype", "application/json");
        document.set("data", news.data());
        return new CloudEvent(
                Map.of("Content-Type", "application/cloudevents+json; charset=UTF-8"),
                text(document));
    }

    private static CloudEvent binary(Map<String, String> attributes, News news) {
        Map<String, String> headers = new LinkedHashMap<>();
        attributes.forEach((name, value) -> headers.put("ce-" + name, encoded(value)));
        headers.put("Content-Type", "application/json");
        return new CloudEvent(headers, text(news.data()));
    }

    /** HTTP protocol binding §3.1.3.2. */
    private static String encoded(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    octet >= FIRST_PRINTABLE
                            && octet <= LAST_PRINTABLE
                            && octet != '"'
                            && octet != '%';
            if (plain) {
                text.append((char) octet);
            } else {
                text.append("%%%02X".formatted(octet));
            }
        }
        return text.toString();
    }

    private static String text(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
