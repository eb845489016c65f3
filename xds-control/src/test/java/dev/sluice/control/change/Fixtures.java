package dev.sluice.control.change;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.control.change.CommandContext.Validation;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.Principal.AuthMethod;
import dev.sluice.control.change.spec.BaselineSpec;
import dev.sluice.control.change.spec.CohortSpec;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.VersionSpec;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A small shop: what tests of the control plane build their states from. */
public final class Fixtures {
    public static final Instant START = Instant.parse("2026-11-01T08:00:00Z");
    public static final Principal ADMIN = new Principal("admin", AuthMethod.TOKEN);
    public static final Stamp STAMP =
            new Stamp(
                    START,
                    ADMIN,
                    Optional.empty(),
                    "0123456789abcdef",
                    "services/orders",
                    "because");

    private Fixtures() {}

    public static CommandContext by(Principal principal) {
        return new CommandContext(
                Identity.of(principal),
                Optional.empty(),
                "a reason",
                Validation.APPLY,
                Optional.empty(),
                START);
    }

    public static CommandContext admin() {
        return by(ADMIN);
    }

    public static ServiceName serviceName(String id) {
        return new ServiceName(id);
    }

    public static VersionName versionName(String service, String id) {
        return new VersionName(serviceName(service), id);
    }

    public static ServiceSpec service(String id) {
        return service(id, 0);
    }

    /**
     * A service that is listened for and calls others.
     *
     * @param port of the outbound listener; 0 for none
     */
    public static ServiceSpec service(String id, int port, String... calls) {
        return new ServiceSpec(
                serviceName(id),
                Description.NONE,
                port == 0 ? Optional.empty() : Optional.of(new ListenAddress("127.0.0.1", port)),
                Arrays.stream(calls).map(ServiceName::new).toList());
    }

    public static VersionSpec version(String service, String id) {
        return version(service, id, Optional.empty());
    }

    public static VersionSpec version(
            String service, String id, Optional<VersionSpec.Inbound> inbound) {
        return new VersionSpec(
                versionName(service, id),
                Map.of("tier", "gold"),
                new Endpoints.Static(List.of(new Endpoints.Endpoint("10.0.0.1", 8080, 1))),
                VersionSpec.Protocol.HTTP1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                inbound);
    }

    /** Another build of a version. */
    public static VersionSpec build(String service, String id, String tier) {
        VersionSpec plain = version(service, id);
        return new VersionSpec(
                plain.name(),
                Map.of("tier", tier),
                plain.endpoints(),
                plain.protocol(),
                plain.tls(),
                plain.healthCheck(),
                plain.acceptedSchema(),
                plain.connectTimeout(),
                plain.inbound());
    }

    public static RouteSpec route(String service, String id, RouteSpec.Target target) {
        return new RouteSpec(
                new RouteName(serviceName(service), id),
                0,
                RouteMatch.newBuilder().setPrefix("/" + id).build(),
                List.of(),
                target,
                OperationClass.READ,
                Duration.ofSeconds(15),
                Optional.empty(),
                Map.of());
    }

    public static RouteSpec routeToGate(String service, String id, String gate) {
        return route(service, id, new RouteSpec.Target.ToGate(new GateName(gate)));
    }

    /** A gate of the versions {@code v1} and {@code v2} of a service, OFF to COMPLETE. */
    public static GateSpec gate(String id, String service, int share) {
        return gate(id, service, share, "seed");
    }

    public static GateSpec gate(String id, String service, int share, String salt) {
        return new GateSpec(
                content(id, service, share, salt, Mode.OFF, Mode.COMPLETE, TakeBack.FROM),
                Description.NONE);
    }

    public static Gate content(
            String id,
            String service,
            int share,
            String salt,
            Mode from,
            Mode to,
            TakeBack takeBack) {
        return new Gate(
                new GateName(id),
                1,
                Optional.empty(),
                Optional.empty(),
                versionName(service, "v1").name(),
                versionName(service, "v2").name(),
                from == Mode.OFF && to == Mode.COMPLETE ? StoreKind.SHARED : StoreKind.SEPARATE,
                from,
                to,
                new PartsPerMillion(share),
                new Bucketing(
                        new Salt(salt), new KeySource.Header("x-user"), new MissingKey.Legacy()),
                List.of(),
                takeBack,
                Gate.DEFAULT_MAX_STALE,
                Optional.empty(),
                Set.of(),
                Gate.TripPolicy.DEFAULT,
                new Gate.WriteAuthority.ByMode(),
                Optional.empty(),
                new Gate.FallbackPolicy.Never());
    }

    /** A budget of the store of the same name; 0 for no bound. */
    public static DatabaseSpec database(String id, int locks, int io, int replication) {
        return new DatabaseSpec(
                new DatabaseName(id),
                Description.NONE,
                id,
                new DatabaseSpec.Budget(bound(locks), bound(io), bound(replication)));
    }

    private static Optional<Integer> bound(int most) {
        return most == 0 ? Optional.empty() : Optional.of(most);
    }

