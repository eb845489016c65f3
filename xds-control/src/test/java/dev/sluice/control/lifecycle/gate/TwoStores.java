package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gate orders between two stores, from SHADOW to LIVE, and sidecars of web that apply its revisions
 * when the test says so. Owned by one test.
 */
final class TwoStores {
    static final GateName GATE = new GateName("orders");
    static final ShareTarget TARGET = Fixtures.gateTarget("orders");

    final World world = new World();
    private final Map<NodeName, Map<GateName, GateRevision>> decidesBy = new HashMap<>();
    private final Map<NodeName, Long> accepted = new HashMap<>();
    private Instant now = Fixtures.START;

    TwoStores(String... nodes) {
        for (String service : List.of("orders", "customers")) {
            world.accept(new Command.CreateService(Fixtures.service(service)));
            world.accept(new Command.CreateVersion(Fixtures.version(service, "v1")));
            world.accept(new Command.CreateVersion(Fixtures.version(service, "v2")));
            world.accept(new Command.CreateGate(gate(service)));
            world.accept(new Command.CreateRoute(Fixtures.routeToGate(service, "all", service)));
        }
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders", "customers")));
        for (String node : nodes) {
            register(node, NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        }
        applyAll();
    }

    static GateSpec gate(String name) {
        return new GateSpec(
                Fixtures.content(name, name, 0, "seed", Mode.SHADOW, Mode.LIVE, TakeBack.FROM),
                Description.NONE);
    }

    void register(String node, NodeSpec.Kind kind, int contract) {
        world.accept(
                new Command.RegisterNode(
                        new NodeSpec(
                                new NodeName(node),
                                "web",
                                Optional.of(Fixtures.serviceName("web")),
                                Optional.empty(),
                                kind,
                                "some build",
                                contract,
                                "")));
    }

    Gate gate() {
        return world.gate("orders").content();
    }

    /** These have applied every gate's present revision by now; others what they had. */
    void apply(String... nodes) {
        Map<GateName, GateRevision> present = new HashMap<>();
        world.catalog().gates().forEach(gate -> present.put(gate.name(), gate.revision()));
        for (String node : nodes) {
            decidesBy.put(new NodeName(node), present);
            accepted.put(new NodeName(node), world.catalog().seq());
        }
        tell();
    }

    void applyAll() {
        apply(
                world.catalog().nodes().stream()
                        .map(node -> node.name().id())
                        .toArray(String[]::new));
    }

    private void tell() {
        world.told(new FleetReport(decidesBy, Map.of(), accepted));
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    CommandContext context(Command command) {
        CommandContext careful = world.careful(command);
        return new CommandContext(
                careful.caller(),
                careful.requestId(),
                "because",
                careful.validation(),
                careful.etag(),
                now);
    }

    void give(Command command) {
        world.accept(command, context(command));
    }

    void share(int share) {
        give(raise(share));
    }

    static Command raise(int share) {
        return new Command.SetShare(TARGET, new PartsPerMillion(share));
    }

    /** What the orchestrator does about writes that are on their way. */
    void settle() {
        give(new Command.MoveWrites(TARGET));
    }

    /** A raise from its hold to its end. */
    void raised(int share) {
        share(share);
        applyAll();
        settle();
        applyAll();
    }

    List<String> paths(Command command) {
        return world.refuse(command, context(command)).stream()
                .map(refusal -> refusal.problem().path())
                .toList();
    }

    Command update(Bucketing bucketing) {
        GateSpec spec = world.gate("orders").spec();
        Gate gate = spec.content();
        return new Command.UpdateGate(
                new GateSpec(
                        Fixtures.withArms(gate, gate.legacyCluster(), gate.newCluster(), bucketing),
                        spec.description()),
                Command.BackMoves.ALLOWED);
    }

    /** What made each of its revisions. */
    List<Action> actions() {
        return world.gate("orders").revisions().values().stream()
                .map(GateRevisionEntry::action)
                .toList();
    }

    /** Share, authority and hold in short. */
    String state() {
        Gate gate = gate();
        String authority =
                switch (gate.writeAuthority()) {
                    case Gate.WriteAuthority.ByMode() -> "by mode";
                    case Gate.WriteAuthority.NewBelow(var below) -> "" + below.value();
                };
        return gate.share().value()
                + " / "
                + authority
                + gate.writeHold()
                        .map(hold -> " / " + hold.fromBucket() + ".." + hold.toBucket())
                        .orElse("")
                + (gate.isKilled() ? " / killed" : "");
    }
}
