package dev.sluice.control.change.codec;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.RampName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.JudgedStep.Recorded;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.RingTrouble;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.NodeLabel;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.judge.KeyJudge;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** At least one event of every kind, in the order of the golden file. */
final class EventSamples {
    private static final OperationName OPERATION = new OperationName("op-1");

    private EventSamples() {}

    static List<Event> all() {
        return List.of(
                new Event.ServicePut(
                        new ServiceSpec(
                                Fixtures.serviceName("orders"),
                                new Description(
                                        "Orders",
                                        "team-a",
                                        new TreeMap<>(Map.of("b", "2", "a", "1"))),
                                Optional.of(new ListenAddress("::1", 8081)),
                                List.of(Fixtures.serviceName("customers")))),
                new Event.ServiceDeleted(Fixtures.serviceName("orders")),
                new Event.VersionPut(fullVersion()),
                new Event.VersionPut(
                        Fixtures.version(
                                "orders",
                                "v2",
                                Optional.of(
                                        new VersionSpec.Inbound(
                                                new ListenAddress("127.0.0.1", 9000),
                                                new Endpoints.Endpoint("127.0.0.1", 9001, 1))))),
                new Event.VersionDeleted(Fixtures.versionName("orders", "v2")),
                new Event.RoutePut(
                        new RouteSpec(
                                Fixtures.routeToGate("orders", "all", "g").name(),
                                7,
                                Fixtures.routeToGate("orders", "all", "g").match(),
                                List.of("GET"),
                                new RouteSpec.Target.ToGate(new GateName("g")),
                                OperationClass.IDEMPOTENT_WRITE,
                                Duration.ofSeconds(15),
                                Optional.of(
                                        new RouteSpec.Retry(
                                                List.of("5xx"),
                                                2,
                                                Optional.of(Duration.ofMillis(250)))),
                                Map.of())),
                new Event.RoutePut(
                        Fixtures.route(
                                "orders",
                                "one",
                                new RouteSpec.Target.ToVersion(
                                        Fixtures.versionName("orders", "v1")))),
                new Event.RouteDeleted(Fixtures.routeToGate("orders", "all", "g").name()),
                new Event.GatesRevised(
                        Event.GatesRevised.Action.KILLED,
                        List.of(revised("g", 250_000), revised("h", 250_000))),
                new Event.GatesRevised(
                        Event.GatesRevised.Action.UPDATED,
                        List.of(
                                new GateSpec(
                                        revised("i", 250_000).content(),
                                        Description.NONE,
                                        Optional.of(Fixtures.START),
                                        Optional.of(Duration.ofSeconds(20))))),
                new Event.GateDeleted(new GateName("g")),
                new Event.GateSetPut(Fixtures.set("shop", "g", "h")),
                new Event.GateSetDeleted(Fixtures.set("shop").name()),
                new Event.KillPublished(List.of(new GateName("g")), Fixtures.START),
                new Event.TripRecorded(Fixtures.trip("g", 1)),
                new Event.LocalKillRecorded(Fixtures.localKill("g", 2)),
                new Event.RampStarted(
                        Fixtures.ramp("r", Fixtures.setTarget("shop"), 10_000, 1_000_000)),
                new Event.RampStarted(
                        Fixtures.ramp(
                                "s", Fixtures.gateTarget("g"), RampSpec.Advance.TIMED, 10_000)),
                new Event.RampStepped(new RampName("r"), 1),
                new Event.RampStepApplied(new RampName("r"), 1),
                new Event.RampJudged(
                        new RampName("r"), Fixtures.verdict(1, Verdict.Outcome.NON_INFERIOR)),
                new Event.RampMoved(new RampName("r"), RampState.PAUSED, "held"),
                new Event.NodeRegistered(
                        ofContract1(Fixtures.node("sidecar/1", "orders"), List.of())),
                new Event.NodeLost(Fixtures.node("sidecar/1", "orders").name()),
                new Event.NodeLeft(Fixtures.node("sidecar/1", "orders").name()),
                new Event.NodeForgotten(Fixtures.node("sidecar/1", "orders").name()),
                new Event.MigrationPut(
                        Fixtures.migration(
                                "m", "g", StoreKind.SEPARATE, List.of("db/b", "db/a"), "before")),
                new Event.MigrationDeleted(new MigrationName("m")),
                new Event.MigrationMoved(
                        new MigrationName("m"),
                        Phase.RAMP,
                        Phase.Progress.MOVING,
                        Optional.of(new RampName("m-ramp-7")),
                        "its keys move"),
                new Event.MigrationReported(
                        new MigrationName("m"),
                        new MigrationReport(
                                "backfill", MigrationReport.Outcome.SUCCEEDED, "1,000 rows")),
                new Event.MigrationPaused(new MigrationName("m")),
                new Event.MigrationResumed(new MigrationName("m")),
                new Event.MigrationAbandoned(new MigrationName("m"), "no key had moved"),
                new Event.MigrationAnswered(
                        new MigrationName("m"), Digest.ZERO, Answer.REJECTED, Set.of("ops", "dba")),
                new Event.MigrationAnswerWithdrawn(new MigrationName("m")),
                new Event.MigrationGlassBroken(new MigrationName("m"), List.of("no approval")),
                new Event.MigrationGlassReviewed(new MigrationName("m"), 17),
                new Event.ApprovalPolicyPut(
                        new ApprovalPolicySpec(
                                MigrationSpec.Risk.HIGH,
                                2,
                                List.of("dba"),
                                Duration.ofDays(1),
                                Duration.ofHours(6))),
                new Event.WindowPut(
                        new WindowSpec(
                                new WindowName("nights"),
                                Description.NONE,
                                WindowSpec.Kind.ALLOW,
                                LocalDateTime.parse("2026-11-02T22:00"),
                                "Europe/Berlin",
                                Duration.ofHours(6),
                                Optional.of("FREQ=DAILY"),
                                Optional.of(LocalDate.parse("2026-12-24")),
                                List.of(MigrationSpec.Risk.HIGH),
                                List.of(Phase.CONTRACT))),
                new Event.WindowDeleted(new WindowName("nights")),
                new Event.ApprovalPolicyPut(
                        new ApprovalPolicySpec(
                                MigrationSpec.Risk.CRITICAL,
                                0,
                                List.of(),
                                Duration.ofDays(1),
                                Duration.ZERO,
                                Optional.of(
                                        new ApprovalPolicySpec.Board(
                                                List.of("cab"), List.of(Phase.DRAIN))),
                                Optional.of(new ApprovalPolicySpec.Margins(500, 4_000)),
                                Optional.of(Duration.ofHours(4)))),
                new Event.MigrationPut(
                        Fixtures.with(
                                Fixtures.migration(
                                        "m", "g", StoreKind.SHARED, List.of("shop/orders")),
                                MigrationSpec.Risk.LOW,
                                Profiles.full())),
                new Event.MigrationEscalated(new MigrationName("m"), "no approval that counts"),
                new Event.SinkPut(sink("hook", webhook())),
                new Event.SinkPut(sink("chat", new SinkSpec.Destination.Slack("chat-url"))),
                new Event.SinkPut(sink("mail", mail())),
                new Event.SinkDeleted(new SinkName("hook")),
                new Event.SinkAdvanced(new SinkName("hook"), 17),
                new Event.SinkDropped(new SinkName("hook"), 18, "answered 400"),
                new Event.DatabasePut(Fixtures.database("shop", 1, 50, 0)),
                new Event.DatabaseDeleted(new DatabaseName("shop")),
                new Event.MigrationPut(
                        Fixtures.with(
                                Fixtures.migration("u", "g", StoreKind.SHARED, List.of("shop/o")),
                                MigrationSpec.Risk.LOW,
                                Fixtures.using("shop", 30, 0))),
                new Event.CohortPut(Fixtures.cohort("beta", "alice", "qa-*")),
                new Event.GateSetPut(
                        new GateSetSpec(
                                Fixtures.set("s").name(),
                                Description.NONE,
                                Fixtures.set("s", "g").gates(),
                                List.of(
                                        new GateSetSpec.Prerequisite(
                                                Fixtures.setTarget("t"),
                                                PartsPerMillion.NONE,
                                                PartsPerMillion.ALL)))),
                new Event.CohortDeleted(new CohortName("beta")),
                new Event.GatesRevised(
                        Event.GatesRevised.Action.COHORT_CHANGED, List.of(withCohort())),
                new Event.RingPlanPut(rings()),
                new Event.StructureRevised(new RingPlanName("main")),
                new Event.StructureOffered(new RingPlanName("main"), 1, 17),
                new Event.StructureApplied(new RingPlanName("main"), 1, 17),
                new Event.StructureHalted(
                        new RingPlanName("main"),
                        1,
                        17,
                        List.of(new RingTrouble(new NodeName("c-1"), "cluster: no")),
                        "stopped in ring all by 1 node"),
                new Event.StructureResumed(new RingPlanName("main")),
                new Event.StructureAborted(new RingPlanName("main")),
                new Event.RingPlanDeleted(new RingPlanName("main")),
                new Event.NodeRegistered(labelled()),
                new Event.OperationBegun(operation(new OperationSpec.VerifyLog())),
                new Event.OperationBegun(operation(new OperationSpec.BackUpLog())),
                new Event.OperationBegun(
                        operation(
                                new OperationSpec.RollBack(
                                        Fixtures.gateTarget("g"),
                                        List.of(new PartsPerMillion(50_000), PartsPerMillion.NONE),
                                        Duration.ofMinutes(1)))),
                new Event.OperationStepped(OPERATION, 1),
                new Event.OperationEnded(OPERATION, new OperationOutcome.RolledBack()),
                new Event.OperationEnded(
                        OPERATION,
                        new OperationOutcome.LogVerified(
                                16,
                                Digest.ZERO,
                                List.of(
                                        new Problem(
                                                "event 17", "another hash", "one", "restore")))),
                new Event.OperationEnded(
                        OPERATION,
                        new OperationOutcome.BackedUp(
                                "/backups/op-1.jsonl", "10.0.0.1:8500", 17, Digest.ZERO, 4_096)),
                new Event.OperationEnded(
                        OPERATION,
                        new OperationOutcome.Failed(
                                OperationOutcome.Cause.ABORTED, "somebody else moved it")),
                new Event.BaselineRecorded(
                        Fixtures.baseline("before", "g"),
                        Fixtures.recording("g", new GateRevision(1, 2), Fixtures.START)),
                new Event.BaselineDeleted(new BaselineName("before")),
                new Event.RampStarted(
                        Fixtures.against(
                                Fixtures.ramp("s", Fixtures.gateTarget("g"), 1_000_000), "before")),
                new Event.RampJudged(new RampName("s"), againstRecorded()),
                new Event.MigrationPut(
                        Fixtures.with(
                                Fixtures.migration("c", "g", StoreKind.SHARED, List.of("shop/o")),
                                MigrationSpec.Risk.LOW,
                                Fixtures.changing("shop.orders.v1"))),
                new Event.VersionPut(
                        Fixtures.version("orders", "v3").withEnd(Optional.of(Fixtures.START))),
                new Event.VersionExpired(
                        Fixtures.versionName("orders", "v3"),
                        Fixtures.START,
                        List.of("gates/g", "services/orders/routes/all")));
    }

