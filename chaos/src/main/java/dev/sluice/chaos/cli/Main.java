package dev.sluice.chaos.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** {@code sluice chaos}: starts the command line of the chaos module. Immutable. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and exits with its {@link ExitCode}.
     *
     * @param args as {@code sluice chaos --help} says
     */
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, /* autoFlush= */ true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, /* autoFlush= */ true, StandardCharsets.UTF_8);
        System.exit(CommandTree.run(out, err, args));
    }
}
