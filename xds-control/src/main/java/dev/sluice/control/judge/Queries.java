package dev.sluice.control.judge;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.JudgedQuery.Look;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.change.spec.QueryCriterion.Bound;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The criteria of a policy that a metrics server answers. A value of such a server is no count of
 * keys, so nothing bounds its probability of a false alarm: what stands against one is the number
 * of looks in a row that must break the limit. No value, or an old one, is never success.
 * Stateless.
 */
final class Queries {
    private Queries() {}

    /** Why the step is to be taken back; empty when no query says so. */
    static Optional<String> worse(JudgedStep step) {
        return all(step)
                .filter(asked -> asked.criterion().limit().onBreach() == OnBreach.ROLL_BACK)
                .filter(asked -> asked.isBroken(step.time()))
                .findFirst()
                .map(asked -> asked.text(step.time()));
    }

    /** The first criterion that is not shown to hold by a fresh value. */
    static Optional<String> unshown(JudgedStep step) {
        return all(step)
                .filter(asked -> !asked.holds(step.time()))
                .findFirst()
                .map(asked -> asked.text(step.time()));
    }

    private static Stream<Asked> all(JudgedStep step) {
        return step.policy().queries().stream()
                .flatMap(criterion ->
                        step.gates().stream()
                                .map(gate ->
                                        new Asked(
                                                criterion,
                                                gate.gate(),
                                                looks(step, criterion, gate.gate()))));
    }

    private static List<Look> looks(JudgedStep step, QueryCriterion criterion, GateName gate) {
        return step.queries().stream()
                .filter(query -> query.criterion().equals(criterion.name()))
                .filter(query -> query.gate().equals(gate))
                .findFirst()
                .map(JudgedQuery::looks)
                .orElse(List.of());
    }

    /** What was asked for one gate, oldest look first. Immutable. */
    private record Asked(QueryCriterion criterion, GateName gate, List<Look> looks) {
        boolean isBroken(Instant now) {
            int inARow = criterion.limit().inARow();
            return looks.size() >= inARow
                    && newest().filter(look -> isFresh(look, now)).isPresent()
                    && looks.subList(looks.size() - inARow, looks.size()).stream()
                            .allMatch(look -> value(look).filter(this::breaks).isPresent());
        }

        boolean holds(Instant now) {
            return newest().filter(look -> isFresh(look, now))
                    .flatMap(this::value)
                    .filter(value -> !breaks(value))
                    .isPresent();
        }

        String text(Instant now) {
            String what = criterion.name() + " of " + gate + ": ";
            if (newest().isEmpty()) {
                return what + "not asked yet";
            }
            Look look = newest().get();
            Optional<Double> value = value(look);
            if (value.isEmpty()) {
                return what + "no data, " + look.trouble();
            }
            if (!isFresh(look, now)) {
                return what + "the newest value is of " + look.time();
            }
            return what
                    + number(value.get())
                    + (isCompared()
                            ? " (new "
                                    + number(look.fresh().orElseThrow())
                                    + ", legacy "
                                    + number(look.legacy().orElseThrow())
                                    + ")"
                            : "")
                    + (criterion.limit().bound() == Bound.AT_MOST ? ", at most " : ", at least ")
                    + number(criterion.limit().value())
                    + " allowed";
        }

        private Optional<Look> newest() {
            return looks.isEmpty() ? Optional.empty() : Optional.of(looks.getLast());
        }

        private boolean isFresh(Look look, Instant now) {
            return !look.time().isBefore(now.minus(criterion.limit().maxAge()));
        }

        private Optional<Double> value(Look look) {
            return isCompared()
                    ? look.fresh().flatMap(fresh -> look.legacy().map(legacy -> fresh - legacy))
                    : look.fresh();
        }

        private boolean isCompared() {
            return criterion.limit().against() == Against.LEGACY;
        }

        private boolean breaks(double value) {
            return switch (criterion.limit().bound()) {
                case AT_MOST -> value > criterion.limit().value();
                case AT_LEAST -> value < criterion.limit().value();
            };
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, "%.6g", value);
        }
    }
}
