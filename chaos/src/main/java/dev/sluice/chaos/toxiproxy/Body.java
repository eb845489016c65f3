package dev.sluice.chaos.toxiproxy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.chaos.toxiproxy.toxic.ToxicType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON of a request, read as Go reads it into a struct: names in any case, unknown names and
 * whatever follows the first value ignored, {@code null} as not given; another type is refused.
 * Immutable.
 */
record Body(JsonNode node) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** The first value of the text. */
    static JsonNode first(String text) throws Refused {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode node = MAPPER.readTree(parser);
            if (node == null || node.isMissingNode()) {
                throw new Refused(Refused.Reason.BAD_BODY, "EOF");
            }
            return node;
        } catch (JsonProcessingException malformed) {
            throw new Refused(Refused.Reason.BAD_BODY, malformed.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("a text in memory can't fail to read", impossible);
        }
    }

    /** The object that {@code node} is; {@code null} is one without fields. */
    static Body object(JsonNode node) throws Refused {
        if (node.isObject() || node.isNull() || node.isMissingNode()) {
            return new Body(node);
        }
        throw wrongType("the body", node, "an object");
    }

    static Body parse(String text) throws Refused {
        return object(first(text));
    }

    Optional<String> text(String field) throws Refused {
        JsonNode value = value(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrongType(field, value, "a string");
        }
        return Optional.of(value.textValue());
    }

    Optional<Boolean> truth(String field) throws Refused {
        JsonNode value = value(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw wrongType(field, value, "true or false");
        }
        return Optional.of(value.booleanValue());
    }

    Optional<Float> number(String field) throws Refused {
        JsonNode value = value(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isNumber() || !Float.isFinite(value.floatValue())) {
            throw wrongType(field, value, "a number of 32 bits");
        }
        return Optional.of(value.floatValue());
    }

    /** The attributes of a type: those given here, else those of {@code before}, else 0. */
    Map<String, Long> attributes(ToxicType type, Map<String, Long> before) throws Refused {
        Body given = object(value("attributes"));
        Map<String, Long> merged = new LinkedHashMap<>();
        for (String name : type.attributes()) {
            merged.put(name, given.whole(name, before.getOrDefault(name, 0L)));
        }
        checkRate(type, merged);
        return merged;
    }

    private static void checkRate(ToxicType type, Map<String, Long> attributes) throws Refused {
        long rate = attributes.getOrDefault("rate", 0L);
        if (type == ToxicType.BANDWIDTH && rate < 0) {
            throw new Refused(
                    Refused.Reason.BAD_BODY,
                    "rate " + rate + " (expected 0 or more KB/s); use 0 to stop the stream");
        }
    }

    private long whole(String field, long otherwise) throws Refused {
        JsonNode value = value(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrongType(field, value, "a whole number of 64 bits");
        }
        return value.longValue();
    }

    private JsonNode value(String field) {
        JsonNode exact = node.path(field);
        if (!exact.isMissingNode()) {
            return exact.isNull() ? MissingNode.getInstance() : exact;
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getKey().equalsIgnoreCase(field) && !entry.getValue().isNull()) {
                return entry.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static Refused wrongType(String field, JsonNode value, String expected) {
        String got = value.isContainerNode() ? value.getNodeType().toString() : value.toString();
        return new Refused(
                Refused.Reason.BAD_BODY, field + ": " + got + " (expected " + expected + ")");
    }
}
