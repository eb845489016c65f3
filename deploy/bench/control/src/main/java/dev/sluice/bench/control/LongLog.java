package dev.sluice.bench.control;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.store.SqliteEventStore.History;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A log as years would make it: two of five events give one of 2,000 gates a revision, the others
 * are 10,000 nodes that come and go. Stateless.
 */
final class LongLog {
    private static final int GATES = 2_000;
    private static final int NODES = 10_000;
    private static final int BATCH = 5_000;
    private static final Principal ADMIN = new Principal("admin", Principal.AuthMethod.TOKEN);

    private LongLog() {}

    static void write(Path file, int count) {
        try (EventStore store = SqliteEventStore.open(file, History.CONTINUED)) {
            Stamp stamp =
                    new Stamp(
                            Instant.now(), ADMIN, Optional.empty(), "0".repeat(16), "gates/g", "");
            Head at = store.head();
            List<LoggedEvent> batch = new ArrayList<>();
            long[] revisions = new long[GATES];
            for (int i = 0; i < count; i++) {
                LoggedEvent event = HashChain.link(at, store.epoch(), stamp, event(i, revisions));
                at = new Head(event.seq(), event.hash());
                batch.add(event);
                if (batch.size() == BATCH || i == count - 1) {
                    store.append(batch);
                    batch.clear();
                }
            }
        }
    }

    static NodeSpec node(String id, String version) {
        return new NodeSpec(
                NodeName.ofId(id).orThrow(),
                "web",
                Optional.of(new ServiceName("web")),
                Optional.empty(),
                NodeSpec.Kind.SLUICE,
                "sluice " + version,
                1,
                "");
    }

    private static Event event(int i, long[] revisions) {
        if (i % 5 < 2) {
            int gate = (i / 5 * 2 + i % 5) % GATES;
            revisions[gate]++;
            return new Event.GatesRevised(
                    revisions[gate] == 1
                            ? Event.GatesRevised.Action.CREATED
                            : Event.GatesRevised.Action.SHARE_SET,
                    List.of(gate("g" + gate, revisions[gate], i % 1_000_000)));
        }
        NodeSpec node = node("node-" + i / 5 % NODES, "1.0.0");
        return i % 5 == 3 ? new Event.NodeLost(node.name()) : new Event.NodeRegistered(node);
    }

    private static GateSpec gate(String id, long number, int share) {
        var service = new ServiceName("orders");
        return new GateSpec(
                new Gate(
                        new GateName(id),
                        1,
                        Optional.of(new GateRevision(1, number)),
                        Optional.empty(),
                        new VersionName(service, "v1").name(),
                        new VersionName(service, "v2").name(),
                        StoreKind.SHARED,
                        Mode.OFF,
                        Mode.COMPLETE,
                        new PartsPerMillion(share),
                        new Bucketing(
                                new Salt("seed"),
                                new KeySource.Header("x-user"),
                                new MissingKey.Legacy()),
                        List.of(),
                        TakeBack.FROM,
                        Gate.DEFAULT_MAX_STALE,
                        Optional.empty(),
                        Set.of(),
                        Gate.TripPolicy.DEFAULT,
                        new Gate.WriteAuthority.ByMode(),
                        Optional.empty(),
                        new Gate.FallbackPolicy.Never()),
                Description.NONE);
    }
}
