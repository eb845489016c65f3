package dev.sluice.control.cli;

import dev.sluice.control.cli.session.Dialer;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Surroundings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/** Starts the command line. Immutable. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and exits with its {@link ExitCode}.
     *
     * @param args as {@code sluice --help} says
     */
    public static void main(String[] args) {
        var surroundings =
                new Surroundings(
                        System.in,
                        new PrintWriter(System.out, /* autoFlush= */ true, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, /* autoFlush= */ true, StandardCharsets.UTF_8),
                        System.getenv(),
                        Path.of(System.getProperty("user.home")),
                        InstantSource.system(),
                        UUID::randomUUID,
                        Dialer::dial);
        System.exit(CommandTree.run(surroundings, args));
    }
}
