package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Listeners without a socket, which are given the connections that wanted to reach them. A PROXY
 * protocol header says where that is, as netfilter would.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class HandedOnIT {
    private static final String PROXY_PROTOCOL =
            "[{name: f, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol,"
                    + " allow_requests_without_proxy_protocol: true}}]";

    /** A listener of an address that answers with its name. */
    private static String listener(String name, String ip, int port, String more) {
        return """
        - name: %s
          address: {socket_address: {address: "%s", port_value: %d}}
          %s
          filter_chains:
            - filters:
                - name: http
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: main
                    http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                    route_config: {name: r, virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: %s}}}]}]}
        """
                .formatted(name, ip, port, more, name);
    }

    private static String main(String more) {
        return listener("main", "127.0.0.1", 0, more + "\n  listener_filters: " + PROXY_PROTOCOL);
    }

    private static String given(String name, String ip, int port) {
        return listener(name, ip, port, "bind_to_port: false");
    }

    private static String bootstrap(String... listeners) {
        return "static_resources:\n  listeners:\n" + String.join("", listeners).indent(4);
    }

    private static String both() {
        return bootstrap(
                main("use_original_dst: true"),
                given("exact", "198.51.100.1", 80),
                given("any", "0.0.0.0", 80),
                given("six", "::", 80));
    }

    private static String wanting(String ip, int port) {
        return ip.contains(":")
                ? "PROXY TCP6 2001:db8::7 " + ip + " 4711 " + port + "\r\n"
                : "PROXY TCP4 192.0.2.7 " + ip + " 4711 " + port + "\r\n";
    }

    private static String get(RunningProxy proxy, String before) throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(before);
            return client.exchange("GET", "/", Headers.NONE, Body.EMPTY).body().text();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.1, 80, exact",
        "198.51.100.2, 80, any",
        "2001:db8::1, 80, six",
        "198.51.100.1, 81, main",
        "2001:db8::1, 81, main",
    })
    void a_connection_gets_the_listener_that_it_wanted_to_reach(
            String ip, int port, String listener) throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, both())) {
            assertThat(get(proxy, wanting(ip, port))).isEqualTo(listener);
            assertThat(proxy.nextRecord().listener()).as("on record").isEqualTo(listener);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void a_connection_that_wanted_to_reach_no_other_stays(int loops) throws Exception {
        try (RunningProxy proxy = RunningProxy.start(loops, both())) {
            assertThat(get(proxy, "")).as("without a header").isEqualTo("main");
            assertThat(get(proxy, wanting("127.0.0.1", proxy.port())))
                    .as("the listener itself")
                    .isEqualTo("main");
        }
    }

    @Test
    void without_use_original_dst_a_listener_keeps_its_connections() throws Exception {
        try (RunningProxy proxy =
                RunningProxy.start(1, bootstrap(main(""), given("any", "0.0.0.0", 80)))) {
            assertThat(get(proxy, wanting("198.51.100.1", 80))).isEqualTo("main");
        }
    }

    @Test
    void connections_leave_with_the_listener_that_has_them() throws Exception {
        String main = main("use_original_dst: true");
        try (RunningProxy proxy =
                        RunningProxy.start(1, bootstrap(main, given("any", "0.0.0.0", 80)));
                RawHttp1Client kept = RawHttp1Client.connect(proxy.port())) {
            kept.send(wanting("198.51.100.1", 80));
            assertThat(answer(kept).headers().first("connection")).as("before").isEmpty();

            proxy.swap(
                    2,
                    bootstrap(
                            main(
                                    "use_original_dst: true\n  continue_on_listener_filters_timeout: true"),
                            given("any", "0.0.0.0", 80)));
            answer(kept);
            assertThat(answer(kept).headers().first("connection"))
                    .as("after the listener that accepted it has changed")
                    .isEmpty();

            proxy.swap(3, bootstrap(main));
            assertThat(isAskedToLeave(kept))
                    .as("asked to leave after the listener that has it has gone")
                    .isTrue();
            assertThat(get(proxy, wanting("198.51.100.1", 80)))
                    .as("a new connection")
                    .isEqualTo("main");
        }
    }

    /** By its next answer, or the one after it: the loop may have read a request already. */
    private static boolean isAskedToLeave(RawHttp1Client client) throws IOException {
        for (int i = 0; i < 2; i++) {
            if (answer(client).headers().first("connection").equals(Optional.of("close"))) {
                return true;
            }
        }
        return false;
    }

    private static H1Response answer(RawHttp1Client client) throws IOException {
        H1Response answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
        assertThat(answer.body().text()).isEqualTo("any");
        return answer;
    }

    /** As a management server may send them, one after the other. */
    @Test
    void two_listeners_without_a_socket_may_not_have_one_address() {
        List<ListenerSpec> listeners =
                Stream.of("a", "b")
                        .flatMap(name ->
                                RunningProxy.parse(bootstrap(given(name, "0.0.0.0", 80)))
                                        .listeners()
                                        .stream())
                        .toList();
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap(main("")))) {
            List<Problem> problems =
                    Patience.await(
                            proxy.proxy()
                                    .swap(
                                            new ProxySnapshot(
                                                    2, listeners, Map.of(), Map.of(), Map.of(),
                                                    Map.of())),
                            "the swap");

            assertThat(problems)
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.path()).isEqualTo("listener 'b'");
                        assertThat(problem.got()).isEqualTo("0.0.0.0:80, which listener 'a' has");
                    });
        }
    }
}
