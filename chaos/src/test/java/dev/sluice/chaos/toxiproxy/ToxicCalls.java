package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's calls on toxics. */
abstract class ToxicCalls extends WireContract {
    private static final String TOXICS = "/proxies/p/toxics";

    @BeforeEach
    void proxy() {
        proxied();
    }

    @Test
    void has_no_toxic_at_first() {
        assertThat(get(TOXICS).body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "latency|{\"latency\":0,\"jitter\":0}",
                "bandwidth|{\"rate\":0}",
                "slow_close|{\"delay\":0}",
                "timeout|{\"timeout\":0}",
                "reset_peer|{\"timeout\":0}",
                "slicer|{\"average_size\":0,\"size_variation\":0,\"delay\":0}",
                "limit_data|{\"bytes\":0}",
                "noop|{}"
            })
    void shows_every_attribute_of_a(String type, String attributes) {
        Reply reply = post(TOXICS, "{\"type\":\"%s\"}".formatted(type));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).isEqualTo("application/json");
        assertThat(reply.body())
                .isEqualTo(
                        """
                        {"attributes":%s,"name":"%s_downstream","type":"%s","stream":"downstream",\
                        "toxicity":1}\
                        """
                                .formatted(attributes, type, type));
        assertThat(get(TOXICS + "/" + type + "_downstream").body()).isEqualTo(reply.body());
    }

    @Test
    void takes_what_is_given() {
        Reply reply =
                post(
                        TOXICS,
                        """
                        {"name":"slow","type":"latency","stream":"upstream","toxicity":0.25,
                         "attributes":{"latency":12,"jitter":3,"other":"x"}}\
                        """);
        assertThat(reply.body())
                .isEqualTo(
                        """
                        {"attributes":{"latency":12,"jitter":3},"name":"slow","type":"latency",\
                        "stream":"upstream","toxicity":0.25}\
                        """);
    }

    @Test
    void takes_a_stream_in_any_case_and_echoes_it() {
        Reply reply = post(TOXICS, "{\"type\":\"noop\",\"stream\":\"UpStream\"}");
        assertThat(reply.json().path("stream").textValue()).isEqualTo("UpStream");
        assertThat(reply.json().path("name").textValue()).isEqualTo("noop_UpStream");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "-1", "0", "0.1", "1.5"})
    void does_not_check_toxicity(String toxicity) {
        Reply reply = post(TOXICS, "{\"type\":\"noop\",\"toxicity\":%s}".formatted(toxicity));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).endsWith("\"toxicity\":" + toxicity + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"nothing\"}|invalid toxic type",
                "{\"type\":\"Latency\"}|invalid toxic type",
                "{}|invalid toxic type",
                "{\"type\":\"noop\",\"stream\":\"sideways\"}|stream was invalid",
                "{\"type\":\"noop\",\"stream\":\"\"}|stream was invalid",
                "{\"type\":\"noop\"|bad request body: ",
                "{\"type\":\"noop\",\"toxicity\":\"1\"}|bad request body: ",
                "{\"type\":\"latency\",\"attributes\":{\"latency\":\"1\"}}|bad request body: ",
                "{\"type\":\"latency\",\"attributes\":{\"latency\":1.5}}|bad request body: ",
                "{\"type\":\"latency\",\"attributes\":{\"latency\":9223372036854775808}}"
                        + "|bad request body: ",
                "{\"type\":\"latency\",\"attributes\":[]}|bad request body: ",
                "``|bad request body: EOF"
            })
    void refuses_to_add(String body, String words) {
        post(TOXICS, body).isRefused(400, words);
        assertThat(get(TOXICS).body()).isEqualTo("[]");
    }

    @Test
    void refuses_a_second_toxic_of_a_name_even_in_the_other_direction() {
        toxic("\"name\":\"t\",\"type\":\"noop\"");
        post(TOXICS, "{\"name\":\"t\",\"type\":\"latency\",\"stream\":\"upstream\"}")
                .isRefused(409, "toxic already exists");
    }

    @Test
    void lists_upstream_toxics_first() {
        toxic("\"name\":\"d1\",\"type\":\"noop\"");
        toxic("\"name\":\"u1\",\"type\":\"noop\",\"stream\":\"upstream\"");
        toxic("\"name\":\"d2\",\"type\":\"noop\"");
        toxic("\"name\":\"u2\",\"type\":\"noop\",\"stream\":\"upstream\"");
        assertThat(get(TOXICS).json().findValuesAsText("name"))
                .containsExactly("u1", "u2", "d1", "d2");
        assertThat(get("/proxies/p").json().path("toxics")).isEqualTo(get(TOXICS).json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void changes_only_what_is_given(String method) {
        toxic("\"name\":\"t\",\"type\":\"latency\",\"attributes\":{\"latency\":5,\"jitter\":2}");
        Reply reply = call(method, TOXICS + "/t", "{\"attributes\":{\"latency\":9}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("attributes").toString())
                .isEqualTo("{\"latency\":9,\"jitter\":2}");
        assertThat(reply.json().path("toxicity").intValue()).isEqualTo(1);
        reply = call(method, TOXICS + "/t", "{\"toxicity\":0.5}");
        assertThat(reply.body()).contains("\"latency\":9").contains("\"toxicity\":0.5");
        assertThat(get(TOXICS + "/t").body()).isEqualTo(reply.body());
    }

    @Test
    void keeps_name_type_and_stream() {
        toxic("\"name\":\"t\",\"type\":\"latency\"");
        Reply reply =
                patch(TOXICS + "/t", "{\"name\":\"x\",\"type\":\"noop\",\"stream\":\"upstream\"}");
        assertThat(reply.body())
                .contains("\"name\":\"t\"", "\"type\":\"latency\"", "\"stream\":\"downstream\"");
    }

    @Test
    void applies_a_malformed_change_not_even_in_part() {
        toxic("\"name\":\"t\",\"type\":\"latency\",\"attributes\":{\"latency\":5}");
        patch(TOXICS + "/t", "{\"attributes\":{\"latency\":6,\"jitter\":\"x\"}}")
                .isRefused(400, "bad request body: ");
        int latency = get(TOXICS + "/t").json().path("attributes").path("latency").intValue();
        assertThat(latency).isEqualTo(has(Difference.REFUSED_PATCH) ? 6 : 5);
    }

    @Test
    void deletes_a_toxic() {
        toxic("\"name\":\"t\",\"type\":\"noop\"");
        Reply reply = delete(TOXICS + "/t");
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(get(TOXICS).body()).isEqualTo("[]");
    }

    @Test
    void refuses_what_is_not_there() {
        get(TOXICS + "/t").isRefused(404, "toxic not found");
        patch(TOXICS + "/t", "{}").isRefused(404, "toxic not found");
        delete(TOXICS + "/t").isRefused(404, "toxic not found");
        get("/proxies/none/toxics").isRefused(404, "proxy not found");
        post("/proxies/none/toxics", "{\"type\":\"noop\"}").isRefused(404, "proxy not found");
        get("/proxies/none/toxics/t").isRefused(404, "proxy not found");
    }

    @Test
    void resets_everything() {
        toxic("\"type\":\"latency\"");
        proxied("q", echo().port());
        post("/proxies/q", "{\"enabled\":false}");
        Reply reply = post("/reset", "");
        assertThat(reply.status()).isEqualTo(204);
        assertThat(get(TOXICS).body()).isEqualTo("[]");
        assertThat(get("/proxies/q").json().path("enabled").booleanValue()).isTrue();
    }
}
