package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a path begins and its steps from there. Immutable.
 *
 * @param from where it begins
 */
record Route(Start from, List<Step> steps) {
    /** Where a path begins. */
    enum Start {
        /** At the whole document. */
        DOCUMENT,
        /** At the value that a filter asks. */
        HERE
    }

    Route {
        steps = List.copyOf(steps);
    }

    /** All values at its end, in the order of the document. */
    List<JsonNode> find(JsonNode document, JsonNode here) {
        List<JsonNode> found =
                List.of(
                        switch (from) {
                            case DOCUMENT -> document;
                            case HERE -> here;
                        });
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            found.forEach(node -> step.from(document, node, next));
            found = next;
        }
        return found;
    }
}