    /** A profile of one store and what a job adds to its load. */
    public static MigrationProfile using(String store, int io, int replication) {
        MigrationProfile nothing = MigrationProfile.EMPTY;
        return new MigrationProfile(
                new MigrationProfile.Scope(
                        List.of(),
                        List.of(),
                        List.of(
                                new MigrationProfile.Store(
                                        store,
                                        "",
                                        Optional.of(new MigrationProfile.Use(io, replication))))),
                nothing.people(),
                nothing.impact(),
                nothing.goals(),
                nothing.deprecation());
    }

    /** A profile of contracts. */
    public static MigrationProfile changing(String... contracts) {
        MigrationProfile nothing = MigrationProfile.EMPTY;
        return new MigrationProfile(
                new MigrationProfile.Scope(List.of(), List.of(), List.of(), List.of(contracts)),
                nothing.people(),
                nothing.impact(),
                nothing.goals(),
                nothing.deprecation());
    }

    /** A cohort of keys, {@code KEY*} for a prefix. */
    public static CohortSpec cohort(String id, String... keys) {
        return new CohortSpec(
                new CohortMatch(
                        Optional.of(new CohortName(id)),
                        Stream.of(keys).map(Fixtures::key).toList(),
                        List.of(),
                        RequestMatch.EVERY),
                Description.NONE);
    }

    private static StringMatcher key(String text) {
        return text.endsWith("*")
                ? new StringMatcher.Prefix(
                        WireText.of(text.substring(0, text.length() - 1)), LetterCase.SENSITIVE)
                : new StringMatcher.Exact(WireText.of(text), LetterCase.SENSITIVE);
    }

    /** The gate with a rule in front that fixes an arm for a cohort that it only names. */
    public static GateSpec forCohort(GateSpec gate, String cohort, Arm arm) {
        List<Rule> rules = new ArrayList<>();
        rules.add(
                new Rule(
                        cohort,
                        RequestMatch.EVERY,
                        Optional.of(cohort(cohort).content()),
                        new Rule.Outcome.Fixed(arm)));
        rules.addAll(gate.content().rules());
        return gate.withContent(gate.content().withRules(rules));
    }

    public static GateSetSpec set(String id, String... gates) {
        return new GateSetSpec(
                new GateSetName(id),
                Description.NONE,
                Arrays.stream(gates).map(GateName::new).toList());
    }

    public static ShareTarget gateTarget(String id) {
        return new ShareTarget.OfGate(new GateName(id));
    }

    public static ShareTarget setTarget(String id) {
        return new ShareTarget.OfSet(new GateSetName(id));
    }

    public static RampSpec ramp(String id, ShareTarget target, int... shares) {
        return ramp(id, target, RampSpec.Advance.JUDGED, shares);
    }

    public static RampSpec ramp(
            String id, ShareTarget target, RampSpec.Advance advance, int... shares) {
        return ramp(id, target, advance, Duration.ofSeconds(30), shares);
    }

    /** A ramp whose steps end as soon as they are in force everywhere. */
    public static RampSpec hasty(String id, ShareTarget target, int... shares) {
        return ramp(id, target, RampSpec.Advance.TIMED, Duration.ZERO, shares);
    }

    private static RampSpec ramp(
            String id, ShareTarget target, RampSpec.Advance advance, Duration soak, int... shares) {
        return new RampSpec(
                new RampName(id),
                target,
                Arrays.stream(shares)
                        .mapToObj(share ->
                                new RampSpec.Step(
                                        new PartsPerMillion(share),
                                        soak,
                                        Duration.ofMinutes(5),
                                        advance))
                        .toList(),
                JudgePolicy.DEFAULT,
                Optional.empty());
    }

    /** A migration of a gate of versions v1 and v2; a ramp of 1 %, 99 %, then a soak. */
    public static MigrationSpec migration(
            String id, String gate, StoreKind store, List<String> tables, String... dependsOn) {
        return new MigrationSpec(
                new MigrationName(id),
                Description.NONE,
                gateTarget(gate),
                store,
                MigrationSpec.Product.UNKNOWN,
                tables,
                Arrays.stream(dependsOn).map(MigrationName::new).toList(),
                List.of(
                        new MigrationSpec.Soak(
                                Phase.VERIFY, Duration.ofHours(1), Optional.empty())),
                List.of(step(10_000), step(990_000)),
                step(1_000_000),
                JudgePolicy.DEFAULT);
    }

    /** The same plan with something else said of it. */
    public static MigrationSpec with(MigrationSpec spec, MigrationSpec.Product product) {
        return new MigrationSpec(
                spec.name(),
                spec.description(),
                spec.target(),
                spec.store(),
                product,
                spec.tables(),
                spec.dependsOn(),
                spec.soaks(),
                spec.ramp(),
                spec.soak(),
                spec.judge());
    }

    /** The same plan of another risk and profile. */
    public static MigrationSpec with(
            MigrationSpec spec, MigrationSpec.Risk risk, MigrationProfile profile) {
        return with(
                spec,
                new MigrationSpec.Product(
                        "",
                        "",
                        risk,
                        List.of(),
                        MigrationSpec.Compatibility.NONE,
                        "",
                        Optional.empty(),
                        Optional.of(profile)));
    }

