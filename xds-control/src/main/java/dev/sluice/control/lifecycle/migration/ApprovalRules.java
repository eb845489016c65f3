package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.MigrationName;
import dev.sluice.control.catalog.ApprovalPolicy;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Consent;
import dev.sluice.control.catalog.Consent.Given;
import dev.sluice.control.catalog.Consent.GlassBreak;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Decides about answers, reviews and what each risk needs. An answer is of one revision of a plan;
 * who wrote any of the plan has none. Immutable.
 */
public record ApprovalRules(Catalog catalog, CommandContext context) {
    private static final int LARGEST_QUORUM = 16;
    private static final int MOST_GROUPS = 16;
    private static final int LONGEST_REASON = 1_024;
    private static final Duration LONGEST = Duration.ofDays(90);

    public Decision put(ApprovalPolicySpec spec) {
        ApprovalPolicy present = catalog.approvalPolicy(spec.risk());
        Refusals refusals = new Refusals();
        refusals.checkEtag(present, context);
        Ranges ranges = new Ranges(refusals);
        ranges.number("quorum", spec.quorum(), 0, LARGEST_QUORUM);
        ranges.number("groups", spec.groups().size(), 0, MOST_GROUPS);
        spec.groups().forEach(group -> ranges.text("groups", group, 1, 63));
        ranges.duration("validity", spec.validity(), Duration.ofMinutes(1), LONGEST);
        ranges.duration("least_soak", spec.leastSoak(), Duration.ZERO, LONGEST);
        spec.escalateAfter()
                .ifPresent(wait ->
                        ranges.duration("escalate_after", wait, Duration.ofMinutes(1), LONGEST));
        spec.board()
                .ifPresent(board -> {
                    ranges.number("board.groups", board.groups().size(), 1, MOST_GROUPS);
                    board.groups().forEach(group -> ranges.text("board.groups", group, 1, 63));
                });
        spec.margins()
                .ifPresent(margins -> {
                    ranges.number(
                            "margins.most_harm_budget_ppm",
                            margins.mostHarmBudgetPpm(),
                            1,
                            100_000);
                    ranges.number(
                            "margins.least_min_keys", margins.leastMinKeys(), 0, 1_000_000_000);
                });
        return refusals.orElse(() ->
                spec.equals(present.spec())
                        ? List.of()
                        : List.of(new Event.ApprovalPolicyPut(spec)));
    }

    Decision answer(MigrationName name, Digest plan, Answer answer, Set<String> groups) {
        return on(
                name,
                (migration, refusals) -> {
                    Consent consent = migration.consent();
                    new Ranges(refusals)
                            .text(
                                    "reason",
                                    context.reason(),
                                    answer == Answer.REJECTED ? 1 : 0,
                                    LONGEST_REASON);
                    if (!migration.state().isOpen()) {
                        refusals.precondition(
                                "state",
                                migration.state(),
                                "ACTIVE or PAUSED",
                                "nothing is left to approve");
                    }
                    if (!plan.equals(consent.plan())) {
                        refusals.precondition(
                                "plan_digest",
                                plan.hex(),
                                "the present one, " + consent.plan().hex(),
                                "the plan was edited: read it again and decide anew");
                    }
                    if (answer == Answer.APPROVED && consent.authors().contains(actor())) {
                        refusals.denied(
                                actor() + " wrote " + consent.authors(),
                                "somebody who wrote no part of this plan",
                                "ask another approver");
                    }
                },
                new Event.MigrationAnswered(name, plan, answer, groups));
    }

    Decision withdraw(MigrationName name) {
        return on(
                name,
                (migration, refusals) -> {
                    if (migration.consent().answers().stream()
                            .noneMatch(given -> given.by().equals(context.principal()))) {
                        refusals.precondition(
                                "principal",
                                actor() + " has said nothing of the present plan",
                                "somebody who has",
                                "there is nothing to withdraw");
                    }
                },
                new Event.MigrationAnswerWithdrawn(name));
    }

