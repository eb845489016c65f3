package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.ToleranceCheck;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Outcome;
import dev.sluice.chaos.report.Journal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Asks probes and holds their answers against their tolerances. Owned by the thread that runs. */
final class SteadyState {
    private final Activities activities;
    private final InstantSource clock;
    private final Predicate<Outcome> yes;

    /**
     * @param yes whether the answer of a tolerance's own probe says yes
     */
    SteadyState(Activities activities, InstantSource clock, Predicate<Outcome> yes) {
        this.activities = activities;
        this.clock = clock;
        this.yes = yes;
    }

    /** Asks until the first probe that fails or misses its tolerance, as the Chaos Toolkit does. */
    Journal.Look look(Experiment.Hypothesis hypothesis) {
        List<Journal.Entry> probes = new ArrayList<>();
        List<Boolean> tolerances = new ArrayList<>();
        boolean met = true;
        for (Activity probe : hypothesis.probes()) {
            Journal.Entry entry = run(probe);
            met = met(probe, entry.outcome());
            probes.add(entry);
            tolerances.add(met);
            if (!met) {
                break;
            }
        }
        return new Journal.Look(met, probes, tolerances);
    }

    Journal.Entry run(Activity activity) {
        Instant start = clock.instant();
        Outcome outcome = activities.run(activity);
        return new Journal.Entry(activity, start, clock.instant(), outcome);
    }

    /** Asks a probe; whether its answer meets its tolerance. */
    boolean asked(Activity probe) {
        return met(probe, activities.run(probe));
    }

    /** Whether the answer meets the probe's tolerance; no answer meets none. */
    boolean met(Activity probe, Outcome outcome) {
        return outcome.failure().isEmpty()
                && probe.tolerance()
                        .flatMap(activities::tolerance)
                        .filter(wanted -> ToleranceCheck.met(wanted, outcome.output(), this::judge))
                        .isPresent();
    }

    /** A tolerance's own probe: its tolerance decides, else whether its answer says yes. */
    private boolean judge(Activity probe, JsonNode value) {
        Outcome outcome = activities.run(probe, value);
        if (probe.tolerance().isPresent()) {
            return met(probe, outcome);
        }
        return yes.test(outcome);
    }

    /**
     * The number of a witness; 0 when the answer has none, as before the first hit; empty when
     * there is no answer.
     */
    Optional<Long> count(Settings.Witness witness) {
        Outcome outcome = activities.run(witness.probe());
        if (outcome.failure().isPresent()) {
            return Optional.empty();
        }
        JsonNode output = outcome.output();
        List<JsonNode> candidates =
                witness.path()
                        .map(path -> path.find(output))
                        .orElse(List.of(output, output.path("body"), output.path("stdout")));
        for (JsonNode candidate : candidates) {
            Optional<Long> number = number(candidate);
            if (number.isPresent()) {
                return number;
            }
        }
        return Optional.of(0L);
    }

    private static Optional<Long> number(JsonNode node) {
        try {
            return node.isNumber()
                    ? Optional.of(node.longValue())
                    : node.isTextual()
                            ? Optional.of(new BigDecimal(node.textValue().strip()).longValue())
                            : Optional.empty();
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
