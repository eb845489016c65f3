package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.ApprovalAnswer;
import dev.sluice.admin.v1.GlassBreak;
import dev.sluice.admin.v1.Migration;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Consent;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.JudgePolicy;

/** Who wrote a plan and what was said of it, on the wire. Stateless. */
final class ConsentForm {
    private ConsentForm() {}

    static void write(Consent consent, Migration.Builder message) {
        message.setPlanDigest(consent.plan().hex())
                .addAllAuthors(consent.authors().stream().sorted().toList());
        consent.answers().forEach(given -> message.addAnswers(answer(given)));
        consent.unreviewed()
                .forEach(broken ->
                        message.addUnreviewed(
                                GlassBreak.newBuilder()
                                        .setSeq(broken.seq())
                                        .setPrincipal(broken.by().name())
                                        .setTime(Times.write(broken.time()))
                                        .setReason(broken.reason())
                                        .addAllOverridden(broken.overridden())));
    }

    static ApprovalAnswer answer(Consent.Given given) {
        return ApprovalAnswer.newBuilder()
                .setPrincipal(given.by().name())
                .setAnswer(write(given.answer()))
                .addAllGroups(given.groups().stream().sorted().toList())
                .setTime(Times.write(given.time()))
                .setReason(given.reason())
                .build();
    }

    /**
     * What it needs.
     *
     * @param plan how its own plan says that it is judged
     */
    static Migration.Needs needs(ApprovalPolicySpec policy, JudgePolicy plan) {
        JudgePolicy judged = policy.margins().map(margins -> margins.over(plan)).orElse(plan);
        Migration.Needs.Builder needs =
                Migration.Needs.newBuilder()
                        .setQuorum(policy.quorum())
                        .addAllGroups(policy.groups())
                        .setValidity(Times.write(policy.validity()))
                        .setLeastSoak(Times.write(policy.leastSoak()))
                        .setHarmBudgetPpm(judged.harmBudgetPpm())
                        .setMinKeys(judged.minKeys());
        policy.board()
                .ifPresent(board ->
                        needs.addAllBoard(board.groups())
                                .addAllBoardPhases(
                                        board.phases().stream()
                                                .map(MigrationWords::write)
                                                .toList()));
        return needs.build();
    }

    private static ApprovalAnswer.Answer write(Answer answer) {
        return switch (answer) {
            case APPROVED -> ApprovalAnswer.Answer.APPROVED;
            case REJECTED -> ApprovalAnswer.Answer.REJECTED;
        };
    }
}