    Decision review(MigrationName name, long seq) {
        return on(
                name,
                (migration, refusals) -> {
                    new Ranges(refusals).text("reason", context.reason(), 1, LONGEST_REASON);
                    List<GlassBreak> open = migration.consent().unreviewed();
                    Optional<GlassBreak> broken =
                            open.stream().filter(one -> one.seq() == seq).findFirst();
                    if (broken.isEmpty()) {
                        refusals.precondition(
                                "seq",
                                seq,
                                "one of " + open.stream().map(GlassBreak::seq).toList(),
                                "read what is unreviewed");
                    }
                    if (broken.filter(one -> one.by().equals(context.principal())).isPresent()) {
                        refusals.denied(
                                actor() + " broke the glass",
                                "somebody else",
                                "ask another approver");
                    }
                },
                new Event.MigrationGlassReviewed(name, seq));
    }

    /**
     * Notes what is missing for a plan to go on now.
     *
     * @param approvers whom the plan itself names
     * @param next phase that it would go on to
     */
    static void refuseUnapproved(
            ApprovalPolicySpec policy,
            List<String> approvers,
            Optional<Phase> next,
            Consent consent,
            Instant now,
            Refusals refusals) {
        for (Given given : consent.answers()) {
            if (given.answer() == Answer.REJECTED) {
                refusals.precondition(
                        "answers",
                        "rejected by " + given.by().name() + ": " + given.reason(),
                        "no rejection of the present plan",
                        "edit the plan, or ask for the rejection to be withdrawn");
            }
        }
        List<Given> valid =
                consent.answers().stream()
                        .filter(given -> given.answer() == Answer.APPROVED)
                        .filter(given -> now.isBefore(given.time().plus(policy.validity())))
                        .toList();
        List<String> names = valid.stream().map(given -> given.by().name()).toList();
        if (valid.size() < policy.quorum()) {
            refusals.precondition(
                    "answers",
                    names.isEmpty() ? "no approval that counts" : "approved by " + names,
                    policy.quorum()
                            + " approvals of plan "
                            + consent.plan().brief()
                            + ", none older than "
                            + policy.validity(),
                    "ask approvers other than " + consent.authors().stream().sorted().toList());
        }
        for (String group : policy.groups()) {
            if (isMissing(group, valid)) {
                refusals.precondition(
                        "answers",
                        names.isEmpty() ? "no approval that counts" : "approved by " + names,
                        "an approval of the group " + group,
                        "ask an approver of that group");
            }
        }
        List<String> board =
                policy.board()
                        .filter(some -> next.filter(some::reviews).isPresent())
                        .map(ApprovalPolicySpec.Board::groups)
                        .orElse(List.of());
        for (String group : board) {
            if (isMissing(group, valid)) {
                refusals.precondition(
                        "board",
                        names.isEmpty() ? "no approval that counts" : "approved by " + names,
                        "the review of the board " + group + " before this phase",
                        "put it before that board");
            }
        }
        for (String who : approvers) {
            if (!names.contains(who)) {
                refusals.precondition(
                        "answers",
                        names.isEmpty() ? "no approval that counts" : "approved by " + names,
                        "an approval of " + who + ", whom the plan names",
                        "ask " + who);
            }
        }
    }

    private static boolean isMissing(String group, List<Given> valid) {
        return valid.stream().noneMatch(given -> given.groups().contains(group));
    }

    private Decision on(MigrationName name, BiConsumer<Migration, Refusals> check, Event event) {
        Refusals refusals = new Refusals();
        Optional<Migration> found = refusals.require(catalog.migration(name), name);
        found.ifPresent(migration -> {
            refusals.checkEtag(migration, context);
            check.accept(migration, refusals);
        });
        return refusals.orElse(() -> List.of(event));
    }

    private String actor() {
        return context.principal().name();
    }
}
