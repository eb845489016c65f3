package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.GateSet;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSetSpec.Prerequisite;
import dev.sluice.control.change.spec.ShareTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gate sets on the wire. Immutable. */
final class GateSetForm implements Form<GateSet, GateSetSpec, dev.sluice.control.catalog.GateSet> {
    @Override
    public GateSet write(dev.sluice.control.catalog.GateSet set, Catalog catalog) {
        GateSetSpec spec = set.spec();
        int sharePpm =
                GateState.share(catalog.gatesOf(new ShareTarget.OfSet(spec.name())))
                        .map(PartsPerMillion::value)
                        .orElse(0);
        return GateSet.newBuilder()
                .setName(spec.name().name())
                .setEtag(set.meta().etag())
                .setCreateTime(Times.write(set.meta().createTime()))
                .setUpdateTime(Times.write(set.meta().updateTime()))
                .setDisplayName(spec.description().displayName())
                .setOwner(spec.description().owner())
                .putAllLabels(spec.description().labels())
                .addAllGates(spec.gates().stream().map(GateName::name).toList())
                .setSharePpm(sharePpm)
                .addAllPrerequisites(spec.prerequisites().stream().map(GateSetForm::write).toList())
                .build();
    }

    @Override
    public Optional<GateSetSpec> read(GateSet message, Problems at) {
        int before = at.count();
        Optional<GateSetName> name = GateSetName.parse(message.getName(), at.field("name"));
        List<GateName> gates = new ArrayList<>();
        for (int i = 0; i < message.getGatesCount(); i++) {
            GateName.parse(message.getGates(i), at.field("gates").index(i)).ifPresent(gates::add);
        }
        List<Prerequisite> prerequisites = new ArrayList<>();
        for (int i = 0; i < message.getPrerequisitesCount(); i++) {
            prerequisite(message.getPrerequisites(i), at.field("prerequisites").index(i))
                    .ifPresent(prerequisites::add);
        }
        if (at.count() > before) {
            return Optional.empty();
        }
        return name.map(known ->
                new GateSetSpec(
                        known,
                        new Description(
                                message.getDisplayName(),
                                message.getOwner(),
                                message.getLabelsMap()),
                        gates,
                        prerequisites));
    }

    private static GateSet.Prerequisite write(Prerequisite prerequisite) {
        return GateSet.Prerequisite.newBuilder()
                .setOf(prerequisite.of().name())
                .setAbovePpm(prerequisite.above().value())
                .setAtLeastPpm(prerequisite.atLeast().value())
                .build();
    }

    private static Optional<Prerequisite> prerequisite(GateSet.Prerequisite message, Problems at) {
        int before = at.count();
        Optional<ShareTarget> of =
                message.getOf().startsWith("gateSets/")
                        ? GateSetName.parse(message.getOf(), at.field("of"))
                                .map(ShareTarget.OfSet::new)
                        : GateName.parse(message.getOf(), at.field("of"))
                                .map(ShareTarget.OfGate::new);
        PartsPerMillion above = PartsPerMillion.parse(message.getAbovePpm(), at.field("above_ppm"));
        PartsPerMillion atLeast =
                PartsPerMillion.parse(message.getAtLeastPpm(), at.field("at_least_ppm"));
        return at.count() > before
                ? Optional.empty()
                : Optional.of(new Prerequisite(of.orElseThrow(), above, atLeast));
    }
}
