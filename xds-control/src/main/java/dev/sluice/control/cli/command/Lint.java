package dev.sluice.control.cli.command;

import dev.sluice.contract.Problem;
import dev.sluice.control.cli.bundle.Bundle;
import dev.sluice.control.cli.bundle.Linter;
import dev.sluice.control.cli.bundle.Linter.Coverage;
import dev.sluice.control.cli.bundle.NamedBaselines;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks files without a control plane. For one run. */
@Command(
        name = "lint",
        description = {
            "Checks files without a control plane, and tells every problem with its file and line.",
            "What depends on the present state, plan checks."
        })
public final class Lint implements Callable<Integer> {
    private final Session session;
    private final List<Updated<?>> kinds;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE|DIR",
            description = "As for apply; for several, again")
    private List<String> files = List.of();

    @Option(
            names = "--whole",
            description =
                    "The files are all there is: names of resources that no file has are wrong")
    private boolean whole;

    public Lint(Session session, List<Updated<?>> kinds) {
        this.session = session;
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Integer call() {
        Bundle.Reading read = Bundle.read(files, kinds, session.surroundings());
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.addAll(Linter.check(read.bundle(), whole ? Coverage.WHOLE : Coverage.PART));
        if (!problems.isEmpty()) {
            throw new Trouble(ExitCode.INVALID, problems);
        }
        NamedBaselines.notes(read.bundle())
                .forEach(note -> session.printer().remark("note: " + note));
        session.printer().remark(read.bundle().items().size() + " resources, no problem");
        return ExitCode.OK.number();
    }
}
