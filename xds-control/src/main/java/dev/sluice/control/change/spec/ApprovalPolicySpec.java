package dev.sluice.control.change.spec;

import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * What the migrations of one risk need. Immutable; ranges are checked by {@code lifecycle}.
 *
 * @param quorum how many different users must approve, 0..16
 * @param groups each must have one of its members among them; sorted; 0..16
 * @param validity how long an approval counts, 1 min..90 d
 * @param leastSoak least stay in {@link Phase#SOAK}, whatever the migration says, 0..90 d
 * @param board whose review some steps need besides; empty for none
 * @param margins how a ramp is judged at least; empty for what the migration says
 * @param escalateAfter how long a step may wait for people before they are called, 1 min..90 d;
 *     empty for ever
 */
public record ApprovalPolicySpec(
        Risk risk,
        int quorum,
        List<String> groups,
        Duration validity,
        Duration leastSoak,
        Optional<Board> board,
        Optional<Margins> margins,
        Optional<Duration> escalateAfter) {
    /** The collection of resource names. */
    public static final String COLLECTION = "approvalPolicies/";

    /** How long an approval counts when nothing else is said. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(7);

    public ApprovalPolicySpec {
        groups = groups.stream().sorted().distinct().toList();
    }

    /** One that asks nothing further. */
    public ApprovalPolicySpec(
            Risk risk, int quorum, List<String> groups, Duration validity, Duration leastSoak) {
        this(
                risk,
                quorum,
                groups,
                validity,
                leastSoak,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Whose review is mandatory.
     *
     * @param groups each must have one of its members among those who approved; sorted; 1..16
     * @param phases that need it to be gone on to; sorted; none for all
     */
    public record Board(List<String> groups, List<Phase> phases) {
        public Board {
            groups = groups.stream().sorted().distinct().toList();
            phases = phases.stream().sorted().distinct().toList();
        }

        /** Whether going on to a phase needs it. */
        public boolean reviews(Phase next) {
            return phases.isEmpty() || phases.contains(next);
        }

        private Board and(Board other) {
            return new Board(
                    union(groups, other.groups),
                    phases.isEmpty() || other.phases.isEmpty()
                            ? List.of()
                            : union(phases, other.phases));
        }
    }

    /**
     * How a ramp is judged at least.
     *
     * @param mostHarmBudgetPpm the harm budget is at most this, 1..100,000
     * @param leastMinKeys the least number of keys is at least this, 0..10^9
     */
    public record Margins(int mostHarmBudgetPpm, long leastMinKeys) {
        /** The stricter of a plan and this. */
        public JudgePolicy over(JudgePolicy plan) {
            return new JudgePolicy(
                    plan.alphaPpm(),
                    Math.min(plan.harmBudgetPpm(), mostHarmBudgetPpm),
                    Math.max(plan.minKeys(), leastMinKeys),
                    plan.clientErrorsCount(),
                    plan.criteria(),
                    plan.queries(),
                    plan.baseline());
        }

        private Margins and(Margins other) {
            return new Margins(
                    Math.min(mostHarmBudgetPpm, other.mostHarmBudgetPpm),
                    Math.max(leastMinKeys, other.leastMinKeys));
        }
    }

    /** Asks nobody. */
    public static ApprovalPolicySpec none(Risk risk) {
        return new ApprovalPolicySpec(risk, 0, List.of(), DEFAULT_VALIDITY, Duration.ZERO);
    }

    /** What is asked by this, by another, or by both: of each field what asks for more. */
    public ApprovalPolicySpec and(ApprovalPolicySpec other) {
        return new ApprovalPolicySpec(
                risk,
                Math.max(quorum, other.quorum),
                union(groups, other.groups),
                min(validity, other.validity),
                leastSoak.compareTo(other.leastSoak) >= 0 ? leastSoak : other.leastSoak,
                both(board, other.board, Board::and),
                both(margins, other.margins, Margins::and),
                both(escalateAfter, other.escalateAfter, ApprovalPolicySpec::min));
    }

    /** The full resource name, such as {@code approvalPolicies/high}. */
    public String name() {
        return name(risk);
    }

    /** The full resource name of the policy of a risk. */
    public static String name(Risk risk) {
        return COLLECTION + risk.name().toLowerCase(Locale.ROOT);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static <T> List<T> union(Collection<T> one, Collection<T> other) {
        List<T> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private static <T> Optional<T> both(
            Optional<T> one, Optional<T> other, BinaryOperator<T> combine) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(combine.apply(one.get(), other.get()))
                : one.or(() -> other);
    }
}
