package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;

/** Values as Python writes them, for arguments of programs, queries and forms. */
final class PythonText {
    private PythonText() {}

    /** Truth values begin with a capital; containers are JSON. */
    static String of(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        return value.isContainerNode() ? value.toString() : value.asText();
    }
}
