package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which filter chain a connection gets, and what listener filters make of it. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FilterChainIT {
    private static final String FILTERS = "type.googleapis.com/envoy.extensions.filters.listener.";

    private static final String INSPECTOR = filter("tls_inspector.v3.TlsInspector", "");

    @TempDir private Path folder;
    private TestCertificates certificates;
    private Issued one;
    private Issued other;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        one = certificates.issue("one", "localhost");
        other = certificates.issue("other", "localhost");
    }

    /** A listener with these filters and chains (YAML list items without indentation). */
    private static String listener(String filters, String chains) {
        return """
        static_resources:
          listeners:
            - name: main
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              listener_filters_timeout: 5s
              listener_filters: [%s]
              filter_chains:
        %s\
        """
                .formatted(filters, chains.indent(8));
    }

    private static String filter(String type, String more) {
        return "{name: f, typed_config: {\"@type\": %s%s%s}}".formatted(FILTERS, type, more);
    }

    private static String chain(String match, String tls, String body) {
        return """
        - filter_chain_match: {%s}
          %s
          filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: main
                http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                route_config: {name: r, virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: %s}}}]}]}
        """
                .formatted(match, tls, body);
    }

    private static String tls(Issued issued) {
        return TlsYaml.downstream(TlsYaml.showing(issued, "alpn_protocols: [h2, http/1.1], "));
    }

    /** Certificate and body of an answer, over a connection of its own that resumes nothing. */
    private String get(RunningProxy proxy, String serverName) throws IOException {
        try (TlsClient fresh = TlsClient.of(certificates, Optional.empty());
                SSLSocket socket = fresh.connect(proxy.port(), serverName)) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return socket.getSession().getPeerPrincipal().getName()
                    + " "
                    + answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private static String carried(String name, String cluster) {
        return """
        - filter_chain_match: {server_names: ["%s"]}
          filters: [{name: tcp, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: %s}}]
        """
                .formatted(name, cluster);
    }

    private static RunningProxy secure(Issued issued, String body) {
        return RunningProxy.start(1, listener("", chain("", tls(issued), body)));
    }

    /** TLS is looked into and carried on as it came: it ends at the endpoint. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void the_name_asked_for_chooses_where_bytes_are_carried(int loops) throws Exception {
        String chains = carried("a.example.com", "a") + carried("*.example.com", "b");
        try (RunningProxy a = secure(one, "in-a");
                RunningProxy b = secure(other, "in-b");
                RunningProxy proxy =
                        RunningProxy.start(
                                loops,
                                listener(INSPECTOR, chains)
                                        + "  clusters:\n"
                                        + (Yaml.cluster("a", a.port())
                                                        + Yaml.cluster("b", b.port()))
                                                .indent(4))) {
            assertThat(get(proxy, "a.example.com")).isEqualTo("CN=one in-a");
            assertThat(get(proxy, "x.example.com")).isEqualTo("CN=other in-b");
            assertThatThrownBy(() -> get(proxy, "elsewhere.test"))
                    .as("a name of no chain")
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void the_name_asked_for_chooses_certificate_and_routes(int loops) throws Exception {
        String chains =
                chain("server_names: [a.example.com]", tls(one), "exact")
                        + chain("server_names: [\"*.example.com\"]", tls(other), "suffix")
                        + chain("transport_protocol: tls", tls(one), "any-name")
                        + chain("transport_protocol: raw_buffer", "", "plain");
        try (RunningProxy proxy = RunningProxy.start(loops, listener("", chains))) {
            assertThat(get(proxy, "a.example.com")).isEqualTo("CN=one exact");
            assertThat(get(proxy, "b.example.com")).isEqualTo("CN=other suffix");
            assertThat(get(proxy, "localhost")).isEqualTo("CN=one any-name");
            assertThat(RawHttp1Client.get(proxy.port(), "/").body().text())
                    .as("without TLS on the same port")
                    .isEqualTo("plain");
        }
    }

    @Test
    void offered_protocols_choose_the_chain() throws Exception {
        String chains =
                chain("transport_protocol: tls, application_protocols: [h2]", tls(one), "two")
                        + chain("transport_protocol: tls", tls(one), "one");
        try (RunningProxy proxy = RunningProxy.start(1, listener("", chains));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            assertThat(http.get(Version.HTTP_2, proxy.port()).body()).isEqualTo("two");
            assertThat(http.get(Version.HTTP_1_1, proxy.port()).body()).isEqualTo("one");
        }
    }

    @Test
    void plain_protocols_choose_the_chain_by_the_http_inspector() throws Exception {
        String chains =
                chain("application_protocols: [h2c]", "", "two")
                        + chain("application_protocols: [http/1.1]", "", "one");
        String filters = filter("http_inspector.v3.HttpInspector", "");
        try (RunningProxy proxy = RunningProxy.start(1, listener(filters, chains));
                H2Client two = H2Client.connect(proxy.port())) {
            assertThat(two.get("/").body().text()).isEqualTo("two");
            assertThat(RawHttp1Client.get(proxy.port(), "/").body().text()).isEqualTo("one");
        }
    }

    @Test
    void the_default_chain_gets_what_no_chain_matches() throws Exception {
        String byDefault =
                "      default_filter_chain:\n"
                        + chain("", "", "default").replaceFirst("- ", "  ").indent(6);
        String text = listener("", chain("destination_port: 1", "", "never")) + byDefault;
        try (RunningProxy proxy = RunningProxy.start(1, text)) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").body().text()).isEqualTo("default");
        }
    }

    @Test
    void a_connection_that_no_chain_matches_is_closed_and_counted() throws Exception {
        try (RunningProxy proxy =
                        RunningProxy.start(
                                1, listener("", chain("destination_port: 1", "", "never")));
                TcpConnection client = TcpConnection.connect(address(proxy))) {
            assertThat(client.readToEnd()).as("an answer").isEmpty();
            assertThat(proxy.nextFailedHandshake()).isEqualTo("no filter chain fits");
        }
    }

    private static InetSocketAddress address(RunningProxy proxy) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void the_proxy_protocol_says_who_the_client_is(int loops) throws Exception {
        String filters = filter("proxy_protocol.v3.ProxyProtocol", "");
        String chains =
                chain("destination_port: 8443", "", "by-port") + chain("", "", "other-port");
        try (RunningProxy proxy = RunningProxy.start(loops, listener(filters, chains));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("PROXY TCP4 192.0.2.7 198.51.100.1 4711 8443\r\n");
            H1Response answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
            InetSocketAddress downstream = proxy.nextRecord().downstream();

            assertThat(answer.body().text()).as("chain by what was reached").isEqualTo("by-port");
            assertThat(downstream)
                    .as("the client")
                    .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 4711));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "direct_remote_ip, 127.0.0.1, 403",
        "direct_remote_ip, 192.0.2.7, 200",
        "source_ip, 192.0.2.7, 403",
        "source_ip, 127.0.0.1, 200",
        "source_ip, 203.0.113.9, 200",
        "remote_ip, 203.0.113.9, 403",
        "remote_ip, 127.0.0.1, 200"
    })
    void access_rules_tell_the_peer_from_the_clients_that_headers_name(
            String who, String address, int status) throws Exception {
        String denied =
                """
                http_filters: [{name: rbac, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC, rules: {action: DENY, policies: {p: {permissions: [{any: true}], principals: [{%s: {address_prefix: %s, prefix_len: 32}}]}}}}}, \
                """
                        .formatted(who, address);
        String chains = chain("", "", "served").replace("http_filters: [", denied);
        String filters = filter("proxy_protocol.v3.ProxyProtocol", "");
        try (RunningProxy proxy = RunningProxy.start(1, listener(filters, chains));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("PROXY TCP4 192.0.2.7 198.51.100.1 4711 8443\r\n");

            Headers named = Headers.of("x-forwarded-for", "203.0.113.9");
            assertThat(client.exchange("GET", "/", named, Body.EMPTY).status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
                "PROXY TCP4 1.2.3.4\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 99999\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n"
            })
    void a_connection_without_a_right_header_is_closed_without_an_answer(String bytes)
            throws Exception {
        String filters = filter("proxy_protocol.v3.ProxyProtocol", "");
        try (RunningProxy proxy = RunningProxy.start(1, listener(filters, chain("", "", "never")));
                TcpConnection client = TcpConnection.connect(address(proxy))) {
            client.send(bytes);

            assertThat(client.readToEnd()).as("an answer").isEmpty();
            assertThat(proxy.nextFailedHandshake()).startsWith("PROXY protocol: ");
        }
    }

    @Test
    void the_proxy_protocol_comes_before_tls() throws Exception {
        String filters =
                filter(
                        "proxy_protocol.v3.ProxyProtocol",
                        ", allow_requests_without_proxy_protocol: true");
        try (RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                listener(
                                        filters,
                                        chain("server_names: [localhost]", tls(one), "hello")));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            assertThat(http.get(Version.HTTP_2, proxy.port()).body())
                    .as("without a header, where that is allowed")
                    .isEqualTo("hello");
        }
    }

    @Test
    void who_says_nothing_is_closed_or_goes_on_after_the_listener_filters_timeout()
            throws Exception {
        String filters = filter("http_inspector.v3.HttpInspector", "");
        String closing =
                listener(filters, chain("", "", "hello"))
                        .replace("listener_filters_timeout: 5s", "listener_filters_timeout: 0.05s");
        String patient =
                closing.replace(
                        "listener_filters_timeout:",
                        "continue_on_listener_filters_timeout: true\n"
                                + "      listener_filters_timeout:");
        try (RunningProxy proxy = RunningProxy.start(1, closing);
                TcpConnection client = TcpConnection.connect(address(proxy))) {
            assertThat(client.readToEnd()).as("an answer").isEmpty();
            assertThat(proxy.nextFailedHandshake()).isEqualTo("listener filters timed out");
        }
        try (RunningProxy proxy = RunningProxy.start(1, patient);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            assertThat(client.exchange("GET", "/", Headers.NONE, Body.EMPTY).body().text())
                    .isEqualTo("hello");
        }
    }
}
