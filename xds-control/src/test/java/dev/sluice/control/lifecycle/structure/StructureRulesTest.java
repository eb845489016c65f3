package dev.sluice.control.lifecycle.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.Endpoints.Endpoint;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck.Check;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Services, versions and routes. */
class StructureRulesTest {
    private final World world = World.shop(0);

    @Test
    void creating_what_exists_is_refused() {
        assertKind(
                Refusal.Kind.ALREADY_EXISTS, new Command.CreateService(Fixtures.service("orders")));
        assertKind(
                Refusal.Kind.ALREADY_EXISTS,
                new Command.CreateVersion(Fixtures.version("orders", "v1")));
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        assertKind(
                Refusal.Kind.ALREADY_EXISTS,
                new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
    }

    @Test
    void changing_or_deleting_what_does_not_exist_is_refused() {
        for (Command command :
                List.of(
                        new Command.UpdateService(Fixtures.service("none")),
                        new Command.DeleteService(Fixtures.serviceName("none")),
                        new Command.UpdateVersion(Fixtures.version("orders", "none")),
                        new Command.DeleteVersion(Fixtures.versionName("orders", "none")),
                        new Command.UpdateRoute(Fixtures.routeToGate("orders", "none", "orders")),
                        new Command.DeleteRoute(
                                Fixtures.routeToGate("orders", "none", "orders").name()))) {
            assertKind(Refusal.Kind.NOT_FOUND, command);
        }
    }

    @Test
    void a_stale_etag_is_refused_for_each_kind() {
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        for (Command command :
                List.of(
                        new Command.UpdateService(Fixtures.service("orders", 8080)),
                        new Command.DeleteService(Fixtures.serviceName("orders")),
                        new Command.UpdateVersion(Fixtures.version("orders", "v1")),
                        new Command.DeleteVersion(Fixtures.versionName("orders", "v1")),
                        new Command.UpdateRoute(Fixtures.routeToGate("orders", "all", "orders")),
                        new Command.DeleteRoute(
                                Fixtures.routeToGate("orders", "all", "orders").name()))) {
            assertThat(world.refuse(command, Fixtures.admin().withEtag("stale")))
                    .as(command.toString())
                    .extracting(Refusal::kind)
                    .contains(Refusal.Kind.ABORTED);
        }
    }

    @Test
    void an_update_to_what_is_so_already_makes_no_event() {
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        assertThat(world.accept(new Command.UpdateService(Fixtures.service("orders")))).isEmpty();
        assertThat(world.accept(new Command.UpdateVersion(Fixtures.version("orders", "v1"))))
                .isEmpty();
        assertThat(
                        world.accept(
                                new Command.UpdateRoute(
                                        Fixtures.routeToGate("orders", "all", "orders"))))
                .isEmpty();
    }

    @Test
    void all_problems_of_a_service_are_reported_together() {
        TreeMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < 65; i++) {
            labels.put("k" + i, i == 0 ? "" : "v");
        }
        ServiceSpec wrong =
                new ServiceSpec(
                        new ServiceName("wrong"),
                        new Description("x".repeat(129), "o".repeat(129), labels),
                        Optional.of(new ListenAddress("localhost", 70_000)),
                        List.of(
                                new ServiceName("orders"),
                                new ServiceName("orders"),
                                new ServiceName("nowhere")));

        assertThat(paths(new Command.CreateService(wrong)))
                .containsExactlyInAnyOrder(
                        "display_name",
                        "owner",
                        "labels",
                        "labels[\"k0\"]",
                        "outbound.address",
                        "outbound.port",
                        "calls[1]",
                        "calls[2]");
    }

    @Test
    void a_service_may_call_itself_and_thousand_others_but_not_more() {
        world.accept(new Command.CreateService(Fixtures.service("self", 0, "self")));
        ServiceSpec busy =
                new ServiceSpec(
                        new ServiceName("busy"),
                        Description.NONE,
                        Optional.empty(),
                        Collections.nCopies(1_001, new ServiceName("orders")));

        assertThat(paths(new Command.CreateService(busy))).contains("calls");
    }

