package dev.sluice.chaos.cli;

import dev.sluice.chaos.load.HttpSender;
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
        if (args.length > 0 && args[0].equals("load")) {
            HttpSender.sendOnce();
        }
        var out = new PrintWriter(System.out, /* autoFlush= */ true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, /* autoFlush= */ true, StandardCharsets.UTF_8);
        System.exit(CommandTree.run(out, err, args));
    }
}
