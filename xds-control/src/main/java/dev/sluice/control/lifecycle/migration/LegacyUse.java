package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the old version of a gate is still called, as the sidecars beside it count. Who calls it
 * after every gate has left it goes by no gate, and would be cut off. Pure.
 */
final class LegacyUse {
    /** A caller that made no call for so long is taken to have stopped. */
    static final Duration QUIET = Duration.ofMinutes(10);

    private static final int SHOWN = 10;
    private static final Comparator<CallerCounts> LATEST_FIRST =
            Comparator.comparing(CallerCounts::last).reversed();

    private LegacyUse() {}

    /** Notes sidecars that do not tell, and callers since the present phase is in force. */
    static void refuse(MigrationScene scene, GateState gate, Refusals refusals) {
        VersionName.parse(gate.content().legacyCluster())
                .toOptional()
                .ifPresent(legacy -> refuseSilent(scene, legacy, refusals));
        List<CallerCounts> callers =
                scene.shares().fleet().callers().apply(gate.name()).stream()
                        .filter(calls -> calls.caller().arm() == Arm.LEGACY)
                        .filter(calls -> isRecent(calls.last(), scene))
                        .sorted(LATEST_FIRST)
                        .toList();
        if (!callers.isEmpty()) {
            refusals.precondition(
                    "callers[" + gate.name() + "]",
                    words(callers),
                    "no call of LEGACY for " + QUIET.toMinutes() + " minutes",
                    "let them call through their sidecar, or the new version; `sluice gate callers"
                            + " "
                            + gate.name().id()
                            + "` lists all");
        }
    }

    private static void refuseSilent(MigrationScene scene, VersionName legacy, Refusals refusals) {
        List<NodeName> silent =
                scene.shares().fleet().silentBeside(scene.catalog(), legacy, scene.now());
        if (!silent.isEmpty()) {
            refusals.precondition(
                    "gates",
                    "no report lately from " + silent + " beside " + legacy,
                    "every sidecar of legacy heard: it counts who still calls legacy",
                    "wait for them, or forget the nodes that are gone for good");
        }
    }

    private static boolean isRecent(Instant last, MigrationScene scene) {
        return last.isAfter(scene.migration().since()) && last.isAfter(scene.now().minus(QUIET));
    }

    private static String words(List<CallerCounts> callers) {
        String first =
                callers.stream()
                        .limit(SHOWN)
                        .map(LegacyUse::words)
                        .collect(Collectors.joining(", "));
        int more = callers.size() - SHOWN;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private static String words(CallerCounts calls) {
        String who =
                switch (calls.caller().who()) {
                    case Who.Named(String identity, String service) ->
                            !identity.isEmpty()
                                    ? identity
                                    : service.isEmpty() ? "somebody without a name" : service;
                    case Who.Others() -> "others";
                };
        return who + " (" + calls.caller().operation() + ", last " + calls.last() + ")";
    }
}