    @Test
    void addresses_are_addresses_and_nothing_asks_a_resolver() {
        for (String good : List.of("::1", "10.1.2.3", "fe80::1", "0.0.0.0")) {
            world.accept(
                    new Command.UpdateService(
                            new ServiceSpec(
                                    new ServiceName("orders"),
                                    Description.NONE,
                                    Optional.of(new ListenAddress(good, 80)),
                                    List.of())));
        }
        for (String bad : List.of("", "orders.internal", "1.2.3", "1.2.3.999", ":::", "::g")) {
            assertThat(
                            paths(
                                    new Command.UpdateService(
                                            new ServiceSpec(
                                                    new ServiceName("orders"),
                                                    Description.NONE,
                                                    Optional.of(new ListenAddress(bad, 80)),
                                                    List.of()))))
                    .as(bad)
                    .containsExactly("outbound.address");
        }
    }

    @Test
    void nothing_is_deleted_while_something_names_it() {
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        world.accept(
                new Command.CreateRoute(
                        Fixtures.route(
                                "orders",
                                "fixed",
                                new RouteSpec.Target.ToVersion(
                                        Fixtures.versionName("orders", "v1")))));
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders")));

        assertThat(got(new Command.DeleteService(Fixtures.serviceName("orders"))))
                .contains(
                        "in use by services/orders/versions/v1",
                        "in use by services/orders/routes/all",
                        "in use by services/web");
        assertThat(got(new Command.DeleteVersion(Fixtures.versionName("orders", "v1"))))
                .contains("in use by gates/orders", "in use by services/orders/routes/fixed");
        assertThat(got(new Command.DeleteVersion(Fixtures.versionName("orders", "v2"))))
                .contains("in use by gates/orders");
        assertThat(got(new Command.DeleteGate(new GateName("orders"))))
                .contains("in use by services/orders/routes/all");

        world.accept(new Command.DeleteService(Fixtures.serviceName("web")));
        world.accept(
                new Command.DeleteRoute(Fixtures.routeToGate("orders", "all", "orders").name()));
        world.accept(
                new Command.DeleteRoute(Fixtures.routeToGate("orders", "fixed", "orders").name()));
        world.accept(new Command.DeleteGate(new GateName("orders")));
        world.accept(new Command.DeleteVersion(Fixtures.versionName("orders", "v1")));
        world.accept(new Command.DeleteVersion(Fixtures.versionName("orders", "v2")));
        world.accept(new Command.DeleteService(Fixtures.serviceName("orders")));
        assertThat(world.catalog().find("services/orders")).isEmpty();
    }

    @Test
    void one_sidecar_never_binds_a_port_twice() {
        world.accept(new Command.UpdateService(Fixtures.service("orders", 8081)));
        world.accept(new Command.UpdateService(Fixtures.service("customers", 8081)));
        assertThat(
                        got(
                                new Command.CreateService(
                                        Fixtures.service("web", 0, "orders", "customers"))))
                .as("as a caller of both")
                .containsExactly("8081 for both services/orders and services/customers");

        world.accept(new Command.UpdateService(Fixtures.service("customers", 8082)));
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders", "customers")));
        assertThat(got(new Command.UpdateService(Fixtures.service("customers", 8081))))
                .as("as one that is called")
                .hasSize(1);

        assertThat(got(new Command.CreateVersion(inboundVersion("web", 8081))))
                .as("as a version with an inbound listener")
                .containsExactly("8081 for both services/orders and services/web/versions/v1");
        world.accept(new Command.CreateVersion(inboundVersion("web", 9090)));
        assertThat(got(new Command.UpdateService(Fixtures.service("orders", 9090))))
                .as("as one called beside an inbound listener")
                .hasSize(1);
    }

