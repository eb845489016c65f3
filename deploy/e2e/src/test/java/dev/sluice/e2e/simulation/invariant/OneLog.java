package dev.sluice.e2e.simulation.invariant;

import dev.sluice.control.change.Digest;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Logged;
import java.util.List;

/** Whoever writes, the log is one chain: each event follows the one before it (I12). */
final class OneLog implements Invariants.Invariant {
    private long last;
    private Digest hash = Digest.ZERO;

    @Override
    public void read(Fact fact, List<String> violations) {
        if (fact instanceof Logged(var _, var event)) {
            if (event.seq() != last + 1 || !event.previous().equals(hash)) {
                violations.add("log: event " + event.seq() + " after event " + last);
            }
            last = event.seq();
            hash = event.hash();
        }
    }
}
