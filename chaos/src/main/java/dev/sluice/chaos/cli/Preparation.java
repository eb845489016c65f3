package dev.sluice.chaos.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.chaos.cli.VariableOptions.Given;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.probe.Variables;
import dev.sluice.chaos.run.Overlaps;
import dev.sluice.chaos.run.Profile;
import dev.sluice.chaos.run.Unclear;
import dev.sluice.chaos.run.Unreachable;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what a run needs to know, and what is wrong with it, before anything is injected.
 * Immutable.
 *
 * @param seed of the run
 * @param production whether an experiment of production may be run
 * @param options what is wrong with other options
 * @param cut ends all that is asked; what is found then is nothing to go by
 */
record Preparation(
        Experiment experiment,
        Profile profile,
        long seed,
        boolean production,
        List<Problem> options,
        Cut cut) {
    Preparation {
        options = List.copyOf(options);
    }

    /** What a run works with. */
    record Ready(Activities activities, Plan plan) implements AutoCloseable {
        @Override
        public void close() {
            activities.close();
        }
    }

    /** All that is needed, or all that is wrong at the first step where something is. */
    Parsed<Ready> ready(Given given) {
        Map<String, JsonNode> known = new LinkedHashMap<>();
        known.put(Substitution.SEED, TextNode.valueOf(Long.toUnsignedString(seed)));
        known.putAll(given.values());
        Parsed<Substitution> values =
                Variables.of(experiment, known, given.wholeEnvironment(), cut);
        if (!(values instanceof Parsed.Ok<Substitution>(Substitution found))) {
            return new Parsed.Refused<>(placed(values.problems()));
        }
        if (!options.isEmpty()) {
            return new Parsed.Refused<>(options);
        }
        Optional<Problem> environment = Production.refused(experiment, found, production);
        if (environment.isPresent()) {
            return Parsed.refused(environment.get());
        }
        Activities activities = new Activities(found, given.environment());
        Parsed<Plan> planned = planned(found, activities);
        if (!(planned instanceof Parsed.Ok<Plan>(Plan plan))) {
            activities.close();
            return new Parsed.Refused<>(planned.problems());
        }
        return Parsed.ok(new Ready(activities, plan));
    }

    /** The plan of faults on arms, when the experiment can be run. */
    private Parsed<Plan> planned(Substitution values, Activities activities) {
        List<Problem> unclear = Unclear.in(experiment, activities);
        if (!unclear.isEmpty()) {
            return new Parsed.Refused<>(unclear);
        }
        if (profile == Profile.CTK) {
            return Parsed.ok(Plan.NONE);
        }
        Parsed<Plan> planned = Plan.of(experiment, values, runName(), seed);
        if (!(planned instanceof Parsed.Ok<Plan>(Plan plan))) {
            return planned;
        }
        List<Problem> unfit = new ArrayList<>(Unreachable.in(experiment, activities, cut));
        if (unfit.isEmpty()) {
            unfit.addAll(Overlaps.of(experiment, plan, activities.until(cut)));
        }
        return unfit.isEmpty() ? planned : new Parsed.Refused<>(unfit);
    }

    private List<Problem> placed(List<Problem> problems) {
        return problems.stream()
                .map(problem ->
                        new Problem(
                                experiment.places().place(problem.path()),
                                problem.got(),
                                problem.expected(),
                                problem.remedy()))
                .toList();
    }

    /** A word that no other run has. */
    private static String runName() {
        return HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    }
}
