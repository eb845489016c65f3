package dev.sluice.control.cli;

import picocli.CommandLine.Option;

/** Why a change is made, where the log must have it. Filled once by the parser. */
final class RequiredReasonOption {
    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; kept in the log")
    String text = "";
}
