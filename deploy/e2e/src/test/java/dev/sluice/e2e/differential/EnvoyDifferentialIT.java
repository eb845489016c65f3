package dev.sluice.e2e.differential;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same bootstrap, requests and upstream on stock Envoy and on Sluice: what clients and
 * upstreams see is the same, but for what {@code docs/envoy-differences.md} lists.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnvoyDifferentialIT {
    private static final Path PAGE = Path.of("../../docs/envoy-differences.md");
    private static final Path CASES = Path.of("src/test/resources/differential");
    private static final Path REPORT = Path.of("target/differential.txt");

    @TempDir private static Path folder;

    private final Corpus corpus = Corpus.read(CASES);
    private Differences listed = new Differences(Map.of());
    private Map<String, Observation> envoy = Map.of();
    private Map<String, Observation> sluice = Map.of();
    private List<String> sluiceOutput = List.of();

    @BeforeAll
    void observe() throws IOException {
        listed = Differences.read(PAGE);
        Secured.Identity identity = Secured.Identity.in(folder);
        CompletableFuture<Map<String, Observation>> reference =
                CompletableFuture.supplyAsync(() -> observeEnvoy(identity));
        sluice = observeSluice(identity);
        envoy = reference.join();
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, report());
    }

    private Map<String, Observation> observeEnvoy(Secured.Identity identity) {
        try (Subject subject =
                Subject.start(corpus, folder.resolve("envoy.yaml"), identity, Spawned::envoy)) {
            Map<String, Observation> seen = subject.observe(corpus);
            return Logs.of(subject.end()).addTo(seen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Observation> observeSluice(Secured.Identity identity) throws IOException {
        try (Subject subject =
                Subject.start(corpus, folder.resolve("sluice.yaml"), identity, Spawned::proxy)) {
            Map<String, Observation> seen = subject.observe(corpus);
            sluiceOutput = subject.end();
            return Logs.of(sluiceOutput).addTo(seen);
        }
    }

    private String report() {
        StringBuilder report = new StringBuilder();
        envoy.forEach((id, reference) -> {
            Observation own = of(sluice, id);
            Set<Observation.Aspect> differ = reference.differences(own);
            report.append(id).append(differ.isEmpty() ? "" : " DIFFERS in " + differ);
            report.append("\n  envoy\n").append(reference);
            report.append(differ.isEmpty() ? "" : "  sluice\n" + own).append('\n');
        });
        return report.toString();
    }

    @TestFactory
    List<DynamicTest> envoy_and_sluice_answer_alike() {
        List<DynamicTest> tests = new ArrayList<>();
        envoy.forEach((id, reference) -> tests.add(DynamicTest.dynamicTest(id, () -> compare(id))));
        return tests;
    }

    private void compare(String id) {
        Observation reference = of(envoy, id);
        Observation own = of(sluice, id);
        assertThat(reference.differences(own))
                .as(
                        "what differs in '%s', against docs/envoy-differences.md%n  Envoy:%n%s"
                                + "  Sluice:%n%s",
                        id, reference, own)
                .isEqualTo(listed.of(id));
    }

    private static Observation of(Map<String, Observation> observations, String id) {
        return requireNonNull(observations.get(id), id);
    }

    @Test
    void every_listed_difference_is_a_case() {
        assertThat(new TreeSet<>(listed.aspects().keySet()))
                .as("cases that docs/envoy-differences.md lists")
                .isSubsetOf(envoy.keySet());
    }

    @Test
    void the_proxy_leaked_nothing() {
        assertThat(sluiceOutput).as("output of the proxy").noneMatch(line -> line.contains("LEAK"));
    }

    @AfterAll
    void name_the_report() {
        System.out.println(envoy.size() + " differential cases, written to " + REPORT);
    }
}
