package dev.sluice.chaos.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
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

/**
 * {@code sluice chaos replay}: runs the experiment of a journal again, with its seed and the
 * variables that were given.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Runs the experiment of a journal again, with its seed and variables.")
final class ReplayCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions options = new RunOptions();

    @Parameters(paramLabel = "JOURNAL", description = "What `run` wrote")
    private Path journal = Path.of("");

    @Override
    public Integer call() throws IOException {
        JsonNode root;
        try {
            root = new JsonMapper().readTree(GivenFiles.read(journal));
        } catch (JsonProcessingException malformed) {
            return RunOptions.refuse(
                            List.of(noJournal(malformed.getOriginalMessage())), spec.commandLine())
                    .number();
        }
        if (!root.path("experiment").isObject()) {
            return RunOptions.refuse(List.of(noJournal("no 'experiment'")), spec.commandLine())
                    .number();
        }
        options.repeat(root.path("x-sluice"));
        String name = journal + " experiment";
        return switch (ExperimentReader.read(root.path("experiment").toPrettyString(), name)) {
            case Parsed.Ok<Experiment>(Experiment experiment) ->
                    options.run(experiment, spec.commandLine()).number();
            case Parsed.Refused<Experiment>(List<Problem> problems) ->
                    RunOptions.refuse(problems, spec.commandLine()).number();
        };
    }

    private Problem noJournal(String got) {
        return new Problem(journal.toString(), got, "a journal", "name a file that `run` wrote");
    }
}