    private static RampSpec.Step step(int share) {
        return new RampSpec.Step(
                new PartsPerMillion(share),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                RampSpec.Advance.TIMED);
    }

    public static NodeSpec node(String id, String service) {
        return new NodeSpec(
                new NodeName(id),
                service,
                Optional.of(serviceName(service)),
                Optional.empty(),
                NodeSpec.Kind.SLUICE,
                "sluice 0.1",
                Gate.CONTRACT_VERSION,
                "");
    }

    /** A sidecar beside a version. */
    public static NodeSpec beside(String id, VersionName version) {
        return new NodeSpec(
                new NodeName(id),
                version.service().id(),
                Optional.of(version.service()),
                Optional.of(version),
                NodeSpec.Kind.SLUICE,
                "sluice 0.1",
                1,
                "");
    }

    public static TripReport trip(String gate, int number) {
        return new TripReport(
                "n/b/" + number, new GateName(gate), new NodeName("n"), "read", START, true);
    }

    public static LocalKillReport localKill(String gate, int number) {
        return new LocalKillReport(
                "n/b/" + number, new GateName(gate), new NodeName("n"), "errors", START);
    }

    /** What a sidecar whose service is not known says of a kill. */
    public static ObeyedKill obeyedKill(String gate, long epoch, long number) {
        return new ObeyedKill(
                new NodeSpec(
                        new NodeName("edge"),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        NodeSpec.Kind.SLUICE,
                        "sluice 0.1",
                        Gate.CONTRACT_VERSION,
                        ""),
                new GateName(gate),
                new GateRevision(epoch, number),
                "wrong totals, by ada");
    }

    /** Of a gate, good for two weeks. */
    public static BaselineSpec baseline(String id, String gate) {
        return new BaselineSpec(
                new BaselineName(id),
                Description.NONE,
                gateTarget(gate),
                BaselineSpec.DEFAULT_MAX_AGE);
    }

    /** What a gate decided of 50,000 keys, one of a thousand with an error; nothing carried. */
    public static Recording recording(String gate, GateRevision revision, Instant time) {
        JudgedArm arm =
                new JudgedArm(
                        50_000, 50_000, 50, 0, 500_000, 0, 500, 0, 0, 0, 0, 0, 0, 0, 5_000, 20_000);
        return new Recording(
                time,
                List.of(
                        new Recording.OfGate(
                                new GateName(gate),
                                revision,
                                START,
                                new Recording.Counts(
                                        arm, List.of(new Recording.Quantile(990_000, 20_000))),
                                new Recording.Counts(JudgedArm.NONE, List.of()))));
    }

    /** The same policy, judged at 100 % against a baseline. */
    public static JudgePolicy against(JudgePolicy policy, String baseline) {
        return new JudgePolicy(
                policy.alphaPpm(),
                policy.harmBudgetPpm(),
                policy.minKeys(),
                policy.clientErrorsCount(),
                policy.criteria(),
                policy.queries(),
                Optional.of(new BaselineName(baseline)));
    }

    /** The same ramp, judged at 100 % against a baseline. */
    public static RampSpec against(RampSpec ramp, String baseline) {
        return new RampSpec(
                ramp.name(),
                ramp.target(),
                ramp.steps(),
                against(ramp.judge(), baseline),
                ramp.baseline());
    }

    /** The same plan, judged at 100 % against a baseline. */
    public static MigrationSpec against(MigrationSpec spec, String baseline) {
        return new MigrationSpec(
                spec.name(),
                spec.description(),
                spec.target(),
                spec.store(),
                spec.product(),
                spec.tables(),
                spec.dependsOn(),
                spec.soaks(),
                spec.ramp(),
                spec.soak(),
                against(spec.judge(), baseline));
    }

    public static Verdict verdict(int step, Verdict.Outcome outcome) {
        return verdict(step, outcome, START);
    }

    public static Verdict verdict(int step, Verdict.Outcome outcome, Instant time) {
        return new Verdict(
                step,
                outcome,
                time,
                new PartsPerMillion(10_000),
                Verdict.ArmTotals.NONE,
                new Verdict.ArmTotals(1, 2, 3, 4, 5, 6, 7),
                1.5,
                0.25,
                0.5,
                0.05,
                "keys-1",
                "said so",
                Optional.empty());
    }

    /** The same gate between other versions, by another key. */
    public static Gate withArms(Gate gate, String legacy, String fresh, Bucketing bucketing) {
        return new Gate(
                gate.name(),
                gate.contractVersion(),
                gate.revision(),
                gate.gateSet(),
                legacy,
                fresh,
                gate.storeKind(),
                gate.from(),
                gate.to(),
                gate.share(),
                bucketing,
                gate.rules(),
                gate.takeBack(),
                gate.maxStale(),
                gate.kill(),
                gate.acknowledgedTrips(),
                gate.trip(),
                gate.writeAuthority(),
                gate.writeHold(),
                gate.fallback());
    }
}
