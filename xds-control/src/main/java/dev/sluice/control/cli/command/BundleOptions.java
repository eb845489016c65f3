package dev.sluice.control.cli.command;

import dev.sluice.control.cli.bundle.Bundle;
import dev.sluice.control.cli.bundle.Owner;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Surroundings;
import dev.sluice.control.cli.session.Trouble;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which files, and whose they are. Filled once by the parser. */
final class BundleOptions {
    private static final int LONGEST_OWNER = 63;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE|DIR",
            description =
                    "YAML (also several documents) or JSON; a folder for all files in it that end in"
                            + " .yaml, .yml or .json; - for standard input; for several, again")
    private List<String> files = List.of();

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description =
                    "Whose files these are: resources are labelled sluice.dev/applied-by, and those"
                            + " of another owner are refused")
    private String owner = "";

    @Option(
            names = "--prune",
            description = "Delete what came from files of --owner and is in none any more")
    private boolean prune;

    @Option(names = "--take-over", description = "Take resources of other owners over")
    private boolean takeOver;

    Bundle read(List<Updated<?>> kinds, Surroundings surroundings) {
        return Bundle.read(files, kinds, surroundings).orThrow();
    }

    Owner owner() {
        if (owner.length() > LONGEST_OWNER) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--owner",
                    owner.length() + " characters",
                    "at most " + LONGEST_OWNER,
                    "give a shorter name");
        }
        if (prune && owner.isEmpty()) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--prune",
                    "no --owner",
                    "--owner NAME",
                    "say whose resources may be deleted");
        }
        return new Owner(
                owner.isEmpty() ? Optional.empty() : Optional.of(owner),
                takeOver ? Owner.Others.TAKEN_OVER : Owner.Others.REFUSED,
                prune ? Owner.Unlisted.PRUNED : Owner.Unlisted.KEPT);
    }
}
