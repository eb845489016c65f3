package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.e2e.simulation.invariant.Invariants;
import dev.sluice.e2e.simulation.trouble.Planned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Runs many seeds, one run to a processor, and keeps those that fail. Used by one thread. */
final class Seeds {
    private static final int MOST_LEAST_CASES = 3;

    private final Path folder;
    private final LongFunction<Scenario> scenario;
    private final Supplier<Wiring> wiring;
    private final Sometimes sometimes = new Sometimes();
    private int fewestTroubles = Integer.MAX_VALUE;
    private int fewestRequests = Integer.MAX_VALUE;

    /**
     * @param folder for what runs leave on the disk
     * @param wiring of each run
     */
    Seeds(Path folder, Supplier<Wiring> wiring) {
        this(folder, Scenario::of, wiring);
    }

    /**
     * @param scenario of a seed
     */
    Seeds(Path folder, LongFunction<Scenario> scenario, Supplier<Wiring> wiring) {
        this.folder = folder;
        this.scenario = scenario;
        this.wiring = wiring;
    }

    /** Violations by seed, of those that have some. */
    SortedMap<Long, List<String>> violations(LongStream seeds) {
        SortedMap<Long, List<String>> failed = new TreeMap<>();
        Map<Long, Future<Run>> runs = new TreeMap<>();
        try (ExecutorService processors =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            seeds.forEach(
                    seed -> runs.put(seed, processors.submit(() -> run(scenario.apply(seed)))));
            for (Map.Entry<Long, Future<Run>> run : runs.entrySet()) {
                Run over = run.getValue().get();
                count(over);
                if (!over.violations().isEmpty()) {
                    failed.put(run.getKey(), over.violations());
                }
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("a run ended by itself: " + e.getMessage(), e);
        }
        return failed;
    }

    private void count(Run over) {
        sometimes.addAll(over.sometimes());
        fewestTroubles = Math.min(fewestTroubles, over.troubles().size());
        fewestRequests = Math.min(fewestRequests, over.requests());
    }

    /** The first few of those that fail, each with as few troubles as can be. */
    List<LeastCase> leastCases(Collection<Long> failed) {
        return failed.stream().limit(MOST_LEAST_CASES).map(this::leastCase).toList();
    }

    /** A seed that fails, with as few troubles as can be. */
    LeastCase leastCase(long seed) {
        return LeastCase.of(
                scenario.apply(seed),
                some -> {
                    Run run = run(some);
                    return new LeastCase.Ran(run.violations(), run.troubles());
                });
    }

    private record Run(
            List<String> violations, Sometimes sometimes, List<Planned> troubles, int requests) {}

    private Run run(Scenario of) {
        Path own = folder.resolve(Long.toString(of.seed()));
        try {
            Simulation.Result result = Simulation.run(of, own, wiring.get());
            return new Run(
                    Invariants.violations(result.history()),
                    result.sometimes(),
                    result.troubles(),
                    decided(result.history()));
        } finally {
            remove(own);
        }
    }

    private static int decided(History history) {
        return (int) history.facts().stream().filter(History.Decided.class::isInstance).count();
    }

    /** What sidecars remembered: of ten thousand runs it would fill a disk. */
    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was met in all runs so far. */
    Sometimes sometimes() {
        return sometimes;
    }

    /** In a run so far. */
    int fewestTroubles() {
        return fewestTroubles;
    }

    /** That a run so far decided about. */
    int fewestRequests() {
        return fewestRequests;
    }
}
