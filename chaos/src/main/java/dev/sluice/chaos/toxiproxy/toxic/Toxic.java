package dev.sluice.chaos.toxiproxy.toxic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A toxic of a proxy. Immutable.
 *
 * @param name unique among all toxics of the proxy
 * @param stream the direction as the client wrote it, which the API echoes
 * @param toxicity share of connections that it bites, 1 for all; not checked, as in the original
 * @param attributes all attributes of the type, in the order of the wire
 */
public record Toxic(
        String name,
        ToxicType type,
        String stream,
        Direction direction,
        float toxicity,
        Map<String, Long> attributes) {
    public Toxic {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** The attribute of this name, which must be one of the type's. */
    public long attribute(String attribute) {
        Long value = attributes.get(attribute);
        if (value == null) {
            throw new IllegalArgumentException(
                    "attribute '%s' of a %s toxic (expected: one of %s)"
                            .formatted(attribute, type.wireName(), type.attributes()));
        }
        return value;
    }

    /** With another share of connections and other attributes. */
    public Toxic with(float newToxicity, Map<String, Long> newAttributes) {
        return new Toxic(name, type, stream, direction, newToxicity, newAttributes);
    }
}
