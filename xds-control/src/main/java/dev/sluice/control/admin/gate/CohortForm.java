package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.Cohort;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.Problems;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.CohortSpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.lifecycle.gate.CohortRules;
import java.util.Optional;

/**
 * Cohorts on the wire; who is in one is read and written as the contract of gates has it.
 * Immutable.
 */
final class CohortForm implements Form<Cohort, CohortSpec, dev.sluice.control.catalog.Cohort> {
    @Override
    public Cohort write(dev.sluice.control.catalog.Cohort cohort, Catalog catalog) {
        CohortSpec spec = cohort.spec();
        var content = GateWriter.write(spec.content());
        Cohort.Builder message =
                Cohort.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(cohort.meta().etag())
                        .setCreateTime(Times.write(cohort.meta().createTime()))
                        .setUpdateTime(Times.write(cohort.meta().updateTime()))
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .addAllInclude(content.getIncludeList())
                        .addAllExclude(content.getExcludeList());
        if (content.hasMatch()) {
            message.setMatch(content.getMatch());
        }
        CohortRules.users(catalog, spec.name())
                .forEach(gate -> message.addGates(gate.name().name()));
        return message.build();
    }

    @Override
    public Optional<CohortSpec> read(Cohort message, Problems at) {
        int before = at.count();
        Optional<CohortName> name = CohortName.parse(message.getName(), at.field("name"));
        var content =
                dev.sluice.gate.v1.CohortMatch.newBuilder()
                        .setName(name.map(CohortName::name).orElse(""))
                        .addAllInclude(message.getIncludeList())
                        .addAllExclude(message.getExcludeList());
        if (message.hasMatch()) {
            content.setMatch(message.getMatch());
        }
        Optional<CohortMatch> read = GateParser.cohort(content.build(), at);
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new CohortSpec(
                                read.orElseThrow(),
                                new Description(
                                        message.getDisplayName(),
                                        message.getOwner(),
                                        message.getLabelsMap())));
    }
}
