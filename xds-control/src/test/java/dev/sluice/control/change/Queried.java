package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.JudgedQuery.Look;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.change.spec.QueryCriterion.Bound;
import dev.sluice.control.change.spec.QueryCriterion.Limit;
import dev.sluice.control.change.spec.QueryCriterion.Source;
import dev.sluice.control.change.spec.RampSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Ramps that ask a metrics server for {@code lag}, of which 5 is allowed. Stateless. */
public final class Queried {
    public static final Source SOURCE =
            new Source(
                    "http://metrics",
                    Optional.empty(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1));

    private Queried() {}

    /** Two looks in a row break it; answers of the last 30 s count. */
    public static Limit limit(Against against, Bound bound, OnBreach onBreach) {
        return new Limit(against, bound, 5, onBreach, 2, Duration.ofSeconds(30));
    }

    public static QueryCriterion criterion(Limit limit) {
        return new QueryCriterion("lag", SOURCE, "lag{version=\"{{version}}\"}[{{window}}]", limit);
    }

    public static JudgePolicy policy(QueryCriterion... criteria) {
        JudgePolicy plain = JudgePolicy.DEFAULT;
        return new JudgePolicy(
                plain.alphaPpm(),
                plain.harmBudgetPpm(),
                plain.minKeys(),
                plain.clientErrorsCount(),
                plain.criteria(),
                List.of(criteria));
    }

    /** The same ramp, asking for the new arm's lag. */
    public static RampSpec ramp(RampSpec plain) {
        return ramp(plain, limit(Against.NOTHING, Bound.AT_MOST, OnBreach.ROLL_BACK));
    }

    public static RampSpec ramp(RampSpec plain, Limit limit) {
        return new RampSpec(
                plain.name(),
                plain.target(),
                plain.steps(),
                policy(criterion(limit)),
                plain.baseline());
    }

    /** Values of the new arm alone, 10 s from one to the next, the last at {@code newest}. */
    public static JudgedQuery answers(GateName gate, Instant newest, double... values) {
        Instant first = newest.minusSeconds(10L * (values.length - 1));
        List<Look> looks =
                Arrays.stream(values)
                        .mapToObj(
                                value -> new Look(first, Optional.empty(), Optional.of(value), ""))
                        .toList();
        return new JudgedQuery("lag", gate, spread(looks, first));
    }

    /** The same looks, 10 s from one to the next. */
    public static List<Look> spread(List<Look> looks, Instant first) {
        Look[] spread = new Look[looks.size()];
        for (int i = 0; i < spread.length; i++) {
            Look look = looks.get(i);
            spread[i] =
                    new Look(
                            first.plusSeconds(10L * i),
                            look.legacy(),
                            look.fresh(),
                            look.trouble());
        }
        return List.of(spread);
    }
}
