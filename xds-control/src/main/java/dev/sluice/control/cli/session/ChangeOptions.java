package dev.sluice.control.cli.session;

import picocli.CommandLine.Option;

/** The options of every command that changes something. Filled once by the parser. */
public final class ChangeOptions {
    @Option(
            names = "--validate-only",
            description = "Check everything, change nothing, print what would be")
    public boolean validateOnly;

    @Option(
            names = "--request-id",
            paramLabel = "UUID",
            description =
                    "Makes a repeated change answer as the first did. Default: a new one each time")
    String requestId = "";
}
