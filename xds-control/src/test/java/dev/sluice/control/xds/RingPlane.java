package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.MoreExecutors;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RingPlanSpec.Members;
import dev.sluice.control.change.spec.RingPlanSpec.Ring;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.orchestrate.RingRunner;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A control plane with rings and stock proxies, on one thread and in virtual time: the rings {@code
 * canary} (nodes {@code c*}), {@code early} (nodes {@code e*}) and {@code rest}.
 */
final class RingPlane implements AutoCloseable {
    static final RingPlanName PLAN = new RingPlanName("main");
    static final Duration BAKE = Duration.ofSeconds(30);
    static final Duration DEADLINE = Duration.ofSeconds(20);

    final ManualClock clock = new ManualClock();
    final MemoryEventStore store = new MemoryEventStore();
    final List<RingNode> nodes = new ArrayList<>();
    private final NodeLedger ledger = new NodeLedger(clock, new Told());
    private final XdsServer xds =
            new XdsServer(
                    ledger,
                    new EvidenceTotals(),
                    new NodeProof.Believed(),
                    clock,
                    new XdsServer.Lanes(
                            MoreExecutors.newDirectExecutorService(),
                            MoreExecutors.newDirectExecutorService(),
                            MoreExecutors.newDirectExecutorService()));
    private ChangePath path = open();
    private RingRunner runner = new RingRunner(path, xds::fleet, clock);

    /** A shop with a gate at 25 %, served to these nodes. */
    static RingPlane of(String... ids) {
        RingPlane plane = new RingPlane();
        plane.give(new Command.CreateService(Fixtures.service("orders", 10_001)));
        plane.give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        plane.give(new Command.CreateVersion(version(1)));
        plane.give(new Command.CreateGate(Fixtures.gate("orders", "orders", 250_000)));
        plane.give(new Command.CreateRoute(Fixtures.routeToGate("orders", "read", "orders")));
        plane.give(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        for (String id : ids) {
            RingNode node = new RingNode(envoy(id), plane.ledger);
            plane.nodes.add(node);
            plane.connect(node);
            node.settle();
        }
        return plane;
    }

    /** As {@link #of}, with the rings. */
    static RingPlane withRings(String... ids) {
        RingPlane plane = of(ids);
        plane.give(new Command.CreateRingPlan(plan(BAKE)));
        return plane;
    }

    static RingPlanSpec plan(Duration bake) {
        return new RingPlanSpec(
                PLAN,
                Description.NONE,
                List.of(
                        new Ring("canary", named("c*"), bake, DEADLINE),
                        new Ring("early", named("e*"), bake, DEADLINE),
                        new Ring("rest", Members.REST, bake, DEADLINE)));
    }

    private static Members named(String pattern) {
        return new Members(List.of(pattern), List.of(), List.of(), Map.of(), 0);
    }

    /** The new version, recognized by its timeout. */
    static VersionSpec version(int millis) {
        VersionSpec spec = Fixtures.version("orders", "v2");
        return new VersionSpec(
                spec.name(),
                spec.labels(),
                spec.endpoints(),
                spec.protocol(),
                spec.tls(),
                spec.healthCheck(),
                spec.acceptedSchema(),
                Duration.ofMillis(millis),
                spec.inbound());
    }

    private static NodeSpec envoy(String id) {
        return new NodeSpec(
                new NodeName(id),
                "web",
                Optional.of(Fixtures.serviceName("web")),
                Optional.empty(),
                NodeSpec.Kind.ENVOY,
                "envoy 1.40",
                0,
                "");
    }

    private ChangePath open() {
        return ChangePath.open(
                store, Governance.embedded(), xds.publisher(), xds::fleet, Runnable::run);
    }

    /** Another leader goes on from the log. */
    void restart() {
        path = open();
        runner = new RingRunner(path, xds::fleet, clock);
    }

    void connect(RingNode node) {
        tell(new Command.RegisterNode(node.spec()));
        node.connect();
    }

    void disconnect(RingNode node) {
        node.disconnect();
        tell(new Command.NodeLost(node.spec().name()));
    }

    RingNode node(String id) {
        return nodes.stream()
                .filter(node -> node.spec().name().nodeId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    int ringOf(RingNode node) {
        return plan().ringOf(node.spec());
    }

    /** Declares the new version anew. */
    void declare(int millis) {
        give(new Command.UpdateVersion(version(millis)));
    }

    /** A second goes by, in which nodes say nothing. */
    void second() {
        clock.advance(Duration.ofSeconds(1));
        runner.tick();
    }

    void seconds(int count) {
        for (int second = 0; second < count; second++) {
            second();
        }
    }

    /** All nodes take what comes until nothing happens any more, for so many seconds. */
    void settle(int seconds) {
        for (int second = 0; second < seconds; second++) {
            nodes.stream().filter(RingNode::isConnected).forEach(RingNode::settle);
            second();
        }
    }

    Catalog catalog() {
        return path.feed().latest();
    }

    RingPlan plan() {
        return catalog().ringPlan(PLAN).orElseThrow();
    }

    Rollout rollout() {
        return plan().rollout();
    }

    void give(Command command) {
        assertThat(outcome(command, Fixtures.ADMIN))
                .as(command.toString())
                .isInstanceOf(Outcome.Accepted.class);
    }

    /** As the xDS side says it. */
    void tell(Command command) {
        assertThat(outcome(command, Principal.NODES)).isInstanceOf(Outcome.Accepted.class);
    }

    List<Refusal> refuse(Command command) {
        return switch (outcome(command, Fixtures.ADMIN)) {
            case Outcome.Refused(var refusals) -> refusals;
            case Outcome other -> throw new AssertionError(command + ": " + other);
        };
    }

    Outcome outcome(Command command, Principal by) {
        CommandContext context = Fixtures.by(by);
        Optional<String> etag =
                catalog().find(Lifecycle.subject(command)).map(found -> found.meta().etag());
        return path.submit(
                        command,
                        new CommandContext(
                                Identity.of(by),
                                Optional.empty(),
                                context.reason(),
                                context.validation(),
                                etag,
                                clock.instant()))
                .join();
    }

    @Override
    public void close() {
        xds.close();
    }
}
