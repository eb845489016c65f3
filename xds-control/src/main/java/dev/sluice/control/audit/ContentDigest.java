package dev.sluice.control.audit;

import dev.sluice.control.catalog.ApprovalPolicy;
import dev.sluice.control.catalog.Baseline;
import dev.sluice.control.catalog.Cohort;
import dev.sluice.control.catalog.Database;
import dev.sluice.control.catalog.GateSet;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.Operation;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.catalog.Route;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.catalog.Sink;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.catalog.Window;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.codec.EventCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The digest of what a resource says: what was declared of it and the state that it is in, without
 * its etag, its history, and the times at which it was made and changed. So it is the same again
 * when the same content is put back, which an etag never is; the revision of a gate is content.
 *
 * <p>SHA-256 of the canonical JSON; what is not set is not in it, so that an optional part that a
 * later program adds leaves it as it was. Stateless.
 */
final class ContentDigest {
    private ContentDigest() {}

    static Digest of(Resource resource) {
        return EventCodec.digest(
                switch (resource) {
                    case Service service -> Map.of("spec", service.spec());
                    case Version version ->
                            content(Map.of("spec", version.spec()), "told", version.told());
                    case Route route -> Map.of("spec", route.spec());
                    case GateState gate ->
                            Map.of(
                                    "spec",
                                    gate.spec(),
                                    "trips",
                                    List.copyOf(gate.trips().values()),
                                    "localKills",
                                    List.copyOf(gate.localKills().values()));
                    case GateSet set -> Map.of("spec", set.spec());
                    case Ramp ramp -> of(ramp);
                    case Migration migration -> of(migration);
                    case Node node -> Map.of("spec", node.spec(), "presence", node.presence());
                    case ApprovalPolicy policy -> Map.of("spec", policy.spec());
                    case Window window -> Map.of("spec", window.spec());
                    case Sink sink ->
                            Map.of(
                                    "spec",
                                    sink.spec(),
                                    "through",
                                    sink.through(),
                                    "dropped",
                                    sink.dropped());
                    case Cohort cohort -> Map.of("spec", cohort.spec());
                    case Database database -> Map.of("spec", database.spec());
                    case Baseline baseline ->
                            Map.of("spec", baseline.spec(), "recording", baseline.recording());
                    case RingPlan plan -> of(plan);
                    case Operation operation ->
                            content(
                                    Map.of(
                                            "spec", operation.spec(),
                                            "actor", operation.actor(),
                                            "steps", operation.steps()),
                                    "outcome",
                                    operation.outcome());
                });
    }

    private static Map<String, Object> of(Ramp ramp) {
        Map<String, Object> content =
                content(
                        Map.of(
                                "spec", ramp.spec(),
                                "state", ramp.state(),
                                "step", ramp.step(),
                                "message", ramp.message()),
                        "verdict",
                        ramp.verdict());
        return content(content, "stepAppliedTime", ramp.stepAppliedTime());
    }

    private static Map<String, Object> of(Migration migration) {
        Map<String, Object> content =
                content(
                        Map.of(
                                "spec", migration.spec(),
                                "state", migration.state(),
                                "phase", migration.phase(),
                                "progress", migration.progress(),
                                "reports", migration.reports(),
                                "message", migration.message(),
                                "consent", migration.consent()),
                        "ramp",
                        migration.ramp());
        content = content(content, "bound", migration.bound());
        return content(content, "escalated", migration.escalated());
    }

    /** Structure that rings have is that of events, which a rollout names by their places. */
    private static Map<String, Object> of(RingPlan plan) {
        Rollout rollout = plan.rollout();
        return content(
                Map.of(
                        "spec",
                        plan.spec(),
                        "state",
                        rollout.state(),
                        "revision",
                        rollout.revision(),
                        "ring",
                        rollout.ring(),
                        "rings",
                        rollout.rings().stream().map(ContentDigest::of).toList(),
                        "message",
                        rollout.message(),
                        "troubles",
                        rollout.troubles(),
                        "resumed",
                        rollout.resumed()),
                "good",
                rollout.good().map(Rollout.Good::revision));
    }

    private static Map<String, Object> of(Rollout.Ring ring) {
        return content(
                Map.of("revision", ring.revision(), "since", ring.since()),
                "appliedTime",
                ring.appliedTime());
    }

    private static Map<String, Object> content(
            Map<String, ?> content, String name, Optional<?> more) {
        Map<String, Object> all = new TreeMap<>(content);
        more.ifPresent(value -> all.put(name, value));
        return all;
    }
}
