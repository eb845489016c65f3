package dev.sluice.control.replica;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.replica.v1.DroppedKills;
import dev.sluice.replica.v1.FollowResponse;
import dev.sluice.replica.v1.PublishedKills;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Publishes to this replica's own nodes, and tells those who follow it: that the log has grown, and
 * kills, which reach the nodes of followers before the log has them. Thread-safe.
 */
public final class Followers implements Publisher {
    private final Publisher own;
    private final InstantSource clock;
    private final List<Consumer<FollowResponse>> followers = new CopyOnWriteArrayList<>();

    /** Kills that were told and that the log may not have; guarded by this. */
    private final Map<GateName, GateSpec> out = new TreeMap<>();

    /** Last event of the log that was published; guarded by this. */
    private long end;

    /**
     * @param own where this replica's nodes are
     */
    public Followers(Publisher own, InstantSource clock) {
        this.own = own;
        this.clock = clock;
    }

    /** Tells one follower from now on, and at once how far the log is and the kills of before. */
    void add(Consumer<FollowResponse> follower) {
        synchronized (this) {
            if (!out.isEmpty()) {
                follower.accept(kills(out.values()));
            }
            followers.add(follower);
            follower.accept(endOfLog(end));
        }
    }

    void remove(Consumer<FollowResponse> follower) {
        followers.remove(follower);
    }

    @Override
    public void publish(Catalog catalog) {
        own.publish(catalog);
        Set<GateName> dropped = dropped(catalog);
        if (!dropped.isEmpty()) {
            tell(
                    FollowResponse.newBuilder()
                            .setDropped(
                                    DroppedKills.newBuilder()
                                            .addAllGates(
                                                    dropped.stream().map(GateName::name).toList()))
                            .build());
        }
        synchronized (this) {
            end = catalog.seq();
            tell(endOfLog(end));
        }
    }

    private static FollowResponse endOfLog(long seq) {
        return FollowResponse.newBuilder().setEndOfLog(seq).build();
    }

    @Override
    public void publishKill(Catalog catalog, Set<GateName> gates) {
        own.publishKill(catalog, gates);
        List<GateSpec> specs = new ArrayList<>();
        for (GateName name : gates) {
            catalog.gate(name).map(GateState::spec).ifPresent(specs::add);
        }
        synchronized (this) {
            specs.forEach(spec -> out.put(spec.content().name(), spec));
        }
        tell(kills(specs));
    }

    private void tell(FollowResponse news) {
        followers.forEach(follower -> follower.accept(news));
    }

    /** Kills that are no more in force, though the log has nothing later of their gates. */
    private synchronized Set<GateName> dropped(Catalog catalog) {
        Set<GateName> dropped = new TreeSet<>();
        out.values()
                .removeIf(spec -> {
                    Optional<GateState> gate = catalog.gate(spec.content().name());
                    if (gate.filter(now -> now.spec().equals(spec)).isPresent()) {
                        return false;
                    }
                    if (gate.filter(now -> isBelow(now, spec)).isPresent()) {
                        dropped.add(spec.content().name());
                    }
                    return true;
                });
        return dropped;
    }

    private static boolean isBelow(GateState gate, GateSpec killed) {
        return gate.revision().isBelow(killed.content().revision().orElseThrow());
    }

    private FollowResponse kills(Collection<GateSpec> specs) {
        Stamp stamp =
                new Stamp(clock.instant(), Principal.NODES, Optional.empty(), "", "", "published");
        return FollowResponse.newBuilder()
                .setKills(
                        PublishedKills.newBuilder()
                                .setLine(
                                        EventCodec.encode(
                                                stamp,
                                                new GatesRevised(
                                                        GatesRevised.Action.KILLED,
                                                        List.copyOf(specs)))))
                .build();
    }
}