    @Test
    void all_problems_of_a_version_are_reported_together() {
        VersionSpec wrong =
                new VersionSpec(
                        Fixtures.versionName("nowhere", "v1"),
                        Map.of(),
                        new Endpoints.Static(
                                List.of(
                                        new Endpoint("10.0.0.1", 80, 1),
                                        new Endpoint("10.0.0.1", 80, 2),
                                        new Endpoint("host", 0, 129))),
                        VersionSpec.Protocol.HTTP1,
                        Optional.of(new VersionSpec.UpstreamTls("", "", List.of(), "/c.pem", "")),
                        Optional.of(
                                new HealthCheck(
                                        new Check.Http("health"),
                                        Duration.ofMillis(99),
                                        Duration.ofSeconds(9),
                                        0,
                                        101)),
                        Optional.of(new VersionSpec.SchemaRange("", "3.1", "3")),
                        Duration.ofMinutes(2),
                        Optional.of(
                                new VersionSpec.Inbound(
                                        new ListenAddress("127.0.0.1", 9000),
                                        new Endpoint("127.0.0.1", 9000, 1))));

        assertThat(paths(new Command.CreateVersion(wrong)))
                .containsExactlyInAnyOrder(
                        "parent",
                        "connect_timeout",
                        "static.endpoints[1]",
                        "static.endpoints[2].address",
                        "static.endpoints[2].port",
                        "static.endpoints[2].weight",
                        "tls.trusted_ca_file",
                        "tls.certificate_file",
                        "health_check.interval",
                        "health_check.timeout",
                        "health_check.unhealthy_threshold",
                        "health_check.healthy_threshold",
                        "health_check.http_path",
                        "accepted_schema.store",
                        "accepted_schema.max",
                        "inbound.application");
    }

    @Test
    void endpoints_come_from_lists_dns_or_eds() {
        assertThat(paths(new Command.CreateVersion(version(new Endpoints.Eds(List.of())))))
                .containsExactly("eds.endpoints");
        assertThat(
                        paths(
                                new Command.CreateVersion(
                                        version(new Endpoints.Dns("", 0, Duration.ZERO)))))
                .containsExactlyInAnyOrder("dns.host", "dns.port", "dns.refresh");
        world.accept(
                new Command.CreateVersion(
                        version(new Endpoints.Dns("orders", 80, Duration.ofSeconds(5)))));
    }

    @Test
    void schema_versions_are_compared_as_dotted_numbers() {
        for (String[] good : new String[][] {{"3", "3"}, {"3.9", "3.10"}, {"2", "2.0.0"}}) {
            assertThat(
                            world.decide(
                                    new Command.CreateVersion(schema(good[0], good[1])),
                                    Fixtures.admin()))
                    .as(String.join(" to ", good))
                    .isInstanceOf(Decision.Change.class);
        }
        assertThat(paths(new Command.CreateVersion(schema("3.10", "3.9"))))
                .containsExactly("accepted_schema.max");
        assertThat(paths(new Command.CreateVersion(schema("3.x", "4"))))
                .containsExactly("accepted_schema");
        assertThat(paths(new Command.CreateVersion(schema("3", "v4"))))
                .containsExactly("accepted_schema");
    }

    @Test
    void health_checks_of_all_kinds_and_tls_with_both_files_are_taken() {
        for (Check check :
                List.of(new Check.Http("/h"), new Check.Grpc("orders"), new Check.Tcp())) {
            VersionSpec plain = Fixtures.version("orders", "v9");
            VersionSpec checked =
                    new VersionSpec(
                            plain.name(),
                            plain.labels(),
                            plain.endpoints(),
                            plain.protocol(),
                            Optional.of(
                                    new VersionSpec.UpstreamTls("o", "/ca", List.of(), "/c", "/k")),
                            Optional.of(
                                    new HealthCheck(
                                            check,
                                            Duration.ofSeconds(5),
                                            Duration.ofSeconds(1),
                                            3,
                                            1)),
                            Optional.empty(),
                            plain.connectTimeout(),
                            inboundVersion("orders", 9000).inbound());
            assertThat(world.decide(new Command.CreateVersion(checked), Fixtures.admin()))
                    .isInstanceOf(Decision.Change.class);
        }
    }

