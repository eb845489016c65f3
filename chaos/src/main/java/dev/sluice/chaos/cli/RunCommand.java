package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos run}: runs one experiment. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs an experiment: baseline, inject, watch, restore, recover.",
            "What it injected is taken back always, even when this process is killed."
        })
final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions options = new RunOptions();

    @Parameters(paramLabel = "FILE", description = "The experiment, JSON or YAML")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        return switch (ValidateCommand.read(file)) {
            case Parsed.Ok<Experiment>(Experiment experiment) ->
                    options.run(experiment, spec.commandLine()).number();
            case Parsed.Refused<Experiment>(List<Problem> problems) ->
                    RunOptions.refuse(problems, spec.commandLine()).number();
        };
    }
}
