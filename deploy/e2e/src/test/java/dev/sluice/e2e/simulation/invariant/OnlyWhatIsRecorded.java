package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.simulation.invariant.History.Decided;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Logged;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.openhft.hashing.LongHashFunction;

/**
 * A decision by share is the one that its revision in the log and the salted bucket of its key
 * allow: so the share is never above the approved one (I15), nothing is obeyed that is not recorded
 * (I13), and a key moves only when the share crosses its bucket. Kills may be obeyed before.
 */
final class OnlyWhatIsRecorded implements Invariants.Invariant {
    private static final LongHashFunction XXH3 = LongHashFunction.xx3();

    private final Revisions revisions = new Revisions();

    @Override
    public void read(Fact fact, List<String> violations) {
        switch (fact) {
            case Logged logged -> revisions.read(logged);
            case Decided decided -> explain(decided, violations);
            default -> {}
        }
    }

    private void explain(Decided decided, List<String> violations) {
        GateDecision decision = decided.decision();
        if (decision.reason() != Reason.SHARE) {
            if (decision.mode() != from(decision)) {
                violations.add("taking back: " + decided + " is not in mode from");
            }
            return;
        }
        Optional<Gate> recorded =
                revisions.find(decision.gate(), decision.revision().orElseThrow());
        if (recorded.isEmpty()) {
            violations.add("recorded: " + decided + " obeys what the log has not");
        } else if (!recorded.get().share().equals(decision.share())) {
            violations.add("share: " + decided + ", the log says " + recorded.get().share());
        } else if (decision.mode() != expected(recorded.get(), decided.key())) {
            violations.add("bucket: " + decided + " (expected another mode)");
        }
    }

    private Mode from(GateDecision decision) {
        return revisions
                .floor(decision.gate(), decision.revision().orElseThrow())
                .map(Gate::from)
                .orElse(decision.mode());
    }

    private static Mode expected(Gate gate, String key) {
        byte[] salted =
                (gate.bucketing().salt().text() + "\0" + key).getBytes(StandardCharsets.UTF_8);
        long bucket = Long.remainderUnsigned(XXH3.hashBytes(salted), 1_000_000);
        return bucket < gate.share().value() ? gate.to() : gate.from();
    }
}
