package dev.sluice.chaos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** All commands as one tree, and how each run of it ends. */
final class CommandTree {
    private CommandTree() {}

    /**
     * Runs one command.
     *
     * @return number of its {@link ExitCode}
     */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return tree().setOut(out).setErr(err).execute(args);
    }

    /** All commands. */
    static CommandLine tree() {
        CommandLine tree =
                new CommandLine(new Root())
                        .addSubcommand(new ToxiproxyCommand())
                        .addSubcommand(new XdsCommand())
                        .addSubcommand(new DatabaseCommand())
                        .addSubcommand(new DiskCommand())
                        .addSubcommand(new ValidateCommand())
                        .addSubcommand(new RunCommand())
                        .addSubcommand(new ReplayCommand())
                        .addSubcommand(new LoadCommand())
                        .addSubcommand(new ClientsCommand())
                        .addSubcommand(new CompareCommand())
                        .addSubcommand(new ReportCommand())
                        .addSubcommand(new MeasureCommand());
        Map<String, String> exitCodes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            exitCodes.put(Integer.toString(code.number()), code.meaning());
        }
        tree.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes);
        return tree.setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(CommandTree::wrongUse)
                .setExecutionExceptionHandler(CommandTree::failed);
    }

    private static int wrongUse(CommandLine.ParameterException failure, String... args) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println("sluice chaos: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.INVALID.number();
    }

    private static int failed(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof FileSystemException file) {
            command.getErr().println("sluice chaos: " + words(file));
            return ExitCode.INVALID.number();
        }
        if (failure instanceof IOException refused) {
            command.getErr().println("sluice chaos: " + refused.getMessage());
            return ExitCode.INVALID.number();
        }
        command.getErr().println("sluice chaos: internal error; please report it with this trace");
        failure.printStackTrace(command.getErr());
        return ExitCode.INTERNAL.number();
    }

    private static String words(FileSystemException file) {
        return "%s: %s (expected: a file that can be read or written); %s"
                .formatted(file.getFile(), GivenFiles.reason(file), GivenFiles.REMEDY);
    }

    /** The command without a subcommand. */
    @Command(
            name = "sluice chaos",
            mixinStandardHelpOptions = true,
            description = "Breaks things around the gates, on purpose and within limits.")
    private static final class Root implements Runnable {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "no command");
        }
    }
}
