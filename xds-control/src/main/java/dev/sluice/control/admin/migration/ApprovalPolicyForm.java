package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.ApprovalPolicySpec.Board;
import dev.sluice.control.change.spec.ApprovalPolicySpec.Margins;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        spec.board()
                .ifPresent(board ->
                        message.getBoardBuilder()
                                .addAllGroups(board.groups())
                                .addAllPhases(
                                        board.phases().stream()
                                                .map(MigrationWords::write)
                                                .toList()));
        spec.margins()
                .ifPresent(margins ->
                        message.getMarginsBuilder()
                                .setMostHarmBudgetPpm(margins.mostHarmBudgetPpm())
                                .setLeastMinKeys(margins.leastMinKeys()));
        spec.escalateAfter().ifPresent(wait -> message.setEscalateAfter(Times.write(wait)));
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
        Optional<Board> board = board(message, at.field("board"));
        Optional<Margins> margins = margins(message, at.field("margins"));
        Optional<Duration> escalateAfter =
                message.hasEscalateAfter()
                        ? Optional.of(
                                Times.read(message.getEscalateAfter(), at.field("escalate_after")))
                        : Optional.empty();
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new ApprovalPolicySpec(
                                risk.orElseThrow(),
                                quorum,
                                message.getGroupsList(),
                                validity,
                                soak,
                                board,
                                margins,
                                escalateAfter));
    }

    private static Optional<Board> board(ApprovalPolicy message, Problems at) {
        if (!message.hasBoard()) {
            return Optional.empty();
        }
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < message.getBoard().getPhasesCount(); i++) {
            MigrationWords.phase(
                            message.getBoard().getPhases(i),
                            message.getBoard().getPhasesValue(i),
                            at.field("phases").index(i))
                    .ifPresent(phases::add);
        }
        return Optional.of(new Board(message.getBoard().getGroupsList(), phases));
    }

    private static Optional<Margins> margins(ApprovalPolicy message, Problems at) {
        return message.hasMargins()
                ? Optional.of(
                        new Margins(
                                Unsigned.orDefault(
                                        message.getMargins().getMostHarmBudgetPpm(),
                                        0,
                                        at.field("most_harm_budget_ppm")),
                                message.getMargins().getLeastMinKeys()))
                : Optional.empty();
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
