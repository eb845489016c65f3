package dev.sluice.control.change.spec;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;

/** What has one share: a gate that stands alone, or a set whose gates move together. Immutable. */
public sealed interface ShareTarget {
    /** One gate; where it belongs to a set, taking it back takes the set. */
    record OfGate(GateName gate) implements ShareTarget {
        @Override
        public String name() {
            return gate.name();
        }
    }

    /** Every gate of a set, in one step of the log. */
    record OfSet(GateSetName set) implements ShareTarget {
        @Override
        public String name() {
            return set.name();
        }
    }

    /** Full resource name. */
    String name();
}
