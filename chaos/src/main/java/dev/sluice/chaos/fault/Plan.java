package dev.sluice.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.chaos.experiment.ArmFault;
import dev.sluice.chaos.experiment.BlastRadius;
import dev.sluice.chaos.experiment.DurationText;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a run is going to inject on sidecars, with every value known. Immutable.
 *
 * @param leases in the order of taking
 * @param hold how long they stay after the method
 * @param radius what they may not exceed
 */
public record Plan(List<PlannedLease> leases, Duration hold, BlastRadius radius) {
    private static final long MOST_REQUESTS = 1_000_000;

    /** Injects nothing. */
    public static final Plan NONE = new Plan(List.of(), Duration.ZERO, BlastRadius.NONE);

    public Plan {
        leases = List.copyOf(leases);
    }

    /**
     * Plans the faults of an experiment and holds them against its blast radius.
     *
     * @param run a word that no other run has, for names of leases
     * @param seed of the run; each fault draws by one that follows from it
     * @return every problem, each with its place in the file
     */
    public static Parsed<Plan> of(
            Experiment experiment, Substitution values, String run, long seed) {
        Settings settings = experiment.settings();
        List<Problem> problems = new ArrayList<>();
        long most = LeaseReader.budget(settings, values);
        List<PlannedLease> leases = leases(settings.faults(), values, run, seed, most, problems);
        Duration hold = hold(settings, values, problems);
        Plan plan = new Plan(leases, hold, settings.blastRadius());
        if (problems.isEmpty()) {
            problems.addAll(plan.beyondTheRadius(pauses(experiment, values)));
        }
        return problems.isEmpty() ? Parsed.ok(plan) : new Parsed.Refused<>(problems);
    }

    /**
     * Plans faults that no file asks for.
     *
     * @param run a word that no other run has, for names of leases
     */
    public static Parsed<Plan> of(
            List<ArmFault> faults, Substitution values, String run, long seed) {
        List<Problem> problems = new ArrayList<>();
        List<PlannedLease> leases = leases(faults, values, run, seed, MOST_REQUESTS, problems);
        return problems.isEmpty()
                ? Parsed.ok(new Plan(leases, Duration.ZERO, BlastRadius.NONE))
                : new Parsed.Refused<>(problems);
    }

    private static List<PlannedLease> leases(
            List<ArmFault> faults,
            Substitution values,
            String run,
            long seed,
            long most,
            List<Problem> problems) {
        List<PlannedLease> leases = new ArrayList<>();
        for (int i = 0; i < faults.size(); i++) {
            ArmFault fault = faults.get(i);
            new LeaseReader(fault, values.in(fault.fields()), problems)
                    .read(i, run, seed + i, most)
                    .forEach(leases::add);
        }
        return leases;
    }

    /**
     * What is wrong with the faults as far as it can be said without the environment: those whose
     * variables all have values in the file, or are secrets.
     */
    public static List<Problem> problems(Experiment experiment) {
        Map<String, JsonNode> known = new LinkedHashMap<>();
        experiment
                .secrets()
                .values()
                .forEach(group ->
                        group.keySet()
                                .forEach(name -> known.put(name, TextNode.valueOf("secret"))));
        experiment
                .configuration()
                .forEach((name, value) -> {
                    if (!value.isObject()) {
                        known.put(name, value);
                    }
                });
        Substitution values = new Substitution(known);
        boolean whole =
                experiment.settings().faults().stream()
                        .allMatch(fault ->
                                Substitution.variables(values.in(fault.fields())).isEmpty());
        return whole && Substitution.variables(values.in(experiment.settings().hold())).isEmpty()
                ? of(experiment, values, "0", 1).problems()
                : List.of();
    }

    private static Duration hold(Settings settings, Substitution values, List<Problem> problems) {
        String text = values.in(settings.hold()).asText();
        if (settings.hold().isMissingNode()) {
            return Duration.ZERO;
        }
        Optional<Duration> hold = DurationText.parse(text);
        if (hold.isEmpty()) {
            problems.add(
                    new Problem(
                            "sluice.hold", Problem.quote(text), DurationText.SHAPE, "correct it"));
        }
        return hold.orElse(Duration.ZERO);
    }

    private static Duration pauses(Experiment experiment, Substitution values) {
        double seconds =
                experiment.method().stream()
                        .mapToDouble(activity ->
                                values.in(activity.pauseBefore()).asDouble(0)
                                        + values.in(activity.pauseAfter()).asDouble(0))
                        .sum();
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private List<Problem> beyondTheRadius(Duration pauses) {
        List<Problem> problems = new ArrayList<>();
        Duration on = pauses.plus(hold);
        radius.duration()
                .filter(longest -> on.compareTo(longest) > 0)
                .ifPresent(longest ->
                        problems.add(
                                beyond(
                                        radius.place(),
                                        "pauses and hold of %d ms".formatted(on.toMillis()),
                                        "%d ms".formatted(longest.toMillis()))));
        radius.share().ifPresent(most -> problems.addAll(beyondTheShare(most)));
        long budget = leases.stream().mapToLong(PlannedLease::budget).sum();
        if (radius.requests().isPresent() && budget > radius.requests().getAsLong()) {
            problems.add(
                    beyond(
                            radius.place(),
                            "faults of " + budget + " requests together",
                            radius.requests().getAsLong() + " requests"));
        }
        if (radius.errors().isPresent() && leases.isEmpty()) {
            problems.add(
                    new Problem(
                            radius.place(),
                            "a limit of errors without sluice.faults",
                            "sidecars that count the errors of their users",
                            "take the faults under sluice.faults, or use a stop condition"));
        }
        return problems;
    }

    /** Faults on one arm can meet different attempts, so that their shares add up. */
    private List<Problem> beyondTheShare(double most) {
        Map<String, Double> shares = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (PlannedLease lease : leases) {
            String arm = lease.sidecar().url() + " " + lease.target();
            double share = shares.merge(arm, lease.share(), Double::sum);
            if (share > most) {
                problems.add(
                        beyond(
                                lease.place(),
                                "%s %% of %s".formatted(Double.toString(share), lease.target()),
                                "%s %%".formatted(Double.toString(most))));
            }
        }
        return problems;
    }

    private static Problem beyond(String place, String got, String most) {
        return new Problem(
                place,
                got,
                "at most " + most + ", the blast radius",
                "lower it, or widen sluice.blast_radius");
    }
}