    private static Verdict againstRecorded() {
        Recording recording = Fixtures.recording("g", new GateRevision(1, 2), Fixtures.START);
        JudgedArm legacy = recording.gates().getFirst().own().arm();
        return new KeyJudge()
                .judge(
                        new JudgedStep(
                                0,
                                1,
                                PartsPerMillion.ALL,
                                Fixtures.against(JudgePolicy.DEFAULT, "before"),
                                Fixtures.START,
                                List.of(
                                        new JudgedGate(
                                                new GateName("g"),
                                                new GateRevision(1, 3),
                                                JudgedArm.NONE,
                                                legacy)),
                                List.of(),
                                0,
                                List.of(),
                                Optional.empty(),
                                List.of(),
                                List.of(
                                        new Recorded(
                                                new GateName("g"),
                                                legacy,
                                                JudgedArm.NONE,
                                                "baselines/before"))));
    }

    private static OperationSpec operation(OperationSpec.Work work) {
        return new OperationSpec(OPERATION, work);
    }

    private static RingPlanSpec rings() {
        return new RingPlanSpec(
                new RingPlanName("main"),
                Description.NONE,
                List.of(
                        new RingPlanSpec.Ring(
                                "canary",
                                new RingPlanSpec.Members(
                                        List.of("c-*"),
                                        List.of("edge"),
                                        List.of(Fixtures.serviceName("web")),
                                        Map.of("zone", "a"),
                                        5),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(1)),
                        new RingPlanSpec.Ring(
                                "all",
                                RingPlanSpec.Members.REST,
                                Duration.ZERO,
                                Duration.ofMinutes(1))));
    }

