package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.LedgerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a runner leaves when it dies while its fault is on, which is row E6, and what a replay
 * repeats.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunnerIT {
    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        laboratory = Laboratory.open(folder);
    }

    @AfterAll
    void stop() {
        laboratory.close();
    }

    /** Starts a run of an hour, and waits until its fault is on. */
    private Command run(String name, String ttl) throws IOException {
        Path file = laboratory.folder().resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                title: an hour of delay
                description: of a runner that does not live as long
                method: []
                sluice:
                  hold: 1h
                  faults:
                    - {name: %s, sidecars: "%s", token: %s, gate: %s, arm: NEW, ttl: %s, fault: {delay: 1ms}}
                """
                        .formatted(
                                name, laboratory.admin(), Laboratory.TOKEN, Laboratory.GATE, ttl));
        Command run =
                Command.start(
                        laboratory.folder(),
                        "run",
                        file.toString(),
                        "--journal-path",
                        laboratory.folder() + "/journal.json");
        Laboratory.await(() -> lease(name).contains("\"state\": \"ACTIVE\""));
        assertThat(lease(name)).as("the lease; the runner said: %s", run.said()).contains("ACTIVE");
        return run;
    }

    /** Its lease as the sidecar shows it; empty before it is taken. */
    private String lease(String name) {
        String page = laboratory.page("/faults");
        int from = page.indexOf("\"faults/" + name + "-");
        int next = page.indexOf("\"name\": ", Math.max(0, from));
        return from < 0 ? "" : page.substring(from, next < 0 ? page.length() : next);
    }

    @Test
    void the_fault_ends_by_itself_when_nobody_is_left_to_take_it_back() throws Exception {
        try (Command run = run("orphan", "5s")) {
            List<ProcessHandle> guards = run.handle().descendants().toList();
            assertThat(guards).as("the guard").isNotEmpty();
            guards.forEach(ProcessHandle::destroyForcibly);
            run.handle().destroyForcibly();

            Laboratory.await(() -> lease("orphan").contains("EXPIRED"));

            assertThat(lease("orphan")).contains("\"state\": \"EXPIRED\"");
        }
    }

    @Test
    void the_guard_takes_the_fault_back_when_the_runner_dies_alone() throws Exception {
        try (Command run = run("guarded", "1h")) {
            run.handle().destroyForcibly();

            Laboratory.await(() -> lease("guarded").contains("ENDED"));

            assertThat(lease("guarded")).contains("\"state\": \"ENDED\"");
        }
    }

    /** Answers of NEW are corrupted, for three in ten keys. */
    private Path drawn() throws IOException {
        return Files.writeString(
                laboratory.folder().resolve("drawn.yaml"),
                """
                title: broken answers for three in ten keys
                description: while users call
                configuration: {ledger: nowhere}
                secrets: {sidecar: {token: {type: env, key: SLUICE_NO_SUCH_TOKEN}}}
                method:
                  - type: action
                    name: users call
                    provider:
                      type: process
                      path: %s
                      arguments: [chaos, load, "%s{key}", --header, "x-user={key}", --header, x-sluice-explain=1,
                                  --rate, "200", --duration, 3s, --keys, "400", --seed, "5", --ledger, "${ledger}", --skip, SHARE, --skip, RATE, --skip, BODIES]
                sluice:
                  faults:
                    - {name: drawn, sidecars: "%s", token: "${token}", gate: %s, arm: NEW, unit: KEY, share: 30,
                       at_least: 3, fault: {corrupt_one_in_bytes: 1000}}
                """
                        .formatted(
                                laboratory.program(),
                                laboratory.edge(),
                                laboratory.admin(),
                                Laboratory.GATE));
    }

    /** Keys whose answers were broken, each with the hashes of all such answers that it got. */
    private Map<String, Set<String>> met(String command, Path file, String name, String... more)
            throws Exception {
        Path ledger = laboratory.folder().resolve(name + ".jsonl");
        List<String> words = new ArrayList<>(List.of(command, file.toString()));
        words.addAll(List.of("--journal-path", laboratory.folder() + "/" + name + ".json"));
        words.addAll(List.of("--var", "ledger=" + ledger, "--var", "token=" + Laboratory.TOKEN));
        words.addAll(List.of(more));
        try (Command run = Command.start(laboratory.folder(), words.toArray(String[]::new))) {
            assertThat(run.exitCode()).as("%s", run.said()).isZero();
        }
        Set<String> whole = Set.of(hash("legacy" + Doors.END), hash("new" + Doors.END));
        return LedgerFile.read(ledger).entries().stream()
                .filter(entry ->
                        entry.answer() instanceof Answer.Complete complete
                                && !whole.contains(complete.body().sha256()))
                .collect(
                        Collectors.groupingBy(
                                entry -> entry.planned().key(),
                                TreeMap::new,
                                Collectors.mapping(
                                        entry -> ((Answer.Complete) entry.answer()).body().sha256(),
                                        Collectors.toCollection(TreeSet::new))));
    }

    private static String hash(String body) throws Exception {
        return HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-256")
                                .digest(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_replay_meets_the_same_keys_with_the_same_bits() throws Exception {
        Map<String, Set<String>> first = met("run", drawn(), "first", "--seed", "77");
        Path journal = laboratory.folder().resolve("first.json");

        assertThat(first).as("keys that were met").hasSizeBetween(3, 90);
        assertThat(first.values()).as("answers of each key").allMatch(hashes -> hashes.size() == 1);
        assertThat(met("replay", journal, "again")).isEqualTo(first);
        assertThat(met("replay", journal, "other", "--seed", "78"))
                .as("keys that another seed meets")
                .isNotEmpty()
                .isNotEqualTo(first);
    }
}
