package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Criterion;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;

/** Words that all criteria share, on the wire. Stateless. */
final class CriterionWords {
    private CriterionWords() {}

    static Criterion.Against write(Against against) {
        return switch (against) {
            case LEGACY -> Criterion.Against.LEGACY;
            case NOTHING -> Criterion.Against.NOTHING;
        };
    }

    static Criterion.OnBreach write(OnBreach onBreach) {
        return switch (onBreach) {
            case ROLL_BACK -> Criterion.OnBreach.ROLL_BACK;
            case HOLD -> Criterion.OnBreach.HOLD;
        };
    }

    /**
     * @param number of the word, for a problem
     */
    static Against against(Criterion.Against word, int number, Problems at) {
        return switch (word) {
            case AGAINST_UNSPECIFIED, LEGACY -> Against.LEGACY;
            case NOTHING -> Against.NOTHING;
            case UNRECOGNIZED -> {
                at.add(Integer.toString(number), "LEGACY or NOTHING", "choose one of these");
                yield Against.LEGACY;
            }
        };
    }

    /**
     * @param number of the word, for a problem
     */
    static OnBreach onBreach(Criterion.OnBreach word, int number, Problems at) {
        return switch (word) {
            case ON_BREACH_UNSPECIFIED, ROLL_BACK -> OnBreach.ROLL_BACK;
            case HOLD -> OnBreach.HOLD;
            case UNRECOGNIZED -> {
                at.add(Integer.toString(number), "ROLL_BACK or HOLD", "choose one of these");
                yield OnBreach.HOLD;
            }
        };
    }
}
