package dev.sluice.control.cli.bundle;

import com.google.protobuf.Message;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.Migration;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Migrations;
import io.grpc.Channel;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane moves and files therefore leave as it is: share, modes and take-back of
 * the gates of migrations that have begun. For one thread.
 */
final class Steering {
    private static final Set<String> MOVED = Set.of("share_ppm", "from", "to", "take_back");

    private final Channel channel;

    /** Absent until a gate asks. */
    private @Nullable Set<String> gates;

    Steering(Channel channel) {
        this.channel = channel;
    }

    /** The file's resource without what it must leave as it is. */
    <R extends Message> R leave(R present, R file) {
        boolean moved =
                present instanceof Gate gate
                        && moves(present, file)
                        && migrating().contains(gate.getName());
        return moved ? Wanted.without(file, MOVED) : file;
    }

    private static boolean moves(Message present, Message file) {
        return file.getAllFields().keySet().stream()
                .filter(field -> MOVED.contains(field.getName()))
                .anyMatch(field -> !file.getField(field).equals(present.getField(field)));
    }

    private Set<String> migrating() {
        Set<String> known = gates;
        if (known == null) {
            known = read();
            gates = known;
        }
        return known;
    }

    private Set<String> read() {
        Set<String> targets =
                Listed.all(new Migrations(), channel, "").stream()
                        .filter(Steering::hasBegun)
                        .map(Migration::getTarget)
                        .collect(Collectors.toCollection(HashSet::new));
        if (targets.isEmpty()) {
            return Set.of();
        }
        Map<String, GateSet> sets =
                Listed.all(new GateSets(), channel, "").stream()
                        .collect(Collectors.toMap(GateSet::getName, set -> set));
        Set<String> moved = new HashSet<>();
        for (String target : targets) {
            GateSet set = sets.get(target);
            if (set == null) {
                moved.add(target);
            } else {
                moved.addAll(set.getGatesList());
            }
        }
        return moved;
    }

    private static boolean hasBegun(Migration migration) {
        return migration.getProgress() != Migration.Progress.PLANNED;
    }
}
