package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One step of a path. Immutable. */
@FunctionalInterface
interface Step {
    /** Adds what it leads to from a value; nothing when it leads nowhere. */
    void from(JsonNode document, JsonNode node, List<JsonNode> found);

    /** To all elements or members. */
    static Step all() {
        return (_, node, found) -> node.forEach(found::add);
    }

    /** To the member of this name. */
    static Step member(String name) {
        return (_, node, found) -> {
            JsonNode value = node.path(name);
            if (!value.isMissingNode()) {
                found.add(value);
            }
        };
    }

    /**
     * To the element of this number.
     *
     * @param index from 0, or from -1 backwards from the end
     */
    static Step element(int index) {
        return (_, node, found) -> {
            int at = index < 0 ? node.size() + index : index;
            if (node.isArray() && at >= 0 && at < node.size()) {
                found.add(node.get(at));
            }
        };
    }

    /** To what each of them leads to. */
    static Step each(List<Step> steps) {
        List<Step> all = List.copyOf(steps);
        return (document, node, found) -> all.forEach(step -> step.from(document, node, found));
    }

    /** The step from the value and from all that is in it, however deep. */
    static Step deep(Step step) {
        return new Step() {
            @Override
            public void from(JsonNode document, JsonNode node, List<JsonNode> found) {
                step.from(document, node, found);
                node.forEach(below -> from(document, below, found));
            }
        };
    }

    /** Stays at the value when the condition holds there. */
    static Step when(Condition condition) {
        return (document, node, found) -> {
            if (condition.holds(document, node)) {
                found.add(node);
            }
        };
    }

    /** To the members and elements whose names and numbers are at the end of another path. */
    static Step named(Route route) {
        return (document, node, found) -> {
            for (JsonNode name : route.find(document, node)) {
                if (name.isTextual()) {
                    member(name.textValue()).from(document, node, found);
                } else if (name.isBoolean()
                        || (name.isIntegralNumber() && name.canConvertToInt())) {
                    element(name.asInt()).from(document, node, found);
                }
            }
        };
    }
}
