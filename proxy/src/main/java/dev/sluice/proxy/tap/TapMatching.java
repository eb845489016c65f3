package dev.sluice.proxy.tap;

import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which exchanges match, part by part: what is left to be decided is a smaller match, at
 * last {@link TapMatch#ANY} or {@link TapMatch#NONE}. Stateless.
 */
final class TapMatching {
    private TapMatching() {}

    /** What is left to be decided once a part has come. */
    static TapMatch after(TapMatch match, Part part, TapLookup fields) {
        return decide(match, leaf -> leaf.part() == part ? holds(leaf, fields) : leaf);
    }

    /** The decision once nothing more can come: a part that did not come is not as it should be. */
    static TapMatch atEnd(TapMatch match) {
        return decide(match, leaf -> TapMatch.NONE);
    }

    private static TapMatch holds(TapMatch.Fields leaf, TapLookup fields) {
        return leaf.headers().stream().allMatch(one -> one.matchesValue(fields.find(one.name())))
                ? TapMatch.ANY
                : TapMatch.NONE;
    }

    private static TapMatch decide(TapMatch match, Leaves leaves) {
        return switch (match) {
            case TapMatch.Any any -> any;
            case TapMatch.Fields leaf -> leaves.decide(leaf);
            case TapMatch.Not(TapMatch rule) -> not(decide(rule, leaves));
            case TapMatch.All(List<TapMatch> rules) ->
                    join(rules, leaves, TapMatch.NONE, TapMatch.ANY, TapMatch.All::new);
            case TapMatch.Either(List<TapMatch> rules) ->
                    join(rules, leaves, TapMatch.ANY, TapMatch.NONE, TapMatch.Either::new);
        };
    }

    private static TapMatch not(TapMatch rule) {
        return rule instanceof TapMatch.Not(TapMatch inner) ? inner : new TapMatch.Not(rule);
    }

    /**
     * @param deciding the answer of one rule that decides on all
     * @param neutral the answer of a rule that decides nothing
     */
    private static TapMatch join(
            List<TapMatch> rules, Leaves leaves, TapMatch deciding, TapMatch neutral, Joint joint) {
        List<TapMatch> open = new ArrayList<>();
        for (TapMatch rule : rules) {
            TapMatch left = decide(rule, leaves);
            if (left.equals(deciding)) {
                return deciding;
            }
            if (!left.equals(neutral)) {
                open.add(left);
            }
        }
        return open.isEmpty() ? neutral : joint.of(open);
    }

    /** Decides on one part, or leaves it open. */
    private interface Leaves {
        TapMatch decide(TapMatch.Fields leaf);
    }

    /** Makes one rule of several. */
    private interface Joint {
        TapMatch of(List<TapMatch> rules);
    }
}
