package dev.sluice.control.change.spec;

import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the migrations of one risk need. Immutable; ranges are checked by {@code lifecycle}.
 *
 * @param quorum how many different users must approve, 0..16
 * @param groups each must have one of its members among them; sorted; 0..16
 * @param validity how long an approval counts, 1 min..90 d
 * @param leastSoak least stay in {@link Phase#SOAK}, whatever the migration says, 0..90 d
 */
public record ApprovalPolicySpec(
        Risk risk, int quorum, List<String> groups, Duration validity, Duration leastSoak) {
    /** The collection of resource names. */
    public static final String COLLECTION = "approvalPolicies/";

    /** How long an approval counts when nothing else is said. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(7);

    public ApprovalPolicySpec {
        groups = groups.stream().sorted().distinct().toList();
    }

    /** Asks nobody. */
    public static ApprovalPolicySpec none(Risk risk) {
        return new ApprovalPolicySpec(risk, 0, List.of(), DEFAULT_VALIDITY, Duration.ZERO);
    }

    /** The full resource name, such as {@code approvalPolicies/high}. */
    public String name() {
        return name(risk);
    }

    /** The full resource name of the policy of a risk. */
    public static String name(Risk risk) {
        return COLLECTION + risk.name().toLowerCase(Locale.ROOT);
    }
}
