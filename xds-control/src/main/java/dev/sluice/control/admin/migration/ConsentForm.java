package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.ApprovalAnswer;
import dev.sluice.admin.v1.GlassBreak;
import dev.sluice.admin.v1.Migration;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Consent;
import dev.sluice.control.change.Answer;

/** Who wrote a plan and what was said of it, on the wire. Stateless. */
final class ConsentForm {
    private ConsentForm() {}

    static void write(Consent consent, Migration.Builder message) {
        message.setPlanDigest(consent.plan().hex())
                .addAllAuthors(consent.authors().stream().sorted().toList());
        consent.answers()
                .forEach(given ->
                        message.addAnswers(
                                ApprovalAnswer.newBuilder()
                                        .setPrincipal(given.by().name())
                                        .setAnswer(write(given.answer()))
                                        .addAllGroups(given.groups().stream().sorted().toList())
                                        .setTime(Times.write(given.time()))
                                        .setReason(given.reason())));
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

    private static ApprovalAnswer.Answer write(Answer answer) {
        return switch (answer) {
            case APPROVED -> ApprovalAnswer.Answer.APPROVED;
            case REJECTED -> ApprovalAnswer.Answer.REJECTED;
        };
    }
}
