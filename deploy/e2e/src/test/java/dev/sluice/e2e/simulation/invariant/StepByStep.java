package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Logged;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A ramp goes from each step to the next one only, and only after all live sidecars were seen to
 * have applied the one before; what the orchestrator sets is never above the ramp's step, nor above
 * what somebody has asked for where writes are held first.
 */
final class StepByStep implements Invariants.Invariant {
    private final Map<RampName, RampSpec> ramps = new HashMap<>();
    private final Map<RampName, Integer> steps = new HashMap<>();
    private final Map<RampName, Integer> applied = new HashMap<>();
    private final Map<GateName, PartsPerMillion> asked = new HashMap<>();

    @Override
    public void read(Fact fact, List<String> violations) {
        if (!(fact instanceof Logged logged)) {
            return;
        }
        switch (logged.event().event()) {
            case Event.RampStarted(RampSpec ramp) -> {
                ramps.put(ramp.name(), ramp);
                steps.put(ramp.name(), 0);
            }
            case Event.RampStepped(RampName name, int step) -> {
                int before = steps.put(name, step);
                if (step != before + 1 || applied.getOrDefault(name, -1) != before) {
                    violations.add("step: " + name + " from " + before + " to " + step);
                }
            }
            case Event.RampStepApplied(RampName name, int step) -> applied.put(name, step);
            case Event.GatesRevised revised -> read(logged, revised, violations);
            default -> {}
        }
    }

    private void read(Logged logged, Event.GatesRevised revised, List<String> violations) {
        if (logged.event().stamp().principal().equals(Principal.ORCHESTRATOR)) {
            refuseMore(revised, violations);
        }
        revised.gates().forEach(gate -> asked.put(gate.content().name(), asked(gate.content())));
    }

    /** The share, or what it comes to when held writes have changed sides. */
    private static PartsPerMillion asked(Gate gate) {
        return gate.writeHold()
                .map(hold -> new PartsPerMillion(hold.toBucket()))
                .filter(to -> to.compareTo(gate.share()) > 0)
                .orElse(gate.share());
    }

    private void refuseMore(Event.GatesRevised revised, List<String> violations) {
        PartsPerMillion highest =
                ramps.values().stream()
                        .map(ramp -> ramp.steps().getLast().share())
                        .max(PartsPerMillion::compareTo)
                        .orElse(PartsPerMillion.NONE);
        revised.gates().stream()
                .filter(gate -> gate.content().share().compareTo(highest) > 0)
                .filter(gate ->
                        gate.content()
                                        .share()
                                        .compareTo(
                                                asked.getOrDefault(
                                                        gate.content().name(),
                                                        PartsPerMillion.NONE))
                                > 0)
                .forEach(gate -> violations.add("approved share: " + gate));
    }
}
