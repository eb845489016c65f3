package dev.sluice.control.web;

import java.time.Instant;
import java.util.List;

/**
 * What the status page shows; its JSON form has these names. Immutable.
 *
 * @param time when it was read
 * @param seq last event of the log
 * @param logDamaged whether events before those that the start read were found damaged
 * @param ofAllNodes whether what the nodes of all replicas report is in it; false at a follower
 *     that hears nothing from the leader
 * @param migrations open first, then ended ones, newest change first
 * @param gates by name
 * @param sets by name
 * @param ramps at work first, then ended ones, newest first
 * @param nodes by name
 * @param rings in their order; empty where there are none
 * @param versions those that have an end, by name
 */
record Status(
        Instant time,
        long seq,
        boolean logDamaged,
        boolean ofAllNodes,
        List<MigrationRow> migrations,
        List<GateRow> gates,
        List<SetRow> sets,
        List<RampRow> ramps,
        List<NodeRow> nodes,
        List<RingRow> rings,
        List<VersionRow> versions) {
    Status {
        migrations = List.copyOf(migrations);
        gates = List.copyOf(gates);
        sets = List.copyOf(sets);
        ramps = List.copyOf(ramps);
        nodes = List.copyOf(nodes);
        rings = List.copyOf(rings);
        versions = List.copyOf(versions);
    }

    /**
     * One migration.
     *
     * @param state whether it goes on
     * @param phases its walk
     * @param phase where it is in its walk
     * @param progress how far it is in its phase
     * @param since when it came there
     * @param message why it is there
     * @param blockers what stands against its next phase, where it rests and could go on
     */
    record MigrationRow(
            String name,
            String displayName,
            String target,
            String state,
            List<String> phases,
            String phase,
            String progress,
            Instant since,
            String message,
            List<String> blockers) {
        MigrationRow {
            phases = List.copyOf(phases);
            blockers = List.copyOf(blockers);
        }
    }

    /**
     * One gate.
     *
     * @param from mode of the keys that are not moved
     * @param to mode of the keys that are
     * @param kill reason of the kill in force; empty when there is none
     * @param trips open trips
     * @param localKills kills at one sidecar each, as {@code node: reason}
     * @param nodes live nodes that hold it
     * @param applied of these, nodes that have the present revision
     * @param writes where those of two stores are
     * @param change what made the present revision
     */
    record GateRow(
            String name,
            String set,
            int sharePpm,
            String from,
            String to,
            String revision,
            String kill,
            List<String> trips,
            List<String> localKills,
            int nodes,
            int applied,
            WritesRow writes,
            ChangeRow change,
            ArmRow legacy,
            ArmRow fresh) {}

    /**
     * The writes of a gate over two stores that change sides.
     *
     * @param moving what is on its way, as a sentence; empty: nothing is
     * @param heldPpm part of the keys whose writes wait
     * @param underWay writes from before that nodes wait for
     */
    record WritesRow(String moving, int heldPpm, long underWay) {}

    /** Who made a revision, and why; {@code reason} may be empty. */
    record ChangeRow(String action, String actor, String reason, Instant time) {}

    /** What one arm did under the present revision, over all sidecars. */
    record ArmRow(
            String version,
            long requests,
            long errors,
            long keys,
            long errorKeys,
            long p50Micros,
            long p99Micros) {}

    record SetRow(String name, int sharePpm, List<String> gates) {}

    /**
     * One ramp.
     *
     * @param step index of the step in force
     * @param sharesPpm shares of all steps
     * @param ended the verdict that each step before ended with
     */
    record RampRow(
            String name,
            String target,
            String state,
            int step,
            List<Integer> sharesPpm,
            List<VerdictRow> ended,
            String message,
            VerdictRow verdict) {
        RampRow {
            sharesPpm = List.copyOf(sharesPpm);
            ended = List.copyOf(ended);
        }
    }

    /** The newest verdict; {@code outcome} is empty when there is none. */
    record VerdictRow(
            String outcome,
            String explanation,
            double errorEValue,
            double slowEValue,
            double differenceUpperBound,
            double margin) {
        static final VerdictRow NONE = new VerdictRow("", "", 1, 1, 0, 0);
    }

    /**
     * One ring of nodes.
     *
     * @param revision place of the log at which what it is served was declared
     * @param behind whether that is not what is declared now
     * @param state of the whole rollout
     * @param troubles what halted it in this ring, one text for each node
     */
    record RingRow(String id, long revision, boolean behind, String state, List<String> troubles) {}

    /**
     * One version that has an end.
     *
     * @param users gates and routes that name it past its end
     */
    record VersionRow(String name, Instant expires, List<String> users) {}

    /**
     * One node.
     *
     * @param presence CONNECTED, LOST or LEFT
     * @param refusals what it refused last, one text for each
     */
    record NodeRow(
            String name,
            String kind,
            String presence,
            String version,
            String userAgent,
            Instant lastSeen,
            int gates,
            List<String> refusals) {}
}
