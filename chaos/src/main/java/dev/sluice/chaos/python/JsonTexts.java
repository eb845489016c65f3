package dev.sluice.chaos.python;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Bodies that hold JSON, whatever their type says. */
final class JsonTexts {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonTexts() {}

    /** What a text holds; another value is as it is; missing when it is no JSON. */
    static JsonNode parsed(JsonNode body) {
        if (!body.isTextual()) {
            return body;
        }
        try {
            return JSON.readTree(body.textValue());
        } catch (JsonProcessingException noJson) {
            return MissingNode.getInstance();
        }
    }
}
