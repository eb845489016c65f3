package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.admin.v1.Phase;
import dev.sluice.control.cli.session.TimeOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a policy says beside quorum, groups and times. Filled once by the parser. */
final class PolicyOptions {
    @Option(
            names = "--board",
            paramLabel = "GROUP",
            description =
                    "Board whose review is mandatory: one of its members must approve; for several,"
                            + " again; '' for none")
    @Nullable List<String> board;

    @Option(
            names = "--board-phase",
            paramLabel = "PHASE",
            description = "Phase that needs the board to be gone on to; again for more; none: all")
    List<Phase> phases = List.of();

    @Option(
            names = "--most-harm-budget",
            paramLabel = "PPM",
            description =
                    "Most that the harm budget of the judge may be, 1..100000; 0 for no limit")
    Optional<Integer> mostHarmBudget = Optional.empty();

    @Option(
            names = "--least-keys",
            paramLabel = "N",
            description = "Least number of keys that the judge asks for; with --most-harm-budget")
    long leastKeys;

    @Option(
            names = "--escalate-after",
            paramLabel = "DURATION",
            description =
                    "How long a step may wait for people before they are called, such as PT4H;"
                            + " PT0S for ever")
    Optional<Duration> escalateAfter = Optional.empty();

    /** Puts what was given into a policy and its mask. */
    void put(ApprovalPolicy.Builder policy, List<String> mask) {
        if (board != null) {
            List<String> groups = board.stream().filter(group -> !group.isEmpty()).toList();
            if (!groups.isEmpty()) {
                policy.getBoardBuilder().addAllGroups(groups).addAllPhases(phases);
            }
            mask.add("board");
        }
        mostHarmBudget.ifPresent(budget -> {
            if (budget != 0) {
                policy.getMarginsBuilder().setMostHarmBudgetPpm(budget).setLeastMinKeys(leastKeys);
            }
            mask.add("margins");
        });
        escalateAfter.ifPresent(wait -> {
            if (!wait.isZero()) {
                policy.setEscalateAfter(TimeOption.write(wait));
            }
            mask.add("escalate_after");
        });
    }
}
