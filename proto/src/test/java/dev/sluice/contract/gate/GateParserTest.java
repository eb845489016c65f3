package dev.sluice.contract.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateParserTest {
    static final String LEAST =
            """
            name: "gates/orders" revision { epoch: 1 number: 42 }
            legacy_cluster: "old" new_cluster: "new" store_kind: SHARED from: OFF to: COMPLETE
            bucketing { salt: "orders-v2" key { header: "x-user" } legacy {} }
            """;

    /** What a gate with a write authority has. */
    private static final String WRITES =
            "contract_version: 3 store_kind: SEPARATE from: SHADOW to: LIVE write_authority {} ";

    private static <B extends Message.Builder> B merged(B builder, String text) {
        try {
            TextFormat.Parser.newBuilder()
                    .setSingularOverwritePolicy(
                            TextFormat.Parser.SingularOverwritePolicy.ALLOW_SINGULAR_OVERWRITES)
                    .build()
                    .merge(text, builder);
            return builder;
        } catch (TextFormat.ParseException bad) {
            throw new AssertionError(bad);
        }
    }

    private static dev.sluice.gate.v1.Gate.Builder proto(String text) {
        return merged(dev.sluice.gate.v1.Gate.newBuilder(), text);
    }

    private static Gate parsed(String fields) {
        return GateParser.parse(proto(LEAST + fields).build()).orThrow();
    }

    private static List<Problem> problems(String fields) {
        return GateParser.parse(proto(LEAST + fields).build()).problems();
    }

    @Test
    void a_least_gate_has_every_default() {
        Gate gate = parsed("");

        assertThat(gate.contractVersion()).isEqualTo(1);
        assertThat(gate.revision()).contains(new GateRevision(1, 42));
        assertThat(gate.gateSet()).isEmpty();
        assertThat(gate.share()).isEqualTo(PartsPerMillion.NONE);
        assertThat(gate.takeBack()).isEqualTo(TakeBack.FROM);
        assertThat(gate.maxStale()).isEqualTo(Duration.ofHours(24));
        assertThat(gate.kill()).isEmpty();
        assertThat(gate.rules()).isEmpty();
        assertThat(gate.acknowledgedTrips()).isEmpty();
        assertThat(gate.trip()).isEqualTo(Gate.TripPolicy.DEFAULT);
        assertThat(gate.trip().trips()).isEqualTo(Gate.Trips.ON);
        assertThat(gate.writeAuthority()).isEqualTo(new Gate.WriteAuthority.ByMode());
        assertThat(gate.writeHold()).isEmpty();
        assertThat(gate.fallback()).isEqualTo(new Gate.FallbackPolicy.Never());
        assertThat(gate.bucketing().missingKey()).isEqualTo(new MissingKey.Legacy());
        assertThat(gate.isKilled()).isFalse();
        assertThat(gate.carriedId()).isEqualTo("orders");
        assertThat(gate.cluster(Arm.LEGACY)).isEqualTo("old");
        assertThat(gate.cluster(Arm.NEW)).isEqualTo("new");
    }

    @Test
    void a_full_gate_is_read_whole() {
        Gate gate =
                parsed(
                        """
                        contract_version: 3 gate_set: "gateSets/shop" share_ppm: 250000
                        store_kind: SEPARATE from: SHADOW to: LIVE
                        max_stale { seconds: 3600 } acknowledged_trips: ["n/b/1", "n/b/2"]
                        kill { reason: "errors" time { seconds: 100 nanos: 5 } actor: "ann" }
                        trip { disabled: true healthy_ppm: 1 failing_ppm: 2 alpha_ppm: 3 }
                        write_authority { new_below_ppm: 7 }
                        write_hold { from_bucket: 0 to_bucket: 1000000 max_wait { nanos: 1000000 } }
                        fallback { enabled: true idempotency_key_header: "Idempotency-Key" }
                        """);

        assertThat(gate.carriedId()).isEqualTo("shop");
        assertThat(gate.isKilled()).isTrue();
        assertThat(gate.kill())
                .contains(
                        new Gate.Kill("errors", Optional.of(Instant.ofEpochSecond(100, 5)), "ann"));
        assertThat(gate.acknowledgedTrips()).containsExactlyInAnyOrder("n/b/1", "n/b/2");
        assertThat(gate.trip().trips()).isEqualTo(Gate.Trips.OFF);
        assertThat(gate.trip().failing().value()).isEqualTo(2);
        assertThat(gate.writeAuthority())
                .isEqualTo(new Gate.WriteAuthority.NewBelow(new PartsPerMillion(7)));
        Gate.WriteHold hold = gate.writeHold().orElseThrow();
        assertThat(hold.maxWait()).isEqualTo(Duration.ofMillis(1));
        assertThat(hold.holds(999_999)).isTrue();
        assertThat(new Gate.WriteHold(5, 6, Duration.ofSeconds(1)).holds(5)).isTrue();
        assertThat(new Gate.WriteHold(5, 6, Duration.ofSeconds(1)).holds(6)).isFalse();
        assertThat(new Gate.WriteHold(5, 6, Duration.ofSeconds(1)).holds(4)).isFalse();
        assertThat(hold.holds(OptionalInt.empty())).as("writes without a bucket").isTrue();
        assertThat(new Gate.WriteHold(0, 999_999, Duration.ofSeconds(1)).holds(OptionalInt.empty()))
                .isFalse();
        assertThat(gate.fallback())
                .isEqualTo(new Gate.FallbackPolicy.ToLegacy(Optional.of("idempotency-key")));
    }

    @Test
    void an_empty_gate_has_all_its_problems_told_at_once() {
        assertThat(GateParser.parse(dev.sluice.gate.v1.Gate.getDefaultInstance()).problems())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "name",
                        "revision",
                        "store_kind",
                        "from",
                        "to",
                        "bucketing",
                        "legacy_cluster",
                        "new_cluster");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: 'orders' | name",
                "contract_version: 4 | contract_version",
                "rules { name: 'a' cohort {} arm: NEW } | contract_version",
                "contract_version: 2 rules { name: 'a' cohort { name: 'beta' } arm: NEW } |"
                        + " rules[0].cohort.name",
                "contract_version: 2 rules { name: 'a' cohort { include {} } arm: NEW } |"
                        + " rules[0].cohort.include[0]",
                "contract_version: 2 rules { name: 'a' cohort { exclude {} } arm: NEW } |"
                        + " rules[0].cohort.exclude[0]",
                "contract_version: 2 rules { name: 'a' cohort { match { methods: 'get' } }"
                        + " arm: NEW } | rules[0].cohort.match.methods[0]",
                "contract_version: 4294967295 | contract_version",
                "revision { epoch: 0 } | revision.epoch",
                "revision { number: 0 } | revision.number",
                "revision { number: 9223372036854775808 } | revision.number",
                "gate_set: 'shop' | gate_set",
                "legacy_cluster: '' | legacy_cluster",
                "store_kind: STORE_KIND_UNSPECIFIED | store_kind",
                "store_kind: 9 | store_kind",
                "from: MODE_UNSPECIFIED | from",
                "to: 7 | to",
                "to: LIVE | to",
                "to: OFF | to",
                "from: COMPLETE | to",
                "from: DUAL_WRITE to: SHADOW | to",
                "store_kind: SEPARATE | to",
                "share_ppm: 1000001 | share_ppm",
                "share_ppm: 4294967295 | share_ppm",
                "bucketing { salt: '' } | bucketing.salt",
                "bucketing { key { header: 'a b' } } | bucketing.key.header",
                "bucketing { key { cookie: 'a;b' } } | bucketing.key.cookie",
                "bucketing { key { cookie: '' } } | bucketing.key.cookie",
                "bucketing { key { jwt_claim {} } } | bucketing.key.jwt_claim.claim",
                "bucketing { key { jwt_claim { header: ' ' claim: 'a' } } }"
                        + " | bucketing.key.jwt_claim.header",
                "bucketing { key { path_segment { index: 64 } } }"
                        + " | bucketing.key.path_segment.index",
                "bucketing { key { grpc_metadata: 'X-User' } } | bucketing.key.grpc_metadata",
                "bucketing { issue_cookie { name: 'a' } } | bucketing.issue_cookie.name",
                "bucketing { key { cookie: 'b' } issue_cookie { name: 'a' } }"
                        + " | bucketing.issue_cookie.name",
                "bucketing { key { cookie: 'a' } issue_cookie { name: 'a' path: 'x' } }"
                        + " | bucketing.issue_cookie.path",
                "bucketing { key { cookie: 'a' } issue_cookie { name: 'a' path: '/;' } }"
                        + " | bucketing.issue_cookie.path",
                "bucketing { key { cookie: 'a' } issue_cookie { name: 'a' domain: 'a b' } }"
                        + " | bucketing.issue_cookie.domain",
                "bucketing { key { cookie: 'a' } issue_cookie { name: 'a' max_age {} } }"
                        + " | bucketing.issue_cookie.max_age",
                "bucketing { key { cookie: 'a' } issue_cookie { name: 'a' same_site: 8 } }"
                        + " | bucketing.issue_cookie.same_site",
                "bucketing { key { cookie: 'a' } issue_cookie { name: 'a' same_site: NONE"
                        + " insecure: true } } | bucketing.issue_cookie.insecure",
                "take_back: 3 | take_back",
                "max_stale { nanos: 999999999 } | max_stale",
                "max_stale { seconds: 2592001 } | max_stale",
                "max_stale { seconds: 9223372036854775807 nanos: 999999999 } | max_stale",
                "max_stale { seconds: -9223372036854775808 } | max_stale",
                "kill {} | kill.reason",
                "kill { reason: 'x' time { nanos: -1 } } | kill.time",
                "kill { reason: 'x' time { nanos: 1000000000 } } | kill.time",
                "kill { reason: 'x' time { seconds: 9223372036854775807 } } | kill.time",
                "kill { reason: 'x' } take_back: FORBIDDEN | kill",
                "acknowledged_trips: '' | acknowledged_trips[0]",
                "trip { healthy_ppm: 1000000 failing_ppm: 1000000 } | trip.healthy_ppm",
                "trip { failing_ppm: 1000001 healthy_ppm: 1 } | trip.failing_ppm",
                "trip { healthy_ppm: 100000 } | trip.failing_ppm",
                "trip { alpha_ppm: 500001 } | trip.alpha_ppm",
                WRITES
                        + "write_authority { new_below_ppm: 1000001 } | write_authority.new_below_ppm",
                WRITES
                        + "write_hold { from_bucket: 1000000 to_bucket: 1000000 }"
                        + " | write_hold.from_bucket",
                WRITES + "write_hold { from_bucket: 5 to_bucket: 5 } | write_hold.to_bucket",
                WRITES
                        + "write_hold { to_bucket: 1 max_wait { seconds: 61 } }"
                        + " | write_hold.max_wait",
                WRITES + "contract_version: 2 | contract_version",
                WRITES + "store_kind: SHARED from: OFF to: COMPLETE | write_authority",
                "write_hold { to_bucket: 1 } | write_hold",
                "fallback { idempotency_key_header: ' ' } | fallback.idempotency_key_header",
                "rules { name: 'A' share {} } | rules[0].name",
                "rules { name: 'a' } | rules[0]",
                "rules { name: 'a' arm: ARM_UNSPECIFIED } | rules[0].arm",
                "rules { name: 'a' arm: 3 } | rules[0].arm",
                "rules { name: 'a' share {} } rules { name: 'a' share {} } | rules[1].name",
                "rules { name: 'a' share {} match { path {} } } | rules[0].match.path",
                "rules { name: 'a' share {} match { methods: ['GET', 'get'] } }"
                        + " | rules[0].match.methods[1]",
                "rules { name: 'a' share {} match { headers { name: '' } } }"
                        + " | rules[0].match.headers[0].name",
                "rules { name: 'a' share {} match { query_parameters {} } }"
                        + " | rules[0].match.query_parameters[0].name",
                "rules { name: 'a' share {} match { cookies {} } }"
                        + " | rules[0].match.cookies[0].name",
                "rules { name: 'a' share {} match { cookies { name: 'a' value {} } } }"
                        + " | rules[0].match.cookies[0].value",
                "rules { name: 'a' share {} match { grpc_method { method: 'M' } } }"
                        + " | rules[0].match.grpc_method.service",
                "rules { name: 'a' share {} match { grpc_method { service: 'S' method: '/' } } }"
                        + " | rules[0].match.grpc_method.method",
                "rules { name: 'a' share {} match { client_identities {} } }"
                        + " | rules[0].match.client_identities[0]",
                "rules { name: 'a' share {} match { api_version { value { exact: '1' } } } }"
                        + " | rules[0].match.api_version",
                "rules { name: 'a' share {} match { api_version { header: 'v' } } }"
                        + " | rules[0].match.api_version.value",
                "rules { name: 'a' share {} match { api_version { path_segment: 64"
                        + " value { exact: '1' } } } } | rules[0].match.api_version.path_segment",
            })
    void a_bad_field_is_one_problem_at_its_path(String fields, String path) {
        assertThat(problems(fields)).extracting(Problem::path).containsExactly(path);
        assertThat(problems(fields))
                .allSatisfy(problem -> {
                    assertThat(problem.got()).isNotBlank();
                    assertThat(problem.expected()).isNotBlank();
                    assertThat(problem.remedy()).isNotBlank();
                });
    }

    @Test
    void two_problems_are_both_told() {
        assertThat(problems("share_ppm: 2000000 rules { name: 'a' match { headers {} } }"))
                .extracting(Problem::path)
                .containsExactly("share_ppm", "rules[0].match.headers[0].name", "rules[0]");
    }

    @Test
    void parts_of_bucketing_that_are_missing_are_told_together() {
        dev.sluice.gate.v1.Gate.Builder gate = proto(LEAST);
        gate.getBucketingBuilder().clearKey().clearMissingKey().setSalt("é".repeat(65));

        assertThat(GateParser.parse(gate.build()).problems())
                .extracting(Problem::path)
                .containsExactly("bucketing.salt", "bucketing.key", "bucketing");
    }

    @Test
    void unknown_fields_are_refused_wherever_they_are() {
        UnknownFieldSet unknown =
                UnknownFieldSet.newBuilder()
                        .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        dev.sluice.gate.v1.Gate.Builder gate = proto(LEAST);
        gate.getBucketingBuilder().getKeyBuilder().setUnknownFields(unknown);

        assertThat(GateParser.parse(gate.build()).problems())
                .singleElement()
                .isEqualTo(
                        new Problem(
                                "bucketing.key",
                                "unknown field number 9",
                                "only fields of sluice.gate.v1.KeySource known here",
                                "remove the field, or upgrade the reader"));
    }

    @Test
    void there_are_at_most_256_rules_and_10000_trips() {
        dev.sluice.gate.v1.Gate.Builder gate = proto(LEAST);
        for (int i = 0; i <= 256; i++) {
            gate.addRulesBuilder().setName("r" + i).getShareBuilder();
        }
        for (int i = 0; i <= 10_000; i++) {
            gate.addAcknowledgedTrips("t" + i);
        }

        assertThat(GateParser.parse(gate.build()).problems())
                .extracting(Problem::path)
                .containsExactly("rules", "acknowledged_trips");
    }

    @ParameterizedTest
    @CsvSource({
        "SEPARATE,OFF,DUAL_WRITE",
        "SEPARATE,DUAL_WRITE,SHADOW",
        "SEPARATE,SHADOW,LIVE",
        "SEPARATE,LIVE,RAMP_DOWN",
        "SEPARATE,RAMP_DOWN,COMPLETE",
        "SHARED,OFF,SHADOW",
        "SHARED,OFF,COMPLETE",
        "SHARED,SHADOW,COMPLETE"
    })
    void neighbours_may_be_in_force_together(StoreKind store, Mode from, Mode to) {
        Gate gate = parsed("store_kind: %s from: %s to: %s".formatted(store, from, to));

        assertThat(gate.hasInForce(from)).isTrue();
        assertThat(gate.hasInForce(to)).isTrue();
        assertThat(Mode.values()).filteredOn(gate::hasInForce).hasSize(2);
    }

    @Test
    void an_inline_gate_has_no_revision() {
        assertThat(
                        GateParser.parseInline(proto(LEAST).clearRevision().build())
                                .orThrow()
                                .revision())
                .isEmpty();
        assertThat(GateParser.parseInline(proto(LEAST).build()).problems())
                .extracting(Problem::path)
                .containsExactly("revision");
    }

    private static Optional<RouteGate> routeGate(String text, Problems problems) {
        return GateParser.routeGate(
                merged(dev.sluice.gate.v1.RouteGate.newBuilder(), text).build(), "route", problems);
    }

    @Test
    void a_route_names_its_gate_or_holds_it() {
        Problems none = Problems.at("gate");
        String inline = LEAST.replace("revision { epoch: 1 number: 42 }", "");

        assertThat(routeGate("name: 'gates/orders'", none))
                .contains(
                        new RouteGate(
                                new RouteGate.Source.Named(
                                        new dev.sluice.contract.GateName("orders")),
                                new Operation("route", OperationClass.UNSAFE_WRITE)));
        RouteGate held =
                routeGate(
                                "operation_class: READ operation: 'orders/get' inline { %s }"
                                        .formatted(inline),
                                none)
                        .orElseThrow();
        assertThat(held.operation()).isEqualTo(new Operation("orders/get", OperationClass.READ));
        assertThat(held.source()).isInstanceOf(RouteGate.Source.Inline.class);
        assertThat(held.served()).as("of a caller's route").isEmpty();
        assertThat(
                        routeGate("name: 'gates/orders' served_arm: LEGACY", none)
                                .orElseThrow()
                                .served())
                .as("of a route to the service itself")
                .contains(Arm.LEGACY);
        assertThat(none.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "operation: 'a' | gate",
                "name: 'orders' | gate.name",
                "name: 'gates/a' operation_class: 9 | gate.operation_class",
                "name: 'gates/a' operation: 'a b' | gate.operation",
                "name: 'gates/a' served_arm: 7 | gate.served_arm",
            })
    void a_bad_route_gate_is_told_at_its_path(String text, String path) {
        Problems problems = Problems.at("gate");

        assertThat(routeGate(text, problems)).isEmpty();
        assertThat(problems.all()).extracting(Problem::path).containsExactly(path);
    }

    @Test
    void a_bad_inline_gate_is_told_under_inline() {
        Problems problems = Problems.at("gate");

        assertThat(routeGate("inline { %s share_ppm: 1000001 }".formatted(LEAST), problems))
                .isEmpty();
        assertThat(problems.all())
                .extracting(Problem::path)
                .containsExactly("gate.inline.revision", "gate.inline.share_ppm");
    }

    private static Optional<GateFilter> filter(String text, Problems problems) {
        return GateParser.gateFilter(
                merged(dev.sluice.gate.v1.GateFilter.newBuilder(), text).build(), problems);
    }

    @Test
    void a_filter_trusts_nobody_by_default() {
        Problems none = Problems.root();

        assertThat(filter("", none)).contains(GateFilter.DEFAULT);
        GateFilter peers =
                filter(
                                "carried_trust: MTLS_PEERS explain: ALWAYS"
                                        + " trusted_ids { prefix: 'spiffe://shop/' }",
                                none)
                        .orElseThrow();
        assertThat(peers.carriedTrust()).isEqualTo(GateFilter.CarriedTrust.MTLS_PEERS);
        assertThat(peers.explain()).isEqualTo(GateFilter.Explain.ALWAYS);
        assertThat(peers.trustedIds().getFirst().matches("spiffe://shop/a")).isTrue();
        assertThat(none.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "carried_trust: 9",
                "explain: 9",
                "carried_trust: MTLS_PEERS",
                "trusted_ids { exact: 'a' }",
                "carried_trust: MTLS_PEERS trusted_ids {}"
            })
    void a_bad_filter_is_one_problem(String text) {
        Problems problems = Problems.root();

        assertThat(filter(text, problems)).isEmpty();
        assertThat(problems.count()).isEqualTo(1);
    }

    private static String keys(String list, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> list + " { exact: 'k" + i + "' } ")
                .collect(Collectors.joining());
    }

    @Test
    void the_keys_of_cohorts_in_a_gate_are_bounded() {
        String most = keys("include", 0, 1_000);
        String rules =
                IntStream.range(0, 10)
                        .mapToObj(
                                i -> "rules { name: 'r" + i + "' cohort {" + most + "} share {} }")
                        .collect(Collectors.joining());

        assertThat(parsed("contract_version: 2 " + rules).rules()).hasSize(10);
        assertThat(
                        problems(
                                "contract_version: 2 "
                                        + rules
                                        + "rules { name: 'one' cohort { exclude { exact: 'x' } }"
                                        + " arm: LEGACY }"))
                .extracting(Problem::path)
                .containsExactly("rules");
        assertThat(
                        problems(
                                "contract_version: 2 rules { name: 'r' cohort {"
                                        + keys("include", 0, 1_001)
                                        + keys("exclude", 0, 1_001)
                                        + "} arm: NEW }"))
                .extracting(Problem::path)
                .containsExactly("rules[0].cohort.include", "rules[0].cohort.exclude");
    }

    @Test
    void some_of_the_keys_are_read_alone() {
        var cohort =
                dev.sluice.gate.v1.CohortMatch.newBuilder()
                        .setName("cohorts/beta")
                        .setMatch(dev.sluice.gate.v1.RuleMatch.newBuilder().addMethods("GET"))
                        .build();
        Problems none = Problems.root();
        CohortMatch read = GateParser.cohort(cohort, none).orElseThrow();

        assertThat(GateWriter.write(read)).isEqualTo(cohort);
        assertThat(read.name()).contains(new CohortName("beta"));
        assertThat(read.namesKeys()).isFalse();
        Problems problems = Problems.root();
        assertThat(
                        GateParser.cohort(
                                cohort.toBuilder()
                                        .setUnknownFields(
                                                UnknownFieldSet.newBuilder()
                                                        .addField(
                                                                99,
                                                                UnknownFieldSet.Field.newBuilder()
                                                                        .addVarint(1)
                                                                        .build())
                                                        .build())
                                        .build(),
                                problems))
                .isEmpty();
        assertThat(problems.all()).hasSize(1);
    }
}
