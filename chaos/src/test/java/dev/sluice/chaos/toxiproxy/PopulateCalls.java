package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API's call that creates many proxies. */
abstract class PopulateCalls extends WireContract {
    private static String entry(String name, String listen, String more) {
        return """
        {"name":"%s","listen":"%s","upstream":"127.0.0.1:1"%s}\
        """
                .formatted(name, listen, more);
    }

    @Test
    void creates_all_in_order() {
        Reply reply =
                post(
                        "/populate",
                        "["
                                + entry("b", "127.0.0.1:0", "")
                                + ","
                                + entry("a", "127.0.0.1:0", ",\"enabled\":false")
                                + "]");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.type()).isEqualTo("application/json");
        JsonNode proxies = reply.json().path("proxies");
        assertThat(proxies.findValuesAsText("name")).containsExactly("b", "a");
        assertThat(proxies.get(0).path("enabled").booleanValue()).isTrue();
        assertThat(proxies.get(1).path("enabled").booleanValue()).isFalse();
        assertThat(get("/proxies").json()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"name\":\"a\",\"upstream\":\"u:1\"},{\"upstream\":\"u:1\"}]"
                        + "|missing required field: name at proxy 2",
                "[{\"name\":\"a\",\"upstream\":\"u:1\"},{\"name\":\"b\"}]"
                        + "|missing required field: upstream at proxy 2",
                "{}|bad request body: ",
                "[7]|bad request body: ",
                "[{\"name\":7}]|bad request body: ",
                "[|bad request body: ",
                "``|bad request body: EOF"
            })
    void does_nothing_for(String body, String words) {
        Reply reply = post("/populate", body);
        reply.isRefused(400, words);
        assertThat(reply.type()).isEqualTo("application/json");
        assertThat(reply.json().path("proxies").isNull()).isTrue();
        assertThat(get("/proxies").body()).isEqualTo("{}");
    }

    @Test
    void answers_an_empty_list_without_one() {
        Reply reply = post("/populate", "[]");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).isEqualTo("{\"proxies\":null}");
    }

    @Test
    void keeps_what_was_done_before_a_failure() {
        Reply reply =
                post(
                        "/populate",
                        "["
                                + entry("a", "127.0.0.1:0", "")
                                + ","
                                + entry("b", "127.0.0.1:" + echo().port(), "")
                                + ","
                                + entry("c", "127.0.0.1:0", "")
                                + "]");
        reply.isRefused(500, "listen tcp 127.0.0.1:" + echo().port());
        assertThat(reply.json().path("proxies").findValuesAsText("name")).containsExactly("a");
        assertThat(get("/proxies").json().fieldNames()).toIterable().containsExactly("a");
    }

    @Test
    void leaves_a_proxy_alone_that_has_these_addresses_even_if_enabled_differs() {
        Reply created = post("/proxies", entry("a", "127.0.0.1:0", ""));
        String listen = created.json().path("listen").textValue();
        post("/proxies/a/toxics", "{\"type\":\"noop\"}");
        Reply reply = post("/populate", "[" + entry("a", listen, ",\"enabled\":false") + "]");
        assertThat(reply.status()).isEqualTo(201);
        JsonNode kept = reply.json().path("proxies").get(0);
        assertThat(kept.path("enabled").booleanValue()).isTrue();
        assertThat(kept.path("toxics")).hasSize(1);
    }

    @Test
    void replaces_a_proxy_of_other_addresses() {
        Reply created = post("/proxies", entry("a", "127.0.0.1:0", ""));
        String listen = created.json().path("listen").textValue();
        post("/proxies/a/toxics", "{\"type\":\"noop\"}");
        Reply reply =
                post(
                        "/populate",
                        """
                        [{"name":"a","listen":"%s","upstream":"127.0.0.1:2"}]\
                        """
                                .formatted(listen));
        JsonNode replaced = reply.json().path("proxies").get(0);
        assertThat(replaced.path("listen").textValue()).isEqualTo(listen);
        assertThat(replaced.path("upstream").textValue()).isEqualTo("127.0.0.1:2");
        assertThat(replaced.path("toxics")).isEmpty();
    }
}
