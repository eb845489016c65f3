package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Approval policies on the wire. Immutable. */
final class ApprovalPolicyForm
        implements Form<
                ApprovalPolicy, ApprovalPolicySpec, dev.sluice.control.catalog.ApprovalPolicy> {
    @Override
    public ApprovalPolicy write(dev.sluice.control.catalog.ApprovalPolicy policy, Catalog catalog) {
        ApprovalPolicySpec spec = policy.spec();
        var message =
                ApprovalPolicy.newBuilder()
                        .setName(spec.name())
                        .setEtag(policy.meta().etag())
                        .setQuorum(spec.quorum())
                        .addAllGroups(spec.groups())
                        .setValidity(Times.write(spec.validity()))
                        .setLeastSoak(Times.write(spec.leastSoak()));
        if (policy.meta().seq() > 0) {
            message.setUpdateTime(Times.write(policy.meta().updateTime()));
        }
        return message.build();
    }

    @Override
    public Optional<ApprovalPolicySpec> read(ApprovalPolicy message, Problems at) {
        int before = at.count();
        Optional<Risk> risk = risk(message.getName(), at.field("name"));
        int quorum = Unsigned.orDefault(message.getQuorum(), 0, at.field("quorum"));
        Duration validity =
                message.hasValidity()
                        ? Times.read(message.getValidity(), at.field("validity"))
                        : ApprovalPolicySpec.DEFAULT_VALIDITY;
        Duration soak = Times.read(message.getLeastSoak(), at.field("least_soak"));
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new ApprovalPolicySpec(
                                risk.orElseThrow(),
                                quorum,
                                message.getGroupsList(),
                                validity,
                                soak));
    }

    /** The risk that a resource name means; empty, after one problem was added, for none. */
    static Optional<Risk> risk(String name, Problems at) {
        Optional<Risk> risk =
                Stream.of(Risk.values())
                        .filter(one -> ApprovalPolicySpec.name(one).equals(name))
                        .findFirst();
        if (risk.isEmpty()) {
            at.add(
                    Problem.quote(name),
                    "one of " + Stream.of(Risk.values()).map(ApprovalPolicySpec::name).toList(),
                    "correct the name");
        }
        return risk;
    }
}
