package dev.sluice.chaos.toxiproxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;

/** Proxies and toxics as JSON, fields in Toxiproxy's order. */
final class Shown {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Shown() {}

    static JsonNode proxy(Proxy proxy) {
        return NODES.objectNode()
                .put("name", proxy.name())
                .put("listen", proxy.listen())
                .put("upstream", proxy.upstream())
                .put("enabled", proxy.enabled())
                .set("toxics", toxics(proxy.toxics().all()));
    }

    static JsonNode byName(Collection<Proxy> proxies) {
        ObjectNode object = NODES.objectNode();
        proxies.forEach(proxy -> object.set(proxy.name(), proxy(proxy)));
        return object;
    }

    static ArrayNode toxics(List<Toxic> toxics) {
        ArrayNode array = NODES.arrayNode();
        toxics.forEach(toxic -> array.add(toxic(toxic)));
        return array;
    }

    static JsonNode toxic(Toxic toxic) {
        ObjectNode attributes = NODES.objectNode();
        toxic.attributes().forEach(attributes::put);
        ObjectNode object = NODES.objectNode();
        object.set("attributes", attributes);
        object.put("name", toxic.name());
        object.put("type", toxic.type().wireName());
        object.put("stream", toxic.stream());
        object.set("toxicity", shortest(toxic.toxicity()));
        return object;
    }

    /** Without a fraction of zero: 1, not 1.0. */
    private static JsonNode shortest(float number) {
        BigDecimal shortest = new BigDecimal(Float.toString(number)).stripTrailingZeros();
        return DecimalNode.valueOf(shortest.scale() < 0 ? shortest.setScale(0) : shortest);
    }

    static JsonNode error(Refused refused) {
        return NODES.objectNode().put("error", refused.words()).put("status", refused.status());
    }

    /** A populate call's answer; no list at all when nothing was done. */
    static JsonNode populated(Proxies.Populated populated) {
        ObjectNode object = NODES.objectNode();
        populated.refused().ifPresent(refused -> object.setAll((ObjectNode) error(refused)));
        List<Proxy> done = populated.done().orElse(List.of());
        ArrayNode array = NODES.arrayNode();
        done.forEach(proxy -> array.add(proxy(proxy)));
        object.set("proxies", done.isEmpty() ? NODES.nullNode() : array);
        return object;
    }
}
