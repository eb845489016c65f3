package dev.sluice.demo.load;

import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.demo.load.Entry.Outcome.Answered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which shares users met, in the order in which they met them. Immutable.
 *
 * @param plan shares of the ramp in parts per million, from 0 on
 * @param end how the ramp must have ended
 */
public record ShareOrder(List<Integer> plan, End end) {
    private static final String CLAIM = "users met the shares of the plan, one after the other, ";

    public ShareOrder {
        plan = List.copyOf(plan);
    }

    /** How a ramp ends. */
    public enum End {
        /** The last share of the plan is in force. */
        AT_THE_LAST("up to the last"),
        /** Some of the plan, and then 0 again. */
        BACK_AT_ZERO("and then 0 again");

        private final String words;

        End(String words) {
            this.words = words;
        }
    }

    /** Checks a whole ledger. */
    public Findings check(Ledger ledger) {
        List<Entry> sent =
                ledger.entries().stream().sorted(Comparator.comparing(Entry::sent)).toList();
        Map<Integer, Instant> first = new HashMap<>();
        int last = -1;
        for (Entry entry : sent) {
            if (entry.outcome() instanceof Answered answered && answered.decision().isPresent()) {
                GateDecision decision = answered.decision().get();
                if (decision.reason() == Reason.SHARE) {
                    last = decision.share().value();
                    first.putIfAbsent(last, entry.sent());
                }
            }
        }
        List<Integer> met = new ArrayList<>(first.keySet());
        met.sort(Comparator.comparing(share -> first.getOrDefault(share, Instant.MAX)));
        var check = new Findings.Counting(CLAIM + end.words);
        String seen = met + ", at the end " + last;
        check.count(isInOrder(met, last), () -> "parts per million: " + seen + "; plan " + plan);
        return new Findings(List.of(check.done()));
    }

    private boolean isInOrder(List<Integer> met, int last) {
        return switch (end) {
            case AT_THE_LAST -> met.equals(plan) && last == plan.getLast();
            case BACK_AT_ZERO ->
                    met.size() > 1
                            && met.size() < plan.size()
                            && met.equals(plan.subList(0, met.size()))
                            && last == 0;
        };
    }
}
