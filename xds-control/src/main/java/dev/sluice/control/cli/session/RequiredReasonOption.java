package dev.sluice.control.cli.session;

import picocli.CommandLine.Option;

/** Why a change is made, where the log must have it. Filled once by the parser. */
public final class RequiredReasonOption {
    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; kept in the log")
    public String text = "";
}
