package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos validate}: reads experiments and says everything that is wrong with them. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Reads experiments and says all that is wrong, with line and column.")
final class ValidateCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "JSON or YAML")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        boolean valid = true;
        for (Path file : files) {
            valid &= validate(file);
        }
        return (valid ? ExitCode.PASSED : ExitCode.INVALID).number();
    }

    private boolean validate(Path file) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return switch (planned(read(file))) {
            case Parsed.Ok<Experiment>(Experiment experiment) -> {
                experiment.notices().forEach(notice -> err.println("notice: " + notice));
                out.println(file + ": valid");
                yield true;
            }
            case Parsed.Refused<Experiment>(List<Problem> problems) -> {
                problems.forEach(problem -> err.println(problem.message()));
                yield false;
            }
        };
    }

    /** Its faults too, as far as their values stand in the file. */
    private static Parsed<Experiment> planned(Parsed<Experiment> read) {
        if (!(read instanceof Parsed.Ok<Experiment>(Experiment experiment))) {
            return read;
        }
        List<Problem> problems = Plan.problems(experiment);
        return problems.isEmpty() ? read : new Parsed.Refused<>(problems);
    }

    /** The experiment of a file; a file that can't be read is a problem like others. */
    static Parsed<Experiment> read(Path file) {
        try {
            return ExperimentReader.read(GivenFiles.read(file), file.toString());
        } catch (FileSystemException unreadable) {
            return Parsed.refused(
                    new Problem(
                            file.toString(),
                            GivenFiles.reason(unreadable),
                            "a file in UTF-8",
                            GivenFiles.REMEDY));
        }
    }
}
