package dev.sluice.chaos.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.load.Ledger;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.chaos.report.HtmlPage;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos report}: makes a page of a journal and of the load that ran beside it. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Makes one HTML page, which needs nothing else, of a journal and a ledger.")
final class ReportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "JOURNAL", description = "What `run` wrote")
    private Path journal = Path.of("");

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "What `load` wrote while it ran: adds share, errors and latencies")
    private Optional<Path> ledger = Optional.empty();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Where the page goes. Default: ${DEFAULT-VALUE}")
    private Path html = Path.of("report.html");

    @Override
    public Integer call() throws IOException {
        Optional<JsonNode> run = read();
        if (run.isEmpty()) {
            Problem problem =
                    new Problem(
                            journal.toString(),
                            "no journal",
                            "JSON with 'experiment' and 'x-sluice'",
                            "name a file that `run` wrote");
            return RunOptions.refuse(List.of(problem), spec.commandLine()).number();
        }
        Optional<Ledger> load =
                ledger.isPresent() ? Optional.of(LedgerFile.read(ledger.get())) : Optional.empty();
        Files.writeString(html, HtmlPage.of(run.get(), load));
        return ExitCode.PASSED.number();
    }

    private Optional<JsonNode> read() throws IOException {
        try {
            JsonNode root = new JsonMapper().readTree(GivenFiles.read(journal));
            return root.path("experiment").isObject() && root.path("x-sluice").isObject()
                    ? Optional.of(root)
                    : Optional.empty();
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        }
    }
}
