package dev.sluice.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import dev.sluice.testkit.Seeds;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static RouteTable table(String yaml) {
        DocumentReader reader =
                new DocumentReader(DocumentTypes.of(List.of(RouteConfiguration.getDescriptor())));
        RouteConfiguration proto =
                reader.read(yaml, "f", RouteConfiguration.getDefaultInstance()).orThrow().message();
        RouteConfigurationSpec spec = ResourceParsers.routes(proto).orThrow().spec();
        return RouteTable.compile(spec, FilterChain.NONE);
    }

    private static RouteTable routes(String routes) {
        return table(
                "{name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [" + routes + "]}]}");
    }

    private static PlainRequest get(String target) {
        return PlainRequest.NOTHING.withLine("GET", target);
    }

    private static String name(RouteTable table, PlainRequest request) {
        return table.match(request, RuntimeValues.NONE, 0)
                .map(route -> route.spec().name())
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, BY_TLS, one",
        "NONE, FROM_OUTSIDE, one",
        "EXTERNAL_ONLY, BY_TLS, one",
        "EXTERNAL_ONLY, FROM_INSIDE, one",
        "EXTERNAL_ONLY, FROM_OUTSIDE, https://shop.com:81/x?q",
        "ALL, BY_TLS, one",
        "ALL, FROM_INSIDE, https://shop.com:81/x?q",
        "ALL, FROM_OUTSIDE, https://shop.com:81/x?q"
    })
    void who_must_come_by_tls_is_led_there(String tls, Came came, String expected) {
        RouteTable table =
                table(
                        "{name: r, response_headers_to_add: [{header: {key: a, value: b}}],"
                                + " virtual_hosts: [{name: v, domains: ['*'], require_tls: "
                                + tls
                                + ", routes: [{name: one, match: {prefix: /}, direct_response:"
                                + " {status: 200}}]}]}");

        Route route = table.match(get("/x?q"), came, RuntimeValues.NONE, 0).orElseThrow();

        assertThat(table.asksForTls()).isEqualTo(!tls.equals("NONE"));
        assertThat(
                        route.redirect()
                                .map(to -> to.location("http", "shop.com:81", "/x?q"))
                                .orElse(route.spec().name()))
                .isEqualTo(expected);
        assertThat(route.headers().response().isNone())
                .as("nothing is added to the way there")
                .isEqualTo(route.redirect().isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "api.shop.com, exact",
        "API.Shop.COM, exact",
        "api.shop.com:8080, port",
        "x.shop.com, suffix",
        "x.y.shop.com, suffix",
        "a.x.y.shop.com, suffix",
        "www.y.shop.com, suffix",
        "x.my.shop.com, longer",
        ".shop.com, all",
        "shop.com, prefix",
        "shop.org, prefix",
        "shop.eu.org, longerprefix",
        "other, all",
        "'', all",
        "x.shop.com:1, all"
    })
    void finds_the_virtual_host_in_envoys_order(String authority, String expected) {
        String host =
                "{name: %s, domains: ['%s'], routes: [{name: %s, match: {prefix: ''}, direct_response: {status: 200}}]}";
        List<String> hosts = new ArrayList<>();
        for (String[] pair :
                new String[][] {
                    {"all", "*"},
                    {"suffix", "*.shop.com"},
                    {"longer", "*.my.shop.com"},
                    {"prefix", "shop.*"},
                    {"longerprefix", "shop.eu.*"},
                    {"exact", "api.shop.com"},
                    {"port", "api.shop.com:8080"}
                }) {
            hosts.add(host.formatted(pair[0], pair[1], pair[0]));
        }
        RouteTable table = table("{name: r, virtual_hosts: [" + String.join(",", hosts) + "]}");

        assertThat(name(table, get("/").withHeader(":authority", authority))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.com:80, v",
        "shop.com, v",
        "shop.com:, none",
        "shop.com:x, none",
        "[::1]:80, v6",
        "[::1], v6"
    })
    void leaves_the_port_out_only_by_option(String authority, String expected) {
        String host =
                "{name: %s, domains: ['%s'], routes: [{name: %s, match: {prefix: /}, direct_response: {status: 200}}]}";
        String yaml =
                "{name: r, ignore_port_in_host_matching: %s, virtual_hosts: ["
                        + host.formatted("v", "shop.com", "v")
                        + ","
                        + host.formatted("v6", "[::1]", "v6")
                        + "]}";
        PlainRequest request = get("/").withHeader(":authority", authority);

        assertThat(name(table(yaml.formatted("true")), request)).isEqualTo(expected);
        assertThat(name(table(yaml.formatted("false")), request))
                .isEqualTo(authority.contains(":8") || expected.equals("none") ? "none" : expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, exact",
        "/a?q=/b, exact",
        "/a/, prefix-a",
        "/ab, prefix-a",
        "/seg, seg",
        "/seg/, seg",
        "/seg/x?y, seg",
        "/segment, rest",
        "/UPPER, fold",
        "/upper/x, fold",
        "/re/12, regex",
        "/re/12/x, rest",
        "/re/x, rest",
        "/, rest",
        "'*', none"
    })
    void matches_paths_of_every_kind_without_the_query(String target, String expected) {
        RouteTable table =
                routes(
                        """
                        {name: exact, match: {path: /a}, direct_response: {status: 200}},
                        {name: prefix-a, match: {prefix: /a}, direct_response: {status: 200}},
                        {name: seg, match: {path_separated_prefix: /seg}, direct_response: {status: 200}},
                        {name: fold, match: {prefix: /Upper, case_sensitive: false}, direct_response: {status: 200}},
                        {name: regex, match: {safe_regex: {regex: "/re/[0-9]+"}}, direct_response: {status: 200}},
                        {name: rest, match: {prefix: /}, direct_response: {status: 200}}
                        """);

        assertThat(name(table, get(target))).isEqualTo(expected);
    }

    @Test
    void takes_the_first_route_that_matches_whatever_its_kind() {
        RouteTable table =
                routes(
                        """
                        {name: post, match: {prefix: /a, headers: [{name: ":method", string_match: {exact: POST}}]}, direct_response: {status: 200}},
                        {name: regex, match: {safe_regex: {regex: "/a/.*"}}, direct_response: {status: 200}},
                        {name: query, match: {path: /a, query_parameters: [{name: v, string_match: {exact: '2'}}]}, direct_response: {status: 200}},
                        {name: grpc, match: {prefix: /a, grpc: {}}, direct_response: {status: 200}},
                        {name: exact, match: {path: /a/b}, direct_response: {status: 200}},
                        {name: rest, match: {prefix: /a}, direct_response: {status: 200}}
                        """);

        assertThat(name(table, PlainRequest.NOTHING.withLine("POST", "/a/b"))).isEqualTo("post");
        assertThat(name(table, get("/a/b"))).isEqualTo("regex");
        assertThat(name(table, get("/a?v=2"))).isEqualTo("query");
        assertThat(name(table, get("/a?v=3"))).isEqualTo("rest");
        assertThat(name(table, get("/ax").withHeader("content-type", "application/grpc+proto")))
                .isEqualTo("grpc");
        assertThat(name(table, get("/b"))).isEqualTo("none");
    }

    @Test
    void the_index_agrees_with_trying_every_route_in_order() {
        long seed = 20261123L;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> kinds = new ArrayList<>();
            List<String[]> specs = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String text = text(random, 1 + random.nextInt(5));
                String kind =
                        List.of("path", "prefix", "path_separated_prefix").get(random.nextInt(3));
                if (kind.equals("path_separated_prefix") && text.endsWith("/")) {
                    kind = "prefix";
                }
                specs.add(new String[] {kind, text});
                kinds.add(
                        "{name: '%d', match: {%s: '%s'}, direct_response: {status: 200}}"
                                .formatted(i, kind, text));
            }
            RouteTable table = routes(String.join(",", kinds));
            for (int i = 0; i < 50; i++) {
                String path = text(random, 1 + random.nextInt(8));
                assertThat(name(table, get(path)))
                        .as("seed %d, path %s", seed, path)
                        .isEqualTo(naive(specs, path));
            }
        }
    }

    private static String text(Random random, int length) {
        StringBuilder out = new StringBuilder("/");
        for (int i = 0; i < length; i++) {
            out.append("ab/".charAt(random.nextInt(3)));
        }
        return out.toString();
    }

    private static String naive(List<String[]> specs, String path) {
        for (int i = 0; i < specs.size(); i++) {
            String text = specs.get(i)[1];
            boolean matches =
                    switch (specs.get(i)[0]) {
                        case "path" -> path.equals(text);
                        case "prefix" -> path.startsWith(text);
                        default -> path.equals(text) || path.startsWith(text + "/");
                    };
            if (matches) {
                return Integer.toString(i);
            }
        }
        return "none";
    }

    private static ClusterPicker picker(String action) {
        return routes("{match: {prefix: /}, route: {" + action + "}}")
                .match(get("/"), RuntimeValues.NONE, 0)
                .orElseThrow()
                .clusters()
                .orElseThrow();
    }

    private static String pick(ClusterPicker picker, PlainRequest request, long random) {
        return picker.pick(request, RuntimeValues.NONE, random)
                .map(ClusterPicker.Picked::cluster)
                .orElse("none");
    }

    @Test
    void picks_weighted_clusters_in_the_intervals_of_their_weights() {
        ClusterPicker picker =
                picker(
                        "weighted_clusters: {clusters: [{name: a, weight: 1}, {name: z, weight: 0}, {name: b, weight: 3}]}");

        assertThat(List.of(0L, 1L, 3L, 4L, -1L))
                .extracting(random -> pick(picker, get("/"), random))
                .containsExactly("a", "b", "b", "a", "b");
    }

    @Test
    void picks_weighted_clusters_by_header_and_by_hash() {
        String clusters = "clusters: [{name: a, weight: 500000}, {name: b, weight: 500000}]";
        ClusterPicker byHeader =
                picker("weighted_clusters: {header_name: x-bucket, %s}".formatted(clusters));
        ClusterPicker byHash =
                picker(
                        "hash_policy: [{header: {header_name: x-user}}], weighted_clusters: {use_hash_policy: true, %s}"
                                .formatted(clusters));

        assertThat(pick(byHeader, get("/").withHeader("x-bucket", "499999"), 999_999))
                .isEqualTo("a");
        assertThat(pick(byHeader, get("/").withHeader("x-bucket", "500000"), 0)).isEqualTo("b");
        assertThat(pick(byHeader, get("/").withHeader("x-bucket", "many"), 999_999)).isEqualTo("b");
        assertThat(pick(byHash, get("/"), 999_999)).isEqualTo("b");
        List<String> users = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            PlainRequest request = get("/").withHeader("x-user", "user-" + i);
            users.add(pick(byHash, request, 0));
            assertThat(pick(byHash, request, 999_999))
                    .as("sticky for user %d", i)
                    .isEqualTo(users.get(i));
        }
        assertThat(users.stream().filter("a"::equals).count()).isBetween(420L, 580L);
    }

    @Test
    void picks_the_cluster_that_a_header_names() {
        ClusterPicker picker = picker("cluster_header: x-to");

        assertThat(pick(picker, get("/").withHeader("x-to", "c"), 0)).isEqualTo("c");
        assertThat(pick(picker, get("/"), 0)).isEqualTo("none");
    }

    @Test
    void changes_headers_from_the_weighted_cluster_outwards_or_the_other_way() {
        String add =
                "request_headers_to_add: [{header: {key: x, value: %s}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}]";
        String yaml =
                "{name: r, most_specific_header_mutations_wins: %s, "
                        + add.formatted("table")
                        + ", virtual_hosts: [{name: v, domains: ['*'], "
                        + add.formatted("host")
                        + ", routes: [{match: {prefix: /}, "
                        + add.formatted("route")
                        + ", route: {weighted_clusters: {clusters: [{name: c, weight: 1, "
                        + add.formatted("cluster")
                        + "}]}}}]}]}";

        assertThat(headerOf(table(yaml.formatted("false")))).hasToString("table");
        assertThat(headerOf(table(yaml.formatted("true")))).hasToString("cluster");
    }

    private static CharSequence headerOf(RouteTable table) {
        Route route = table.match(get("/"), RuntimeValues.NONE, 0).orElseThrow();
        HeaderBlock block = new HeaderBlock();
        route.clusters()
                .orElseThrow()
                .pick(get("/"), RuntimeValues.NONE, 0)
                .orElseThrow()
                .headers()
                .request()
                .apply(block);
        return Optional.ofNullable(block.first("x")).orElse("none");
    }

    @Test
    void hashes_as_envoy_does() {
        RequestHash hash =
                new RequestHash(
                        List.of(
                                new dev.sluice.proxy.snapshot.route.HashPolicySpec(
                                        new dev.sluice.proxy.snapshot.route.HashPolicySpec.Source
                                                .Header("k"),
                                        false)));

        assertThat(hash.of(get("/").withHeader("k", "")))
                .as("XXH64 of nothing, seed 0 (published vector)")
                .hasValue(0xef46db3751d8e999L);
        assertThat(hash.of(get("/").withHeader("k", "abc")))
                .as("XXH64 of abc, seed 0 (published vector)")
                .hasValue(0x44bc2cf5ad770999L);
        assertThat(hash.of(get("/"))).as("a request without the header").isEmpty();
    }

    @Test
    void a_route_with_a_share_leaves_the_rest_to_the_next_one() {
        RouteTable table =
                routes(
                        "{name: part, match: {prefix: /, runtime_fraction: {runtime_key: k, default_value: {numerator: 25}}}, route: {cluster: a}}, {name: rest, match: {prefix: /}, route: {cluster: b}}");
        RandomGenerator random = Seeds.printed("draws of routes").generator();
        int part = 0;
        for (int i = 0; i < 10_000; i++) {
            String name = name(table, RuntimeValues.NONE, random.nextLong());
            part += name.equals("part") ? 1 : 0;
        }

        assertThat(part).isBetween(2_200, 2_800);
        assertThat(name(table, runtime(0), random.nextLong())).isEqualTo("rest");
        assertThat(name(table, runtime(100), random.nextLong())).isEqualTo("part");
    }

    private static String name(RouteTable table, RuntimeValues runtime, long random) {
        return table.match(get("/"), runtime, random).orElseThrow().spec().name();
    }

    private static RuntimeValues runtime(int value) {
        return new RuntimeValues(
                Map.of("k", new RuntimeValue.Numeral(Integer.toString(value), value)));
    }

    @Test
    void runtime_values_replace_weights_while_their_sum_is_not_zero() {
        ClusterPicker picker =
                picker(
                        "weighted_clusters: {runtime_key_prefix: w, clusters: [{name: a, weight: 1}, {name: b, weight: 3}]}");
        RuntimeValue none = new RuntimeValue.Numeral("0", 0);
        RuntimeValues justA = new RuntimeValues(Map.of("w.b", none));
        RuntimeValues nothing = new RuntimeValues(Map.of("w.a", none, "w.b", none));

        for (long random = 0; random < 8; random++) {
            assertThat(picker.pick(get("/"), justA, random).orElseThrow().cluster()).isEqualTo("a");
            assertThat(picker.pick(get("/"), nothing, random).orElseThrow().cluster())
                    .isEqualTo(random % 4 == 0 ? "a" : "b");
        }
    }
}
