package dev.sluice.control.admin.structure;

import dev.sluice.admin.v1.RingPlan;
import dev.sluice.contract.Problems;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RingPlanSpec.Members;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Plans of rings on the wire. Immutable.
 *
 * @param fleet what nodes have told by now
 */
record RingPlanForm(Supplier<FleetReport> fleet)
        implements Form<RingPlan, RingPlanSpec, dev.sluice.control.catalog.RingPlan> {
    private static final Duration BAKE = Duration.ofMinutes(5);
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @Override
    public RingPlan write(dev.sluice.control.catalog.RingPlan plan, Catalog catalog) {
        RingPlanSpec spec = plan.spec();
        RingPlan.Builder message =
                RingPlan.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(plan.meta().etag())
                        .setCreateTime(Times.write(plan.meta().createTime()))
                        .setUpdateTime(Times.write(plan.meta().updateTime()))
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .setRollout(RolloutForm.write(plan, catalog, fleet.get()));
        spec.rings().forEach(ring -> message.addRings(write(ring)));
        return message.build();
    }

    private static RingPlan.Ring write(RingPlanSpec.Ring ring) {
        var message =
                RingPlan.Ring.newBuilder()
                        .setId(ring.id())
                        .setBake(Times.write(ring.bake()))
                        .setDeadline(Times.write(ring.deadline()));
        Members members = ring.members();
        if (!members.equals(Members.REST)) {
            var all =
                    message.getMembersBuilder()
                            .addAllNodes(members.nodes())
                            .addAllClusters(members.clusters())
                            .putAllLabels(members.labels())
                            .setPercent(members.percent());
            members.services().forEach(service -> all.addServices(service.name()));
        }
        return message.build();
    }

    @Override
    public Optional<RingPlanSpec> read(RingPlan message, Problems at) {
        int before = at.count();
        Optional<RingPlanName> name = RingPlanName.parse(message.getName(), at.field("name"));
        List<RingPlanSpec.Ring> rings = new ArrayList<>();
        for (int i = 0; i < message.getRingsCount(); i++) {
            rings.add(read(message.getRings(i), at.field("rings").index(i)));
        }
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new RingPlanSpec(
                                name.orElseThrow(),
                                new Description(
                                        message.getDisplayName(),
                                        message.getOwner(),
                                        message.getLabelsMap()),
                                rings));
    }

    private static RingPlanSpec.Ring read(RingPlan.Ring ring, Problems at) {
        return new RingPlanSpec.Ring(
                ring.getId(),
                read(ring.getMembers(), at.field("members")),
                ring.hasBake() ? Times.read(ring.getBake(), at.field("bake")) : BAKE,
                ring.hasDeadline()
                        ? Times.read(ring.getDeadline(), at.field("deadline"))
                        : DEADLINE);
    }

    private static Members read(RingPlan.Members members, Problems at) {
        List<ServiceName> services = new ArrayList<>();
        for (int i = 0; i < members.getServicesCount(); i++) {
            ServiceName.parse(members.getServices(i), at.field("services").index(i))
                    .ifPresent(services::add);
        }
        return new Members(
                members.getNodesList(),
                members.getClustersList(),
                services,
                members.getLabelsMap(),
                members.getPercent());
    }
}
