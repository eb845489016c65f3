package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows A of the catalogue: what becomes of an arm, under load. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArmRowsIT {
    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        laboratory = Laboratory.open(folder);
    }

    @AfterAll
    void stop() {
        laboratory.close();
    }

    /** Ends trips of the row before, so that each begins with the gate in force. */
    @BeforeEach
    void resume() {
        laboratory.resume();
    }

    @ParameterizedTest
    @CsvSource({
        "a1-new-arm-slow, 5, SEE_NO_ERROR",
        "a2-new-arm-a-bit-slow, 5, SEE_NO_ERROR",
        "a3-new-arm-few-errors, 10, SEE_NO_ERROR",
        "a3-new-arm-errors, 10, SEE_NO_ERROR",
        "a3-new-arm-down, 5, SEE_NO_ERROR",
        "a4-one-endpoint-down, 5, SEE_NO_ERROR",
        "a5-answers-are-lost, 5, SEE_NO_ERROR",
        "a9-both-arms-down, 5, MAY_SEE_ERRORS",
        "a10-legacy-arm-down, 5, MAY_SEE_ERRORS",
        "a10-legacy-arm-slow, 5, MAY_SEE_ERRORS",
    })
    void passes(String file, int small, UnderLoad.Users users) throws Exception {
        UnderLoad.passes(laboratory, file, small, users);
    }

    @Test
    void a_runner_that_is_killed_leaves_no_fault() throws Exception {
        UnderLoad.passes(
                laboratory,
                "e6-runner-killed",
                20,
                UnderLoad.Users.SEE_NO_ERROR,
                "experiment=" + Runs.file("a1-new-arm-slow"));
    }

    /** Whoever looks at the digest knows each of them, and no good answer is among them. */
    @Test
    void answers_with_wrong_bits_have_another_digest() throws Exception {
        List<Entry> ledger =
                UnderLoad.ledger(
                        laboratory, "a6-corrupt-body", 5, UnderLoad.Users.MAY_SEE_WRONG_BODIES);

        List<Answer.Body> bodies =
                ledger.stream()
                        .map(Entry::answer)
                        .filter(Answer.Complete.class::isInstance)
                        .map(answer -> ((Answer.Complete) answer).body())
                        .toList();
        assertThat(bodies).allMatch(body -> body.digest().isPresent(), "has a digest");
        assertThat(bodies.stream().filter(body -> !body.digest().get().equals(body.sha256())))
                .as("answers that are not what their digest says, of %d", bodies.size())
                .hasSize(Math.toIntExact(laboratory.injected()));
    }

    /** Nobody takes an answer that is too short as whole, or waits for the rest of it. */
    @Test
    void answers_of_a_wrong_length_break_off() throws Exception {
        List<Entry> ledger =
                UnderLoad.ledger(laboratory, "a6-wrong-length", 5, UnderLoad.Users.MAY_SEE_ERRORS);

        List<String> brokenOff =
                ledger.stream()
                        .map(Entry::answer)
                        .filter(Answer.Cut.class::isInstance)
                        .map(answer -> ((Answer.Cut) answer).why())
                        .toList();
        assertThat(brokenOff).as("why answers broke off").hasSizeGreaterThanOrEqualTo(5);
        assertThat(brokenOff).doesNotContain("no whole answer in time");
    }
}
