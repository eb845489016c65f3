package dev.sluice.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubstitutionTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"${port}\"|8080",
                "\"$port\"|8080",
                "\"http://h:${port}/x\"|\"http://h:8080/x\"",
                "\"$host:$port\"|\"localhost:8080\"",
                "\"${list}\"|[1,2]",
                "\"a ${list}\"|\"a [1,2]\"",
                "\"$$port\"|\"$port\"",
                "\"$$\"|\"$\"",
                "\"${none}\"|\"${none}\"",
                "\"$none and $host\"|\"$none and localhost\"",
                "\"100$\"|\"100$\"",
                "{\"a\":[\"$host\",{\"b\":\"${port}\"}],\"c\":7}|{\"a\":[\"localhost\",{\"b\":8080}],\"c\":7}",
            })
    void puts_values_in_the_place_of_variables(String text, String filled) throws IOException {
        Map<String, JsonNode> values = new HashMap<>();
        values.put("port", JSON.readTree("8080"));
        values.put("host", JSON.readTree("\"localhost\""));
        values.put("list", JSON.readTree("[1,2]"));
        assertThat(new Substitution(values).in(JSON.readTree(text)).toString())
                .isEqualTo(JSON.readTree(filled).toString());
    }
}
