package dev.sluice.e2e.simulation;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the control plane is told at first: users come in at {@code edge}, which calls {@code shop}
 * behind a gate of a shared store and {@code stock} behind one of two separate stores.
 */
final class Shop {
    static final GateName SHARED = new GateName("shop");
    static final GateName SEPARATE = new GateName("stock");

    private Shop() {}

    static List<Command> commands(Scenario scenario) {
        Gate separate =
                scenario.isBetweenStores()
                        ? gate(SEPARATE, StoreKind.SEPARATE, Mode.SHADOW, Mode.LIVE)
                        : gate(SEPARATE, StoreKind.SEPARATE, Mode.OFF, Mode.DUAL_WRITE);
        List<Command> commands = new ArrayList<>();
        commands.addAll(service(shared(), 10_000));
        commands.addAll(service(separate, 10_001));
        commands.add(
                new Command.CreateService(
                        new ServiceSpec(
                                new ServiceName("edge"),
                                Description.NONE,
                                Optional.empty(),
                                List.of(new ServiceName("shop"), new ServiceName("stock")))));
        return commands;
    }

    /** The gate of the shared store, at share 0. */
    static Gate shared() {
        return gate(SHARED, StoreKind.SHARED, Mode.OFF, Mode.COMPLETE);
    }

    private static List<Command> service(Gate gate, int port) {
        ServiceName name = new ServiceName(gate.name().id());
        return List.of(
                new Command.CreateService(
                        new ServiceSpec(
                                name,
                                Description.NONE,
                                Optional.of(new ListenAddress("127.0.0.1", port)),
                                List.of())),
                new Command.CreateVersion(version(new VersionName(name, "legacy"), port + 10)),
                new Command.CreateVersion(version(new VersionName(name, "new"), port + 20)),
                new Command.CreateGate(new GateSpec(gate, Description.NONE)),
                new Command.CreateRoute(
                        new RouteSpec(
                                new RouteName(name, "all"),
                                0,
                                RouteMatch.newBuilder().setPrefix("/").build(),
                                List.of(),
                                new RouteSpec.Target.ToGate(gate.name()),
                                OperationClass.READ,
                                Duration.ofSeconds(15),
                                Optional.empty(),
                                Map.of())));
    }

    private static VersionSpec version(VersionName name, int port) {
        return new VersionSpec(
                name,
                Map.of(),
                new Endpoints.Static(List.of(new Endpoints.Endpoint("127.0.0.1", port, 1))),
                VersionSpec.Protocol.HTTP1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                Optional.empty());
    }

    private static Gate gate(GateName name, StoreKind store, Mode from, Mode to) {
        String service = "services/" + name.id();
        return new Gate(
                name,
                1,
                Optional.empty(),
                Optional.empty(),
                service + "/versions/legacy",
                service + "/versions/new",
                store,
                from,
                to,
                PartsPerMillion.NONE,
                new Bucketing(
                        new Salt(salt(name)),
                        new KeySource.Header(Requests.KEY),
                        new MissingKey.Legacy()),
                List.of(),
                TakeBack.FROM,
                Gate.DEFAULT_MAX_STALE,
                Optional.empty(),
                Set.of(),
                Gate.TripPolicy.DEFAULT,
                new Gate.WriteAuthority.ByMode(),
                Optional.empty(),
                new Gate.FallbackPolicy.ToLegacy(Optional.empty()));
    }

    static String salt(GateName gate) {
        return "simulated-" + gate.id();
    }

    /** The gate at the next step of its walk, at share 0; empty at the last. */
    static Optional<Gate> atNextPair(Gate now) {
        return now.to().next(now.storeKind()).stream()
                .findFirst()
                .map(next -> with(now.withShare(PartsPerMillion.NONE), now.to(), next));
    }

    private static Gate with(Gate gate, Mode from, Mode to) {
        return with(gate, from, to, gate.bucketing());
    }

    /** The gate with other buckets. */
    static Gate withBucketing(Gate gate, Bucketing bucketing) {
        return with(gate, gate.from(), gate.to(), bucketing);
    }

    private static Gate with(Gate gate, Mode from, Mode to, Bucketing bucketing) {
        return new Gate(
                gate.name(),
                gate.contractVersion(),
                gate.revision(),
                gate.gateSet(),
                gate.legacyCluster(),
                gate.newCluster(),
                gate.storeKind(),
                from,
                to,
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
