package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.GateSet;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
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
                catalog.gatesOf(new ShareTarget.OfSet(spec.name())).stream()
                        .mapToInt(gate -> gate.content().share().value())
                        .findFirst()
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
                        gates));
    }
}
