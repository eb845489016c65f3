package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.tcp.HeldPort;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's calls on proxies. */
abstract class ProxyCalls extends WireContract {
    @Test
    void tells_its_version() {
        Reply reply = get("/version");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).isEqualTo("application/json;charset=utf-8");
        assertThat(reply.json().path("version").textValue()).isNotEmpty();
        assertThat(reply.body()).endsWith("\n");
    }

    @Test
    void has_no_proxy_at_first() {
        Reply reply = get("/proxies");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).isEqualTo("application/json");
        assertThat(reply.body()).isEqualTo("{}");
    }

    @Test
    void creates_a_proxy_that_listens_on_a_free_port() throws IOException {
        Reply reply =
                post(
                        "/proxies",
                        """
                        {"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:%d"}\
                        """
                                .formatted(echo().port()));
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.type()).isEqualTo("application/json");
        assertThat(reply.json().path("name").textValue()).isEqualTo("p");
        assertThat(reply.json().path("upstream").textValue())
                .isEqualTo("127.0.0.1:" + echo().port());
        assertThat(reply.json().path("enabled").booleanValue()).isTrue();
        assertThat(reply.json().path("toxics").isArray()).isTrue();
        assertThat(reply.json().path("listen").textValue())
                .startsWith("127.0.0.1:")
                .isNotEqualTo("127.0.0.1:0");
        try (TcpConnection client = TcpConnection.connect(listens(reply.json()))) {
            sends(client, "hello");
            assertThat(reads(client, 5)).isEqualTo("hello");
        }
    }

    @Test
    void shows_only_the_documented_fields() {
        proxied();
        assertThat(get("/proxies/p").json().fieldNames())
                .toIterable()
                .containsExactlyElementsOf(
                        has(Difference.LOGGER_FIELD)
                                ? java.util.List.of(
                                        "name", "listen", "upstream", "enabled", "Logger", "toxics")
                                : java.util.List.of(
                                        "name", "listen", "upstream", "enabled", "toxics"));
    }

    @Test
    void lists_proxies_by_name() {
        proxied("b", echo().port());
        proxied("a", echo().port());
        assertThat(get("/proxies").json().fieldNames()).toIterable().containsExactly("a", "b");
        assertThat(get("/proxies").json().path("a")).isEqualTo(get("/proxies/a").json());
    }

    @Test
    void listens_everywhere_when_told_no_address() {
        Reply reply = post("/proxies", "{\"name\":\"p\",\"upstream\":\"127.0.0.1:1\"}");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().path("listen").textValue()).startsWith("[::]:");
    }

    @Test
    void shows_the_address_that_a_name_stands_for() {
        Reply reply =
                post(
                        "/proxies",
                        "{\"name\":\"p\",\"listen\":\"localhost:0\",\"upstream\":\"127.0.0.1:1\"}");
        assertThat(reply.json().path("listen").textValue()).startsWith("127.0.0.1:");
    }

    @Test
    void creates_a_disabled_proxy_that_does_not_listen() {
        int port = TcpUpstream.refusedPort();
        Reply reply =
                post(
                        "/proxies",
                        """
                        {"name":"p","listen":"127.0.0.1:%d","upstream":"127.0.0.1:1","enabled":false}\
                        """
                                .formatted(port));
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().path("enabled").booleanValue()).isFalse();
        assertThatThrownBy(() -> TcpConnection.connect(listens(reply.json())))
                .isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"upstream\":\"a:1\"}|missing required field: name",
                "{\"name\":\"\",\"upstream\":\"a:1\"}|missing required field: name",
                "{\"name\":null,\"upstream\":\"a:1\"}|missing required field: name",
                "{\"name\":\"p\"}|missing required field: upstream",
                "{}|missing required field: name",
                "null|missing required field: name",
                "{\"name\":|bad request body: ",
                "hello|bad request body: ",
                "[]|bad request body: ",
                "7|bad request body: ",
                "``|bad request body: EOF",
                "{\"name\":7,\"upstream\":\"a:1\"}|bad request body: ",
                "{\"name\":\"p\",\"upstream\":\"a:1\",\"enabled\":\"yes\"}|bad request body: ",
            })
    void refuses_to_create_from(String body, String words) {
        post("/proxies", body).isRefused(400, words);
        assertThat(get("/proxies").body()).isEqualTo("{}");
    }

    @Test
    void reads_fields_in_any_case_and_ignores_unknown_ones_and_what_follows() {
        Reply reply =
                post(
                        "/proxies",
                        """
                        {"NAME":"p","Listen":"127.0.0.1:0","uPSTREAM":"127.0.0.1:1","x":[1]} trailing\
                        """);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().path("name").textValue()).isEqualTo("p");
    }

    @Test
    void refuses_a_second_proxy_of_a_name() {
        proxied();
        post("/proxies", "{\"name\":\"p\",\"upstream\":\"127.0.0.1:1\"}")
                .isRefused(409, "proxy already exists");
    }

    @Test
    void refuses_an_address_in_use_and_keeps_nothing() {
        Reply reply =
                post(
                        "/proxies",
                        """
                        {"name":"p","listen":"127.0.0.1:%d","upstream":"127.0.0.1:1"}\
                        """
                                .formatted(echo().port()));
        reply.isRefused(
                500,
                "listen tcp 127.0.0.1:%d: bind: address already in use".formatted(echo().port()));
        get("/proxies/p").isRefused(404, "proxy not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:http-x", "1:2:3", "127.0.0.1:70000"})
    void refuses_an_address_that_is_none(String listen) {
        Reply reply =
                post(
                        "/proxies",
                        """
                        {"name":"p","listen":"%s","upstream":"127.0.0.1:1"}\
                        """
                                .formatted(listen));
        reply.isRefused(500, "listen tcp");
    }

    @Test
    void sends_errors_as_plain_text() {
        Reply reply = get("/proxies/none");
        reply.isRefused(404, "proxy not found");
        assertThat(reply.body()).isEqualTo("{\"error\":\"proxy not found\",\"status\":404}\n");
        assertThat(reply.type()).isEqualTo("text/plain; charset=utf-8");
        assertThat(reply.whole().headers().firstValue("x-content-type-options"))
                .contains("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void changes_the_upstream(String method) throws IOException {
        var listens = proxied("p", TcpUpstream.refusedPort());
        Reply reply =
                call(
                        method,
                        "/proxies/p",
                        "{\"upstream\":\"127.0.0.1:%d\"}".formatted(echo().port()));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(listens(reply.json())).isEqualTo(listens);
        try (TcpConnection client = TcpConnection.connect(listens)) {
            sends(client, "x");
            assertThat(reads(client, 1)).isEqualTo("x");
        }
    }

    @Test
    void closes_connections_when_the_upstream_changes() throws IOException {
        var listens = proxied();
        try (TcpConnection client = TcpConnection.connect(listens)) {
            sends(client, "x");
            reads(client, 1);
            String elsewhere = "{\"upstream\":\"127.0.0.1:%d\"}";
            Reply reply = patch("/proxies/p", elsewhere.formatted(TcpUpstream.refusedPort()));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(untilEnd(client)).isEmpty();
        }
    }

    @Test
    void closes_connections_when_an_address_changes() throws IOException {
        var listens = proxied();
        try (TcpConnection client = TcpConnection.connect(listens)) {
            sends(client, "x");
            reads(client, 1);
            Reply reply = patch("/proxies/p", "{\"listen\":\"127.0.0.1:0\"}");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(untilEnd(client)).isEmpty();
            try (TcpConnection again = TcpConnection.connect(listens(reply.json()))) {
                sends(again, "y");
                assertThat(reads(again, 1)).isEqualTo("y");
            }
        }
    }

    @Test
    void leaves_connections_alone_when_nothing_changes() throws IOException {
        var listens = proxied();
        try (TcpConnection client = TcpConnection.connect(listens)) {
            sends(client, "x");
            reads(client, 1);
            assertThat(patch("/proxies/p", "{}").status()).isEqualTo(200);
            sends(client, "y");
            assertThat(reads(client, 1)).isEqualTo("y");
        }
    }

    @Test
    void keeps_a_proxys_name() {
        proxied();
        assertThat(post("/proxies/p", "{\"name\":\"q\"}").json().path("name").textValue())
                .isEqualTo("p");
        get("/proxies/q").isRefused(404, "proxy not found");
    }

    @Test
    void disables_and_enables() throws IOException {
        try (HeldPort port = HeldPort.take()) {
            var listens = proxiedOn(port);
            try (TcpConnection client = TcpConnection.connect(listens)) {
                sends(client, "x");
                reads(client, 1);
                Reply off = post("/proxies/p", "{\"enabled\":false}");
                assertThat(off.json().path("enabled").booleanValue()).isFalse();
                assertThat(untilEnd(client)).isEmpty();
            }
            assertThatThrownBy(() -> TcpConnection.connect(listens))
                    .isInstanceOf(ConnectException.class);
            Reply on = post("/proxies/p", "{\"enabled\":true}");
            assertThat(on.json().path("enabled").booleanValue()).isTrue();
            try (TcpConnection client = TcpConnection.connect(listens)) {
                sends(client, "y");
                assertThat(reads(client, 1)).isEqualTo("y");
            }
        }
    }

    @Test
    void keeps_toxics_while_disabled() {
        proxied();
        toxic("\"type\":\"latency\"");
        post("/proxies/p", "{\"enabled\":false}");
        Reply on = post("/proxies/p", "{\"enabled\":true}");
        assertThat(on.json().path("toxics")).hasSize(1);
    }

    @Test
    void refuses_a_malformed_change() {
        proxied();
        post("/proxies/p", "{\"enabled\":").isRefused(400, "bad request body: ");
        post("/proxies/p", "{\"listen\":\"nothing\"}")
                .isRefused(500, "address nothing: missing port");
        post("/proxies/none", "{}").isRefused(404, "proxy not found");
    }

    @Test
    void deletes_a_proxy_with_its_connections() throws IOException {
        try (HeldPort port = HeldPort.take()) {
            var listens = proxiedOn(port);
            try (TcpConnection client = TcpConnection.connect(listens)) {
                sends(client, "x");
                reads(client, 1);
                Reply reply = delete("/proxies/p");
                assertThat(reply.status()).isEqualTo(204);
                assertThat(reply.body()).isEmpty();
                assertThat(untilEnd(client)).isEmpty();
            }
            assertThatThrownBy(() -> TcpConnection.connect(listens))
                    .isInstanceOf(ConnectException.class);
        }
        delete("/proxies/p").isRefused(404, "proxy not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/proxies/",
                "/proxies/p/",
                "/proxies/p/toxics/t/x",
                "/version/x",
                "/proxies/a%2Fb"
            })
    void knows_no_other_path(String path) {
        Reply reply = get(path);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body()).isEqualTo("404 page not found\n");
        assertThat(reply.type()).isEqualTo("text/plain; charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/proxies",
        "DELETE,/proxies",
        "GET,/reset",
        "GET,/populate",
        "POST,/version",
        "PUT,/proxies/p",
        "DELETE,/proxies/p/toxics",
        "PATCH,/proxies/p/toxics",
        "PUT,/proxies/p/toxics/t"
    })
    void refuses_other_methods(String method, String path) {
        Reply reply = call(method, path, "");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void refuses_browsers() {
        Reply reply = call("GET", "/proxies", "", "User-Agent", "Mozilla/5.0 (X11)");
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).isEqualTo("User agent not allowed\n");
    }

    @Test
    void takes_any_content_type_and_numbers_its_answers() {
        Reply reply =
                call(
                        "POST",
                        "/proxies",
                        "{\"name\":\"p\",\"upstream\":\"127.0.0.1:1\"}",
                        "Content-Type",
                        "application/x-www-form-urlencoded");
        assertThat(reply.status()).isEqualTo(201);
        String first = reply.whole().headers().firstValue("x-toxiproxy-request-id").orElseThrow();
        assertThat(get("/version").whole().headers().firstValue("x-toxiproxy-request-id"))
                .isPresent()
                .isNotEqualTo(java.util.Optional.of(first));
    }

    @Test
    void takes_a_body_only_so_long() {
        String body =
                "{\"name\":\"p\",\"upstream\":\"127.0.0.1:1\",\"more\":\"%s\"}"
                        .formatted("x".repeat(5 << 20));
        assertThat(post("/proxies", body).status())
                .isEqualTo(has(Difference.LONG_BODY) ? 201 : 413);
    }

    @Test
    void decodes_names_in_paths() {
        assertThat(post("/proxies", "{\"name\":\"a b\",\"upstream\":\"127.0.0.1:1\"}").status())
                .isEqualTo(201);
        assertThat(get("/proxies/a%20b").status()).isEqualTo(200);
        assertThat(delete("/proxies/a%20b").status()).isEqualTo(204);
    }
}