    @Test
    void an_application_may_use_the_listeners_port_on_another_address() {
        VersionSpec beside =
                Fixtures.version(
                        "orders",
                        "v9",
                        Optional.of(
                                new VersionSpec.Inbound(
                                        new ListenAddress("10.0.0.5", 9000),
                                        new Endpoint("127.0.0.1", 9000, 1))));

        world.accept(new Command.CreateVersion(beside));
    }

    @Test
    void all_problems_of_a_route_are_reported_together() {
        RouteSpec wrong =
                new RouteSpec(
                        Fixtures.routeToGate("nowhere", "r", "g").name(),
                        1_000_001,
                        RouteMatch.newBuilder()
                                .setPrefix("no-slash")
                                .setRuntimeFraction(RuntimeFractionalPercent.getDefaultInstance())
                                .build(),
                        List.of("get", "PUT", "PUT"),
                        new RouteSpec.Target.ToGate(new GateName("none")),
                        OperationClass.READ,
                        Duration.ofDays(2),
                        Optional.of(
                                new RouteSpec.Retry(
                                        List.of("sometimes"), 11, Optional.of(Duration.ZERO))),
                        Map.of());

        assertThat(paths(new Command.CreateRoute(wrong)))
                .containsExactlyInAnyOrder(
                        "parent",
                        "priority",
                        "match.prefix",
                        "match.runtime_fraction",
                        "methods[0]",
                        "methods[2]",
                        "gate",
                        "timeout",
                        "retry.num_retries",
                        "retry.retry_on",
                        "retry.per_try_timeout");
    }

    @Test
    void every_way_to_say_a_path_is_checked() {
        assertThat(matchPaths(RouteMatch.newBuilder())).containsExactly("match");
        assertThat(matchPaths(RouteMatch.newBuilder().setPath("x"))).containsExactly("match.path");
        assertThat(matchPaths(RouteMatch.newBuilder().setPathSeparatedPrefix("x")))
                .containsExactly("match.path_separated_prefix");
        assertThat(
                        matchPaths(
                                RouteMatch.newBuilder()
                                        .setSafeRegex(RegexMatcher.newBuilder().setRegex("("))))
                .containsExactly("match.safe_regex.regex");
        assertThat(
                        matchPaths(
                                RouteMatch.newBuilder()
                                        .setConnectMatcher(
                                                RouteMatch.ConnectMatcher.getDefaultInstance())))
                .containsExactly("match");
        assertThat(
                        matchPaths(
                                RouteMatch.newBuilder()
                                        .setPrefix("/")
                                        .addHeaders(
                                                HeaderMatcher.newBuilder()
                                                        .setName("h".repeat(70_000)))))
                .containsExactly("match");
        world.accept(
                new Command.CreateRoute(
                        matching(
                                RouteMatch.newBuilder()
                                        .setSafeRegex(
                                                RegexMatcher.newBuilder().setRegex("/o/[0-9]+")))));
    }

    @Test
    void a_route_leads_to_its_own_service() {
        assertThat(paths(new Command.CreateRoute(Fixtures.routeToGate("orders", "r", "customers"))))
                .containsExactly("gate");
        assertThat(
                        paths(
                                new Command.CreateRoute(
                                        Fixtures.route(
                                                "orders",
                                                "r",
                                                new RouteSpec.Target.ToVersion(
                                                        Fixtures.versionName("customers", "v1"))))))
                .containsExactly("version");
        assertThat(
                        paths(
                                new Command.CreateRoute(
                                        Fixtures.route(
                                                "orders",
                                                "r",
                                                new RouteSpec.Target.ToVersion(
                                                        Fixtures.versionName("orders", "v7"))))))
                .containsExactly("version");
    }

