package dev.sluice.control.cli;

import picocli.CommandLine.Option;

/** Why a change is made; kept in the log. Filled once by the parser. */
final class ReasonOption {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the log")
    String text = "";
}
