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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
            assertThat(get(client, "x", "y").status()).as("status").isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.DROP_OVERLOAD);
            assertThat(a.connections()).as("upstream connections").isZero();
        }
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