    @Test
    void two_routes_of_one_match_and_priority_are_refused_unless_their_methods_differ() {
        RouteMatch match = RouteMatch.newBuilder().setPrefix("/same").build();
        world.accept(new Command.CreateRoute(route("a", 0, match, List.of("GET"))));
        world.accept(new Command.CreateRoute(route("b", 0, match, List.of("PUT"))));
        world.accept(new Command.CreateRoute(route("c", 1, match, List.of())));

        assertThat(paths(new Command.CreateRoute(route("d", 0, match, List.of("GET", "HEAD")))))
                .containsExactly("match");
        assertThat(paths(new Command.CreateRoute(route("d", 0, match, List.of()))))
                .containsExactly("match", "match");
        assertThat(paths(new Command.CreateRoute(route("d", 1, match, List.of("GET")))))
                .containsExactly("match");
        world.accept(new Command.UpdateRoute(route("a", 0, match, List.of("GET", "HEAD"))));
    }

    @Test
    void a_route_without_timeout_may_have_any_time_for_a_try() {
        RouteSpec endless =
                new RouteSpec(
                        Fixtures.routeToGate("orders", "r", "orders").name(),
                        0,
                        RouteMatch.newBuilder().setPath("/x").build(),
                        List.of(),
                        new RouteSpec.Target.ToGate(new GateName("orders")),
                        OperationClass.READ,
                        Duration.ZERO,
                        Optional.of(
                                new RouteSpec.Retry(
                                        List.of("5xx"), 1, Optional.of(Duration.ofHours(1)))),
                        Map.of());
        world.accept(new Command.CreateRoute(endless));

        RouteSpec noWord =
                new RouteSpec(
                        endless.name(),
                        0,
                        endless.match(),
                        List.of(),
                        endless.target(),
                        OperationClass.READ,
                        Duration.ofSeconds(1),
                        Optional.of(new RouteSpec.Retry(List.of(), 1, Optional.empty())),
                        Map.of());
        assertThat(paths(new Command.UpdateRoute(noWord))).containsExactly("retry.retry_on");
    }

    private void assertKind(Refusal.Kind kind, Command command) {
        assertThat(world.refuse(command, Fixtures.admin()))
                .as(command.toString())
                .extracting(Refusal::kind)
                .contains(kind);
    }

    private List<String> paths(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().path()).toList();
    }

    private List<String> got(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().got()).toList();
    }

    private List<String> matchPaths(RouteMatch.Builder match) {
        return paths(new Command.CreateRoute(matching(match)));
    }

    private static RouteSpec matching(RouteMatch.Builder match) {
        return route("m", 0, match.build(), List.of());
    }

    private static RouteSpec route(
            String id, int priority, RouteMatch match, List<String> methods) {
        return new RouteSpec(
                Fixtures.routeToGate("orders", id, "orders").name(),
                priority,
                match,
                methods,
                new RouteSpec.Target.ToGate(new GateName("orders")),
                OperationClass.READ,
                Duration.ofSeconds(15),
                Optional.empty(),
                Map.of());
    }

    private static VersionSpec version(Endpoints endpoints) {
        VersionSpec plain = Fixtures.version("orders", "v9");
        return new VersionSpec(
                plain.name(),
                plain.labels(),
                endpoints,
                plain.protocol(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                plain.connectTimeout(),
                Optional.empty());
    }

    private static VersionSpec schema(String min, String max) {
        VersionSpec plain = Fixtures.version("orders", "v9");
        return new VersionSpec(
                plain.name(),
                plain.labels(),
                plain.endpoints(),
                plain.protocol(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new VersionSpec.SchemaRange("db", min, max)),
                plain.connectTimeout(),
                Optional.empty());
    }

    private static VersionSpec inboundVersion(String service, int port) {
        return Fixtures.version(
                service,
                "v1",
                Optional.of(
                        new VersionSpec.Inbound(
                                new ListenAddress("127.0.0.1", port),
                                new Endpoint("127.0.0.1", 7_000, 1))));
    }
}