    private static NodeSpec labelled() {
        return ofContract1(Fixtures.node("c-2", "web"), List.of(new NodeLabel("zone", "a")));
    }

    private static NodeSpec ofContract1(NodeSpec node, List<NodeLabel> labels) {
        return new NodeSpec(
                node.name(),
                node.cluster(),
                node.service(),
                node.version(),
                node.kind(),
                node.userAgent(),
                1,
                node.bindAddress(),
                labels);
    }

    private static GateSpec withCohort() {
        GateSpec gate = revised("c", 0);
        return Fixtures.forCohort(gate, "beta", Arm.NEW);
    }

    private static SinkSpec sink(String id, SinkSpec.Destination destination) {
        return new SinkSpec(
                new SinkName(id),
                Description.NONE,
                destination,
                new SinkSpec.Selector(
                        List.of("gates/*"), List.of("ramp.moved"), SinkSpec.Severity.WARNING));
    }

    private static SinkSpec.Destination webhook() {
        return new SinkSpec.Destination.Webhook(
                "https://hooks.example.com/a",
                SinkSpec.Mode.STRUCTURED,
                Optional.of("hook-key"),
                Optional.empty());
    }

    private static SinkSpec.Destination mail() {
        return new SinkSpec.Destination.Mail(
                "mail.example.com",
                587,
                SinkSpec.Security.STARTTLS,
                "sluice@example.com",
                List.of("ada@example.com"),
                Optional.of(new SinkSpec.Login("sluice", "mail-password")));
    }

