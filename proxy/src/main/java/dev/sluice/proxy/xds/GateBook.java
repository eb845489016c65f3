package dev.sluice.proxy.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.Acceptance;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TripWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The gates that came from the gate stream, and the latches that are remembered for them. A gate
 * that is not named by any route any more is let go. Owned by the configuration thread.
 */
final class GateBook {
    static final String TYPE_URL = "type.googleapis.com/sluice.gate.v1.Gate";

    /** Longest time for which requests decided before a rollback are still honoured. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(5);

    private final GateTable table;
    private final TripWatch trips;
    private final ConfigurationThread thread;
    private final Clock clock;
    private final Map<String, Received> gates = new TreeMap<>();
    private final Map<String, LocalKill> earlierKills = new TreeMap<>();

    GateBook(GateTable table, TripWatch trips, ConfigurationThread thread, Clock clock) {
        this.table = table;
        this.trips = trips;
        this.thread = thread;
        this.clock = clock;
    }

    /** Latches of an earlier run: each is in force again as soon as its gate is there. */
    void remember(LastGood.Latches latches) {
        latches.kills().forEach(kill -> earlierKills.put(kill.getGate(), kill));
        trips.remember(
                latches.trips().stream().flatMap(trip -> TripWire.trip(trip).stream()).toList());
    }

    /**
     * Takes gates; they are independent of each other, so one that is refused keeps no other out.
     *
     * @return every problem of those that were refused
     */
    List<Problem> take(Collection<Received> changed) {
        List<Problem> problems = new ArrayList<>();
        changed.forEach(received -> problems.addAll(take(received)));
        return problems;
    }

    private List<Problem> take(Received received) {
        return switch (read(received)) {
            case Parsed.Refused<Gate> refused ->
                    refused.problems().stream().map(one -> placed(one, received.name())).toList();
            case Parsed.Ok<Gate>(Gate gate) -> {
                Optional<HeldGate> before = table.find(gate.name());
                yield switch (table.offer(gate, clock.instant())) {
                    case Acceptance.Refused(Problem problem) ->
                            List.of(placed(problem, received.name()));
                    case Acceptance.Accepted(HeldGate held) -> {
                        before.ifPresent(old -> raiseFloorLater(old.gate(), held));
                        yield keep(gate, received);
                    }
                    case Acceptance.Unchanged _ -> keep(gate, received);
                };
            }
        };
    }

    private List<Problem> keep(Gate gate, Received received) {
        gates.put(received.name(), received);
        latch(gate);
        return List.of();
    }

    /** Requests that were under way when keys were taken back end on the side where they began. */
    private void raiseFloorLater(Gate before, HeldGate held) {
        if (held.isLowFloor(before)) {
            held.gate()
                    .revision()
                    .ifPresent(revision ->
                            thread.after(
                                    UNDER_WAY,
                                    () -> table.raiseFloor(held.gate().name(), revision)));
        }
    }

    private void latch(Gate gate) {
        trips.gateCame(gate.name());
        LocalKill kill = earlierKills.remove(gate.name().name());
        if (kill != null && !gate.acknowledgedTrips().contains(kill.getId())) {
            table.kill(
                    gate.name(),
                    new HeldGate.LocalKill(
                            kill.getId(), kill.getReason(), TripWire.instant(kill.getTime())));
        }
    }

    private static Problem placed(Problem problem, String gate) {
        return new Problem(
                "gate " + gate + ": " + problem.path(),
                problem.got(),
                problem.expected(),
                problem.remedy());
    }

    private static Parsed<Gate> read(Received received) {
        try {
            Parsed<Gate> gate =
                    GateParser.parse(received.content().unpack(dev.sluice.gate.v1.Gate.class));
            return gate instanceof Parsed.Ok<Gate>(Gate found)
                            && !found.name().name().equals(received.name())
                    ? Parsed.refused(
                            new Problem(
                                    "name",
                                    found.name().name(),
                                    "the name under which it is sent",
                                    "send it under its own name"))
                    : gate;
        } catch (InvalidProtocolBufferException e) {
            return Parsed.refused(
                    new Problem(
                            "",
                            Objects.requireNonNullElse(e.getMessage(), "no gate"),
                            "a Gate",
                            "send " + TYPE_URL));
        }
    }

    /** The server has these no more. A gate that routes still name is obeyed until they change. */
    void removed(Collection<String> names) {
        gates.keySet().removeAll(names);
    }

    /** Lets go of the gates of the stream that nobody names any more. */
    void keepOnly(Set<GateName> named) {
        Set<String> kept = named.stream().map(GateName::name).collect(Collectors.toSet());
        Stream.concat(gates.keySet().stream(), held())
                .filter(name -> !kept.contains(name))
                .flatMap(name -> GateName.parse(name).toOptional().stream())
                .toList()
                .forEach(table::remove);
        gates.keySet().retainAll(kept);
    }

    /** Gates of the stream, which all have a revision, unlike those inside routes. */
    private Stream<String> held() {
        return table.all().stream()
                .map(entry -> entry.held().gate())
                .filter(gate -> gate.revision().isPresent())
                .map(gate -> gate.name().name());
    }

    /** The gate in force under a name. */
    Optional<Gate> find(GateName name) {
        return table.find(name).map(HeldGate::gate);
    }

    /** As they came. */
    List<Received> received() {
        return List.copyOf(gates.values());
    }

    /** Versions held, for a reconnect. */
    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        gates.forEach((name, received) -> versions.put(name, received.version()));
        return versions;
    }

    /** What is latched now, or waits for its gate. */
    LastGood.Latches latches() {
        List<LocalKill> kills = new ArrayList<>(earlierKills.values());
        table.all().forEach(entry -> kill(entry).ifPresent(kills::add));
        return new LastGood.Latches(
                trips.inForce().stream().map(TripWire::message).toList(), kills);
    }

    static Optional<LocalKill> kill(GateTable.Entry entry) {
        return entry.held()
                .localKill()
                .map(kill ->
                        LocalKill.newBuilder()
                                .setGate(entry.held().gate().name().name())
                                .setId(kill.id())
                                .setReason(kill.reason())
                                .setTime(TripWire.timestamp(kill.time()))
                                .build());
    }

    /** Whether gates that were confirmed then may still be served from. */
    static boolean isFresh(LastGood remembered, Instant now) {
        return remembered.gates().stream()
                .flatMap(received -> read(received).toOptional().stream())
                .allMatch(gate -> !remembered.heard().plus(gate.maxStale()).isBefore(now));
    }
}
