package dev.sluice.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.dialect.JsonPath;
import dev.sluice.contract.Parsed;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of tolerance against answers that meet it or do not. */
class ToleranceTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static Tolerance tolerance(String json) {
        String file =
                """
                {"title":"t","description":"d","method":[],"steady-state-hypothesis":{"title":"s",
                 "probes":[{"type":"probe","name":"p","tolerance":%s,
                 "provider":{"type":"http","url":"http://h"}}]}}\
                """
                        .formatted(json);
        Parsed<Experiment> read = ExperimentReader.read(file, "t.json");
        return read.orThrow()
                .hypothesis()
                .orElseThrow()
                .probes()
                .getFirst()
                .tolerance()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true|true|true",
                "true|false|false",
                "true|1|true",
                "200|200|true",
                "200|200.0|true",
                "200|201|false",
                "200|{\"status\":200,\"body\":\"x\"}|true",
                "200|{\"status\":500}|false",
                "0|{\"status\":0,\"stdout\":\"\"}|true",
                "\"up\"|\"up\"|true",
                "\"up\"|\"down\"|false",
                "\"200\"|{\"status\":200}|false",
                "[200,204]|{\"status\":204}|true",
                "[200,204]|{\"status\":202}|false",
                "[1,5]|3|true",
                "[1,5]|1|true",
                "[1,5]|5|true",
                "[1,5]|5.5|false",
                "[1,5,9]|5|true",
                "[1,5,9]|4|false",
                "[\"a\",\"b\"]|\"b\"|true",
                "[\"a\",\"b\"]|\"c\"|false",
                "{\"type\":\"regex\",\"pattern\":\"^ok\"}|\"ok then\"|true",
                "{\"type\":\"regex\",\"pattern\":\"^ok\"}|\"not ok\"|false",
                "{\"type\":\"regex\",\"pattern\":\"ok\"}|\"not ok\"|true",
                "{\"type\":\"regex\",\"pattern\":\"(?P<d>\\\\d)(?P=d)\"}|\"a11\"|true",
                "{\"type\":\"regex\",\"pattern\":\"up\",\"target\":\"stdout\"}"
                        + "|{\"stdout\":\"is up\",\"stderr\":\"\"}|true",
                "{\"type\":\"regex\",\"pattern\":\"up\",\"target\":\"stderr\"}"
                        + "|{\"stdout\":\"is up\",\"stderr\":\"\"}|false",
                "{\"type\":\"regex\",\"pattern\":\"up\",\"target\":\"none\"}|{\"stdout\":\"up\"}|false",
                "{\"type\":\"range\",\"range\":[1,2.5]}|2.5|true",
                "{\"type\":\"range\",\"range\":[1,2.5]}|2.51|false",
                "{\"type\":\"range\",\"range\":[1,2]}|\"1.5\"|true",
                "{\"type\":\"range\",\"range\":[1,2]}|\"x\"|false",
                "{\"type\":\"range\",\"range\":[1,2],\"target\":\"body\"}|{\"body\":\"2\"}|true",
                "{\"type\":\"jsonpath\",\"path\":\"$.a\"}|{\"a\":1}|true",
                "{\"type\":\"jsonpath\",\"path\":\"$.b\"}|{\"a\":1}|false",
                "{\"type\":\"jsonpath\",\"path\":\"$.a\",\"expect\":1}|{\"a\":1}|true",
                "{\"type\":\"jsonpath\",\"path\":\"$.a\",\"expect\":2}|{\"a\":1}|false",
                "{\"type\":\"jsonpath\",\"path\":\"$[*].a\",\"expect\":[1,2]}|[{\"a\":1},{\"a\":2}]|true",
                "{\"type\":\"jsonpath\",\"path\":\"$[*].a\",\"expect\":[2,1]}|[{\"a\":1},{\"a\":2}]|false",
                "{\"type\":\"jsonpath\",\"path\":\"$[*].a\",\"count\":2}|[{\"a\":1},{\"a\":2}]|true",
                "{\"type\":\"jsonpath\",\"path\":\"$[*].a\",\"count\":0}|[]|true",
                "{\"type\":\"jsonpath\",\"path\":\"$[*].a\",\"count\":1}|[{\"a\":1},{\"a\":2}]|false",
                "{\"type\":\"jsonpath\",\"path\":\"$.a\",\"target\":\"body\",\"expect\":1}"
                        + "|{\"body\":\"{\\\"a\\\":1}\"}|true",
                "{\"type\":\"jsonpath\",\"path\":\"$.a\",\"target\":\"body\"}|{\"body\":\"no\"}|false",
            })
    void is_met(String tolerance, String answer, boolean met) throws IOException {
        assertThat(
                        ToleranceCheck.met(
                                tolerance(tolerance),
                                JSON.readTree(answer),
                                (probe, value) -> false))
                .isEqualTo(met);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void of_a_probe_is_what_the_probe_says(boolean says) {
        Tolerance judged =
                tolerance(
                        """
                        {"type":"probe","name":"j","provider":{"type":"http","url":"http://h"}}\
                        """);
        assertThat(ToleranceCheck.met(judged, JSON.createObjectNode(), (probe, value) -> says))
                .isEqualTo(says);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$|1",
                "$.store.book[0].title|1",
                "$['store']['book'][1].title|1",
                "$.store.book[-1].title|1",
                "$.store.book[7].title|0",
                "$.store.book[*].title|2",
                "$.store.book.*|2",
                "$..title|2",
                "$..*|10",
                "$.store.book[*][?(@.price > 10)]|1",
                "$.store.book[?(@[*].price > 10)]|1",
                "$.store.book[?(@.price > 10)]|0",
                "$.store.book[*][?(@.price <= 10)].title|1",
                "$.store.book[*][?(@.title = \"B\")]|1",
                "$.store.book[*][?(@.title != 'B')]|1",
                "$.store.book[*][?(@.isbn)]|0",
                "$.store.open[*][?(@ == true)]|1",
                "$.store.book[*][?(@.price > 4 and not (@.price > 10 or @.isbn))]|1",
                "$.store.book[?(@.length() = 2)]|1",
                "$.store.book[0, -1].title|2",
                "$.store.book[1:].title|1",
                "$.store.book[::-1]|0",
                "$.store.book[1::-1]|0",
                "$.store.book[9:0:-1]|1",
                "$..[?(@.price)]|2",
                "$ . store . book . length()|1",
                "$.store.keys()[*]|2"
            })
    void path_finds(String path, int count) throws IOException {
        var document =
                JSON.readTree(
                        """
                        {"store":{"book":[{"title":"A","price":5},{"title":"B","price":20}],
                         "open":[true]}}\
                        """);
        assertThat(JsonPath.parse(path).orElseThrow().find(document)).hasSize(count);
    }

    @ParameterizedTest
    @CsvSource({
        "a",
        "$a",
        "$.",
        "$[",
        "$[?(@.a ~ 1)]",
        "$.a[1:2:0]",
        "$.a[1",
        "$.a.none()",
        "$[1.5]",
        "$[?(@.a]"
    })
    void path_refuses(String path) {
        assertThat(JsonPath.parse(path)).isEmpty();
    }
}
