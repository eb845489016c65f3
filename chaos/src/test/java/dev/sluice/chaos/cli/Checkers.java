package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.Peers;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs installed programs that check files. Owned by the test's thread. */
final class Checkers {
    private final Path output;

    /**
     * @param folder for what they say
     */
    Checkers(Path folder) {
        this.output = folder.resolve("said");
    }

    /** Exit code of a program with these words. */
    int check(String program, Object... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Peers.find(program).toString());
        for (Object word : words) {
            command.add(word.toString());
        }
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** What the last of them said. */
    String said() throws IOException {
        return Files.readString(output);
    }
}
