package dev.sluice.control.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.judge.SimulatedRamp.Alarm;
import dev.sluice.control.judge.SimulatedRamp.Result;
import dev.sluice.control.judge.Traffic.Errors;
import dev.sluice.control.judge.Traffic.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What a simulation found, as Markdown and as JSON. Immutable. */
record JudgeFigures(int ramps, long seed, List<Alike> alike, List<Worse> worse) {
    private static final int FIVE_PERCENT = 50_000;

    JudgeFigures {
        alike = List.copyOf(alike);
        worse = List.copyOf(worse);
    }

    /** How many ramps of two arms alike each rule took back. */
    record Alike(
            double baseErrors, Keys keys, Errors errors, long sluice, long flagger, long argo) {
        static Alike of(double baseErrors, Keys keys, Errors errors, List<Result> results) {
            return new Alike(
                    baseErrors,
                    keys,
                    errors,
                    JudgeSimulation.alarms(results, Result::judge),
                    JudgeSimulation.alarms(results, Result::flagger),
                    JudgeSimulation.alarms(results, Result::argo));
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %.1f %% | %s | %s | %d | %d | %d |",
                    baseErrors * 100,
                    keys,
                    errors,
                    sluice,
                    flagger,
                    argo);
        }
    }

    /** How each rule found a worse arm. */
    record Worse(String what, Found sluice, Found flagger, Found argo) {
        static Worse of(String what, List<Result> results) {
            return new Worse(
                    what,
                    Found.of(results, Result::judge),
                    Found.of(results, Result::flagger),
                    Found.of(results, Result::argo));
        }

        String line() {
            return String.join(
                    " | ",
                    "| " + what,
                    sluice.text(),
                    Long.toString(sluice.byFivePercent()),
                    flagger.text(),
                    argo.text() + " |");
        }
    }

    /**
     * How one rule found it.
     *
     * @param times in how many ramps
     * @param byFivePercent in how many before the share passed 5 %
     * @param median after which half of all ramps were taken back; empty when fewer were
     */
    record Found(long times, long byFivePercent, Optional<Alarm> median) {
        static Found of(List<Result> results, Function<Result, Optional<Alarm>> rule) {
            List<Alarm> alarms = results.stream().flatMap(it -> rule.apply(it).stream()).toList();
            return new Found(
                    alarms.size(),
                    alarms.stream().filter(alarm -> alarm.share() <= FIVE_PERCENT).count(),
                    JudgeSimulation.median(results, rule));
        }

        String text() {
            return times
                    + median.map(alarm ->
                                    String.format(
                                            Locale.ROOT,
                                            ", %d at %.0f %%",
                                            alarm.candidates(),
                                            alarm.share() / 10_000.0))
                            .orElse("");
        }

        void write(ObjectNode node) {
            node.put("found", times).put("found_by_5_percent", byFivePercent);
            median.ifPresent(alarm ->
                    node.put("median_candidates", alarm.candidates())
                            .put("median_share_percent", alarm.share() / 10_000));
        }
    }

    List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| base errors | keys | errors | Sluice | 99 % rule | 95 % rule |");
        lines.add("|---|---|---|---|---|---|");
        alike.forEach(row -> lines.add(row.line()));
        lines.add("");
        lines.add("| what is worse | Sluice | by 5 % | 99 % rule | 95 % rule |");
        lines.add("|---|---|---|---|---|");
        worse.forEach(row -> lines.add(row.line()));
        return lines;
    }

    void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        String rows = alike.isEmpty() ? " FILE correlated" : "";
        root.put("run", "JudgeSimulation " + ramps + " " + seed + rows);
        root.put("ramps_per_row", ramps);
        root.put("seed", seed);
        for (Alike row : alike) {
            root.withArray("alike")
                    .addObject()
                    .put("base_error_percent", row.baseErrors() * 100)
                    .put("keys", row.keys().name())
                    .put("errors", row.errors().name())
                    .put("sluice", row.sluice())
                    .put("flagger", row.flagger())
                    .put("argo_rollouts", row.argo());
        }
        for (Worse row : worse) {
            ObjectNode node = root.withArray("worse").addObject().put("what", row.what());
            row.sluice().write(node.putObject("sluice"));
            row.flagger().write(node.putObject("flagger"));
            row.argo().write(node.putObject("argo_rollouts"));
        }
        Files.writeString(
                file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }
}
