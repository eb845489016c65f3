package dev.sluice.control.cli.session;

import picocli.CommandLine.Option;

/** Why a change is made; kept in the log. Filled once by the parser. */
public final class ReasonOption {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the log")
    public String text = "";
}