    private static GateSpec revised(String id, int share) {
        Gate gate = Fixtures.gate(id, "orders", share).content();
        return new GateSpec(
                new Gate(
                        gate.name(),
                        1,
                        Optional.of(new GateRevision(2, 17)),
                        Optional.of(Fixtures.set("shop").name()),
                        gate.legacyCluster(),
                        gate.newCluster(),
                        gate.storeKind(),
                        gate.from(),
                        gate.to(),
                        new PartsPerMillion(share),
                        gate.bucketing(),
                        List.of(),
                        gate.takeBack(),
                        gate.maxStale(),
                        Optional.of(
                                new Gate.Kill("it hurts", Optional.of(Fixtures.START), "admin")),
                        Set.of("n/b/2", "n/b/1"),
                        gate.trip(),
                        gate.writeAuthority(),
                        gate.writeHold(),
                        gate.fallback()),
                Description.NONE);
    }

    private static VersionSpec fullVersion() {
        VersionSpec plain = Fixtures.version("orders", "v1");
        return new VersionSpec(
                plain.name(),
                plain.labels(),
                new Endpoints.Dns("orders.internal", 443, Duration.ofSeconds(5)),
                VersionSpec.Protocol.HTTP2,
                Optional.of(
                        new VersionSpec.UpstreamTls(
                                "orders", "/ca.pem", List.of("orders"), "/c.pem", "/k.pem")),
                Optional.of(
                        new HealthCheck(
                                new HealthCheck.Check.Http("/health"),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1),
                                3,
                                1)),
                Optional.of(new VersionSpec.SchemaRange("orders-db", "3", "3.1")),
                Duration.ofMillis(1500),
                Optional.empty());
    }
}
