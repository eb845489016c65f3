package dev.sluice.control.admin.structure;

import dev.sluice.admin.v1.RingPlan;
import dev.sluice.contract.NodeName;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.change.RingTrouble;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.ring.RingProgress;
import java.util.List;

/**
 * Structure on its way through rings, on the wire: by the log and by what nodes tell. Stateless.
 */
final class RolloutForm {
    private static final int MOST_LISTED = 20;

    private RolloutForm() {}

    static RingPlan.Rollout write(
            dev.sluice.control.catalog.RingPlan plan, Catalog catalog, FleetReport fleet) {
        Rollout rollout = plan.rollout();
        var message =
                RingPlan.Rollout.newBuilder()
                        .setState(
                                switch (rollout.state()) {
                                    case COMPLETE -> RingPlan.Rollout.State.COMPLETE;
                                    case ROLLING -> RingPlan.Rollout.State.ROLLING;
                                    case HALTED -> RingPlan.Rollout.State.HALTED;
                                    case ABORTED -> RingPlan.Rollout.State.ABORTED;
                                })
                        .setRevision(rollout.revision())
                        .setRing(plan.ringId(rollout.ring()))
                        .setMessage(rollout.message())
                        .setStateTime(Times.write(rollout.stateTime()));
        rollout.troubles().forEach(trouble -> message.addTroubles(write(trouble)));
        List<RingProgress> progress = RingProgress.of(catalog, plan, fleet);
        for (int ring = 0; ring < progress.size(); ring++) {
            message.addRings(
                    write(plan.ringId(ring), rollout.rings().get(ring), progress.get(ring)));
        }
        return message.build();
    }

    private static RingPlan.RingState write(String id, Rollout.Ring ring, RingProgress progress) {
        var message =
                RingPlan.RingState.newBuilder()
                        .setId(id)
                        .setRevision(ring.revision())
                        .setOfferedTime(Times.write(ring.offeredTime()))
                        .setNodes(progress.live())
                        .setWaiting(progress.waiting().size());
        ring.appliedTime().ifPresent(time -> message.setAppliedTime(Times.write(time)));
        progress.waiting().stream()
                .limit(MOST_LISTED)
                .map(NodeName::name)
                .forEach(message::addWaitingNodes);
        progress.refusing().stream()
                .limit(MOST_LISTED)
                .forEach(trouble -> message.addRefusals(write(trouble)));
        return message.build();
    }

    private static RingPlan.Trouble write(RingTrouble trouble) {
        return RingPlan.Trouble.newBuilder()
                .setNode(trouble.node().name())
                .setReason(trouble.what())
                .build();
    }
}
