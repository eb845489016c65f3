package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpUpstream;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Balancers over real sockets: what every loop and connection has to agree on. */
@ExtendWith(LeakCheck.class)
class BalancingIT {
    @ParameterizedTest
    @ValueSource(strings = {"RING_HASH", "MAGLEV"})
    void a_key_stays_with_its_endpoint_on_every_loop(String policy) throws Exception {
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                H1Upstream c = H1Upstream.start(request -> H1Answer.ok("c"));
                RunningProxy proxy =
                        RunningProxy.start(
                                4,
                                Yaml.bootstrap(
                                        routeByHeader(),
                                        Yaml.cluster("app", a.port(), b.port(), c.port())
                                                + "  lb_policy: "
                                                + policy
                                                + "\n"))) {
            Map<String, String> owners = new HashMap<>();
            for (int round = 0; round < 4; round++) {
                try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
                    for (int user = 0; user < 30; user++) {
                        String body = get(client, "x-user", "u" + user).body().text();
                        assertThat(owners.merge("u" + user, body, (old, now) -> now))
                                .as("endpoint of user %d", user)
                                .isEqualTo(owners.get("u" + user));
                    }
                }
            }
            assertThat(new HashSet<>(owners.values())).as("endpoints used").hasSize(3);
        }
    }

    @Test
    void a_client_is_kept_by_the_cookie_that_it_was_given() throws Exception {
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {prefix: /}, route: {cluster: app, hash_policy:"
                                                + " [{cookie: {name: at, ttl: 9s}}]}}\n",
                                        Yaml.cluster("app", a.port(), b.port())
                                                + "  lb_policy: MAGLEV\n"))) {
            String cookie;
            String owner;
            try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
                H1Response first = get(client, "x", "y");
                cookie = first.headers().first("set-cookie").orElseThrow();
                owner = first.body().text();
            }
            assertThat(cookie).as("set-cookie").matches("at=\"[0-9a-f]{16}\"; Max-Age=9; HttpOnly");
            for (int i = 0; i < 5; i++) {
                try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
                    H1Response next =
                            get(client, "cookie", cookie.substring(0, cookie.indexOf(';')));
                    assertThat(next.body().text()).as("endpoint").isEqualTo(owner);
                    assertThat(next.headers().first("set-cookie")).as("set-cookie").isEmpty();
                }
            }
        }
    }

    @Test
    void the_next_priority_serves_when_the_first_is_out() throws Exception {
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1, Yaml.bootstrap(Yaml.routeTo("app"), twoPriorities(a, b)));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            Set<String> bodies = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                bodies.add(get(client, "x", "y").body().text());
            }
            assertThat(bodies).as("endpoints that served").containsExactly("b");
        }
    }

    @Test
    void load_that_the_management_server_sheds_is_refused() throws Exception {
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", a.port())
                                                + "    policy: {drop_overloads: [{category: lb,"
                                                + " drop_percentage: {numerator: 100}}]}\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response refused = get(client, "x", "y");
            assertThat(refused.status()).as("status").isEqualTo(503);
            assertThat(refused.headers().has("x-envoy-unconditional-drop-overload"))
                    .as("why")
                    .isTrue();
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.DROP_OVERLOAD);
            assertThat(a.connections()).as("upstream connections").isZero();
        }
    }

    @Test
    void endpoints_take_turns() throws Exception {
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                RunningProxy proxy = to(Yaml.cluster("app", a.port(), b.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            assertThat(answers(client, 20)).isEqualTo(Map.of("a", 10, "b", 10));
        }
    }

    @Test
    void a_new_endpoint_starts_slowly() throws Exception {
        MockTicker ticker = Ticker.newMockTicker();
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                RunningProxy proxy =
                        RunningProxy.start(
                                ProxySettings.defaults().withEventLoops(1).withTicker(ticker),
                                slowly(a.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            assertThat(answers(client, 10)).as("alone").isEqualTo(Map.of("a", 10));
            ticker.advance(1000, TimeUnit.SECONDS);
            proxy.swap(2, slowly(a.port(), b.port()));

            assertThat(answers(client, 110).getOrDefault("b", 0))
                    .as("answers of a new one, at a tenth of its weight, of 110")
                    .isBetween(9, 11);
            ticker.advance(50, TimeUnit.SECONDS);
            assertThat(answers(client, 90).getOrDefault("b", 0))
                    .as("answers half-way, of 90")
                    .isBetween(27, 33);
            ticker.advance(50, TimeUnit.SECONDS);
            assertThat(answers(client, 60).getOrDefault("b", 0))
                    .as("answers at the end, of 60")
                    .isBetween(28, 32);
        }
    }

    private static String slowly(int... ports) {
        return Yaml.bootstrap(
                Yaml.routeTo("app"),
                Yaml.cluster("app", ports)
                        + "  round_robin_lb_config: {slow_start_config: {slow_start_window:"
                        + " 100s}}\n");
    }

    @Test
    void who_has_less_to_do_gets_more() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean held = new AtomicBoolean();
        H1Answer slow =
                exchange -> {
                    exchange.await(done);
                    H1Answer.ok("held").play(exchange);
                };
        try (H1Upstream a = H1Upstream.start(request -> first(held) ? slow : H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> first(held) ? slow : H1Answer.ok("b"));
                RunningProxy proxy =
                        to(
                                Yaml.cluster("app", a.port(), b.port())
                                        + "  lb_policy: LEAST_REQUEST\n");
                RawHttp1Client waiting = RawHttp1Client.connect(proxy.port());
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            waiting.send("GET / HTTP/1.1\r\nhost: a.test\r\n\r\n");
            while (a.received().size() + b.received().size() == 0) {
                Thread.onSpinWait();
            }
            String busy = a.received().isEmpty() ? "b" : "a";
            Map<String, Integer> answers = answers(client, 200);
            done.countDown();

            assertThat(answers.getOrDefault(busy, 0))
                    .as("requests of 200 that the busy one got, of two drawn by chance")
                    .isBetween(1, 80);
            assertThat(waiting.readResponse().body().text()).isEqualTo("held");
        }
    }

    /** A failure counts as a slow answer, however fast it came. */
    @Test
    void an_endpoint_that_fails_fast_is_no_fast_one() throws Exception {
        String ewma =
                "  load_balancing_policy: {policies: [{typed_extension_config: {name:"
                        + " sluice.peak_ewma, typed_config: {\"@type\":"
                        + " type.googleapis.com/xds.type.v3.TypedStruct, type_url:"
                        + " type.googleapis.com/sluice.balancing.v1.PeakEwma}}}]}\n";
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                RunningProxy proxy =
                        to(Yaml.cluster("app", a.port(), TcpUpstream.refusedPort()) + ewma);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            int failed = 0;
            for (int i = 0; i < 300; i++) {
                failed += get(client, "x", "y").status() == 503 ? 1 : 0;
            }
            assertThat(failed).as("failures of 300, of two drawn by chance").isBetween(1, 120);
        }
    }

    @Test
    void localities_share_by_their_weights() throws Exception {
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                RunningProxy proxy =
                        to(
                                """
                                - name: app
                                  type: STATIC
                                  common_lb_config: {locality_weighted_lb_config: {}}
                                  load_assignment:
                                    cluster_name: app
                                    endpoints:
                                      - {locality: {zone: near}, load_balancing_weight: 3, lb_endpoints: [%s]}
                                      - {locality: {zone: far}, load_balancing_weight: 1, lb_endpoints: [%s]}
                                """
                                        .formatted(endpoint(a, ""), endpoint(b, "")));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            assertThat(answers(client, 40)).isEqualTo(Map.of("a", 30, "b", 10));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 200",
                "{healthy_panic_threshold: {value: 0}} | 503",
                "{zone_aware_lb_config: {fail_traffic_on_panic: true}} | 503",
            })
    void in_panic_endpoints_are_used_that_are_not_well(String settings, int status)
            throws Exception {
        String unwell = "health_status: UNHEALTHY, ";
        try (H1Upstream a = H1Upstream.start(request -> H1Answer.ok("a"));
                H1Upstream b = H1Upstream.start(request -> H1Answer.ok("b"));
                RunningProxy proxy =
                        to(
                                """
                                - name: app
                                  type: STATIC
                                  common_lb_config: %s
                                  load_assignment:
                                    cluster_name: app
                                    endpoints: [{lb_endpoints: [%s, %s]}]
                                """
                                        .formatted(
                                                settings,
                                                endpoint(a, unwell),
                                                endpoint(b, unwell)));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            for (int i = 0; i < 10; i++) {
                assertThat(get(client, "x", "y").status()).as("status").isEqualTo(status);
            }
            assertThat(a.received().size() + b.received().size())
                    .as("requests that were served")
                    .isEqualTo(status == 200 ? 10 : 0);
            assertThat(a.received().isEmpty()).as("as many of both").isEqualTo(status != 200);
        }
    }

    private static RunningProxy to(String cluster) {
        return RunningProxy.start(1, Yaml.bootstrap(Yaml.routeTo("app"), cluster));
    }

    private static boolean first(AtomicBoolean taken) {
        return taken.compareAndSet(false, true);
    }

    private static Map<String, Integer> answers(RawHttp1Client client, int requests)
            throws Exception {
        Map<String, Integer> count = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            count.merge(get(client, "x", "y").body().text(), 1, Integer::sum);
        }
        return count;
    }

    private static String endpoint(H1Upstream upstream, String more) {
        return "{%sendpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}"
                .formatted(more, upstream.port());
    }

    private static String twoPriorities(H1Upstream first, H1Upstream second) {
        return """
        - name: app
          type: STATIC
          load_assignment:
            cluster_name: app
            endpoints:
              - priority: 0
                lb_endpoints: [{health_status: UNHEALTHY, endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]
              - priority: 1
                lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]
        """
                .formatted(first.port(), second.port());
    }

    private static String routeByHeader() {
        return "- {match: {prefix: /}, route: {cluster: app, hash_policy: [{header: {header_name:"
                + " x-user}}]}}\n";
    }

    private static H1Response get(RawHttp1Client client, String name, String value)
            throws Exception {
        return client.exchange("GET", "/", Headers.of(name, value), Body.EMPTY);
    }
}
