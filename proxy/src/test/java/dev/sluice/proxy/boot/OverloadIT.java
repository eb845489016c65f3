package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What clients meet while the proxy sheds load. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class OverloadIT {
    private static final String ROUTES =
            "- {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: ok}}}\n";

    /** Memory is all in use from the start, but for tests that change it. */
    private final AtomicLong memory = new AtomicLong(1_000);

    private static String shedding(String action) {
        return """
        overload_manager:
          refresh_interval: 0.005s
          resource_monitors:
            - name: heap
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig
                max_heap_size_bytes: 1000
          actions:
            - name: envoy.overload_actions.%s
              triggers: [{name: heap, threshold: {value: 0.9}}]
        """
                .formatted(action);
    }

    private static String listeners() {
        return Yaml.sidecar(ROUTES, ROUTES)
                .replace(
                        "- name: outbound", "- bypass_overload_manager: true\n      name: outbound")
                .replace("  clusters:\n", "");
    }

    private RunningProxy shedding(String action, String bootstrap) {
        return RunningProxy.overloaded(memory::get, shedding(action) + bootstrap);
    }

    private static TcpConnection connect(int port) throws IOException {
        return TcpConnection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void new_requests_are_answered_503_with_the_time_to_come_back() throws IOException {
        try (RunningProxy proxy = shedding("stop_accepting_requests", listeners())) {
            H1Response shed = RawHttp1Client.get(proxy.port("inbound"), "/");

            assertThat(shed.status()).isEqualTo(503);
            assertThat(shed.headers().first("retry-after")).contains("1");
            ExchangeRecord record = proxy.nextRecord();
            assertThat(record.flags()).containsExactly(ResponseFlag.OVERLOAD);
            assertThat(record.upstream()).isEmpty();
            assertThat(RawHttp1Client.get(proxy.port("outbound"), "/").status())
                    .as("at a listener that bypasses the overload manager")
                    .isEqualTo(200);
        }
    }

    @Test
    void what_is_under_way_is_answered_while_all_that_is_new_is_shed() throws Exception {
        CountDownLatch pressed = new CountDownLatch(1);
        Mailbox<Long> looks = new Mailbox<>("a look at the memory");
        memory.set(0);
        try (H1Upstream upstream =
                        H1Upstream.start(request -> {
                            Patience.await(pressed, "the pressure");
                            return H1Answer.ok("written");
                        });
                RunningProxy proxy =
                        RunningProxy.overloaded(
                                () -> {
                                    looks.put(memory.get());
                                    return memory.get();
                                },
                                shedding("stop_accepting_requests")
                                        + Yaml.bootstrap(
                                                Yaml.routeTo("up"),
                                                Yaml.cluster("up", upstream.port())));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port())) {
            writer.send("POST /orders HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\norder");
            upstream.next();

            memory.set(1_000);
            awaitLook(looks);
            int fresh = RawHttp1Client.get(proxy.port(), "/").status();
            pressed.countDown();

            assertThat(fresh).isEqualTo(503);
            assertThat(writer.readResponse().body().text()).isEqualTo("written");
            assertThat(proxy.nextRecord().flags()).containsExactly(ResponseFlag.OVERLOAD);
            assertThat(proxy.nextRecord().flags()).as("of what was under way").isEmpty();
        }
    }

    @Test
    void clients_are_asked_to_leave_with_their_answer() throws IOException {
        try (RunningProxy proxy = shedding("disable_http_keepalive", listeners());
                H2Client client = H2Client.connect(proxy.port("inbound"))) {
            H1Response first = RawHttp1Client.get(proxy.port("inbound"), "/");
            H2Message second = client.get("/");

            assertThat(first.status()).isEqualTo(200);
            assertThat(first.headers().first("connection")).contains("close");
            assertThat(second.head().first(":status")).contains("200");
            assertThat(client.connection().nextGoAway().code()).isZero();
        }
    }

    @Test
    void new_connections_are_closed() throws IOException {
        try (RunningProxy proxy = shedding("reject_incoming_connections", listeners());
                TcpConnection client = connect(proxy.port("inbound"))) {
            assertThat(client.readToEnd()).isEmpty();
            assertThat(proxy.nextFailedHandshake()).isEqualTo("overload");
            assertThat(RawHttp1Client.get(proxy.port("outbound"), "/").status()).isEqualTo(200);
        }
    }

    @Test
    void new_connections_wait_until_the_pressure_is_gone() throws IOException {
        Mailbox<Long> looks = new Mailbox<>("a look at the memory");
        try (RunningProxy proxy =
                        RunningProxy.overloaded(
                                () -> {
                                    looks.put(memory.get());
                                    return memory.get();
                                },
                                shedding("stop_accepting_connections") + listeners());
                RawHttp1Client waiting = waiting(proxy, looks)) {
            assertThat(RawHttp1Client.get(proxy.port("outbound"), "/").status()).isEqualTo(200);
            assertThat(RawHttp1Client.get(proxy.port("outbound"), "/").status()).isEqualTo(200);
            assertThat(proxy.nextRecord().listener()).isEqualTo("outbound");
            assertThat(proxy.nextRecord().listener()).isEqualTo("outbound");

            memory.set(0);

            assertThat(waiting.readResponse().status()).isEqualTo(200);
            assertThat(proxy.nextRecord().listener()).isEqualTo("inbound");
        }
    }

    /** A client that has sent its request after listeners were told to stop. */
    private static RawHttp1Client waiting(RunningProxy proxy, Mailbox<Long> looks)
            throws IOException {
        int port = proxy.port("inbound");
        awaitLook(looks);
        RawHttp1Client client = RawHttp1Client.connect(port);
        client.send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
        return client;
    }

    /** Returns once one that began after the call has led to what it leads to. */
    private static void awaitLook(Mailbox<Long> looks) {
        for (int i = looks.received().size(); i >= 0; i--) {
            looks.take();
        }
        looks.take();
    }

    @Test
    void connections_over_the_limit_of_the_proxy_are_closed() throws IOException {
        String limit =
                """
                overload_manager:
                  resource_monitors:
                    - name: connections
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig
                        max_active_downstream_connections: 1
                """;
        try (RunningProxy proxy =
                        RunningProxy.overloaded(
                                memory::get,
                                limit
                                        + listeners()
                                                .replace(
                                                        "bypass_overload_manager",
                                                        "ignore_global_conn_limit"));
                RawHttp1Client first = RawHttp1Client.connect(proxy.port("inbound"))) {
            assertThat(first.exchange("GET", "/", Headers.NONE, Body.EMPTY).status())
                    .isEqualTo(200);
            try (TcpConnection second = connect(proxy.port("inbound"))) {
                assertThat(second.readToEnd()).isEmpty();
            }
            assertThat(proxy.nextFailedHandshake()).isEqualTo("overload");
            assertThat(RawHttp1Client.get(proxy.port("outbound"), "/").status())
                    .as("at a listener that ignores the limit")
                    .isEqualTo(200);
            assertThat(first.exchange("GET", "/", Headers.NONE, Body.EMPTY).status())
                    .as("on the connection that was there")
                    .isEqualTo(200);
        }
    }

    @Test
    void connections_over_the_limit_of_a_filter_chain_are_closed() throws IOException {
        String limit =
                """
                - filters:
                    - name: envoy.filters.network.connection_limit
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                        stat_prefix: c
                        max_connections: 1
                """;
        String bootstrap = Yaml.bootstrap(ROUTES).replace("  clusters:\n", "");
        String first = "- filters:\n";
        int at = bootstrap.indexOf(first);
        String indent = bootstrap.substring(bootstrap.lastIndexOf('\n', at) + 1, at);
        String limited =
                bootstrap.substring(0, at)
                        + limit.indent(indent.length()).stripLeading()
                        + bootstrap.substring(at + first.length());
        try (RunningProxy proxy = RunningProxy.start(1, limited);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            assertThat(client.exchange("GET", "/", Headers.NONE, Body.EMPTY).status())
                    .isEqualTo(200);
            try (TcpConnection second = connect(proxy.port())) {
                assertThat(second.readToEnd()).isEmpty();
            }
            assertThat(proxy.nextFailedHandshake()).isEqualTo("over the connection limit of 1");
        }
    }
}
